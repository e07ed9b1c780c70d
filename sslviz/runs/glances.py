"""The glances of a run, small pictures between its snapshots: `glances/00000123.npz`.

Together they never take more than MOST_BYTES: where they would, the one goes whose neighbours are
nearest, so that those that stay are spread evenly.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from sslviz.refusal import Refusal
from sslviz.runs.files import read_arrays, write_arrays

MOST_BYTES = 20 << 20


def glance_path(folder: Path, step: int) -> Path:
    return folder / "glances" / f"{step:08d}.npz"


def glance_steps(folder: Path) -> list[int]:
    """Steps that have a glance, ascending."""
    try:
        names = os.listdir(folder / "glances")
    except OSError:
        return []
    return sorted(int(name[:-4]) for name in names if re.fullmatch(r"\d{8}\.npz", name))


def read_glance(folder: Path, step: int) -> dict[str, np.ndarray]:
    """The arrays of one glance. Raises Refusal where there is none or it is damaged."""
    path = glance_path(folder, step)
    if not path.is_file():
        raise Refusal("The run {run} has no glance of step {step}.", run=folder.name, step=step)
    return read_arrays(path)


class GlanceWriter:
    """Writes the glances of one run within their budget."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sizes = {s: glance_path(folder, s).stat().st_size for s in glance_steps(folder)}

    def write(self, step: int, arrays: Mapping[str, np.ndarray]) -> None:
        path = glance_path(self.folder, step)
        path.parent.mkdir(exist_ok=True)
        write_arrays(path, arrays)
        self.sizes[step] = path.stat().st_size
        while sum(self.sizes.values()) > MOST_BYTES and len(self.sizes) > 2:
            steps = sorted(self.sizes)
            holes = [
                (after - before, at)
                for before, at, after in zip(steps, steps[1:], steps[2:], strict=False)
            ]
            self.drop(min(holes)[1])

    def drop(self, step: int) -> None:
        """Removes one glance."""
        glance_path(self.folder, step).unlink(missing_ok=True)
        del self.sizes[step]
