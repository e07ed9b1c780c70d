"""The glances of a run, small pictures between its snapshots: `glances/00000123.npz`.

Together they never take more than MOST_BYTES: where they would, the one goes whose neighbours are
nearest, so that those that stay are spread evenly.
"""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import numpy as np

from sslviz.runs.arrays import write_arrays
from sslviz.runs.aside import names
from sslviz.runs.looks import GLANCES

MOST_BYTES = 20 << 20


class GlanceWriter:
    """Writes the glances of one run within their budget."""

    def __init__(self, folder: Path) -> None:
        self.place = folder / GLANCES
        self.sizes = {int(n[:8]): (self.place / n).lstat().st_size for n in names(self.place)}

    def write(self, step: int, arrays: Mapping[str, np.ndarray]) -> None:
        """Keeps one more glance, for which an older one may have to go. Raises OSError."""
        self.place.mkdir(exist_ok=True)
        path = self._path(step)
        write_arrays(path, arrays)
        self.sizes[step] = path.stat().st_size
        while sum(self.sizes.values()) > MOST_BYTES and len(self.sizes) > 2:
            steps = sorted(self.sizes)
            holes = [
                (after - before, at)
                for before, at, after in zip(steps, steps[1:], steps[2:], strict=False)
            ]
            self._drop(min(holes)[1])

    def _drop(self, step: int) -> None:
        with suppress(OSError):
            self._path(step).unlink()
        del self.sizes[step]

    def _path(self, step: int) -> Path:
        return self.place / f"{step:08d}.npz"
