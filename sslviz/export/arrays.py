"""The numbers of a run as figures, films and tables take them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from sslviz.config import RunConfig
from sslviz.feed.bundle import spread
from sslviz.feed.pictures import probe_facts
from sslviz.methods import card
from sslviz.refusal import Refusal
from sslviz.runs.files import loads
from sslviz.runs.read import (
    read_config,
    read_images,
    read_metrics,
    read_snapshot,
    snapshot_steps,
)
from sslviz.runs.status import read_status


@dataclass(frozen=True)
class Recorded:
    """A run to draw from. Reading raises Refusal where the run cannot be read."""

    folder: Path

    @cached_property
    def config(self) -> RunConfig:
        return read_config(self.folder)

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        return read_metrics(self.folder)

    @cached_property
    def probe(self) -> dict[str, Any]:
        """`labels`, `class_names`, `factors` of the probe images, as the feed tells them."""
        path = self.folder / "images.npz"
        return loads(probe_facts(self.folder, path.stat().st_mtime_ns if path.exists() else 0))

    @cached_property
    def tiles(self) -> np.ndarray:
        """The probe images, N x S x S x 3 bytes."""
        return read_images(self.folder)["probe"]

    @cached_property
    def steps(self) -> list[int]:
        known = snapshot_steps(self.folder)
        if not known:
            raise Refusal("The run {run} has no snapshots to play back.", run=self.folder.name)
        return known

    def title(self) -> str:
        """`SimCLR on shapes, seed 7, CPU`: what every picture says of its run."""
        status = read_status(self.folder)
        data = Path(self.config.data).name
        device = str(status.get("device") or "?").upper()
        return f"{card(self.config.method).title} on {data}, seed {self.config.seed}, {device}"

    def nearest(self, step: int | None) -> int:
        """The snapshot at or before `step`; the last one for None."""
        if step is None:
            return self.steps[-1]
        return max((known for known in self.steps if known <= step), default=self.steps[0])

    def snapshot(self, step: int | None) -> tuple[int, dict[str, np.ndarray]]:
        """(step, arrays) of the snapshot at or before `step`."""
        found = self.nearest(step)
        return found, read_snapshot(self.folder, found)

    def whole_snapshots(self, most: int) -> Iterator[tuple[int, dict[str, np.ndarray]]]:
        """The snapshots that can be read, in order, at most `most` from the first to the last.
        Raises Refusal where there is none."""
        some = False
        for step in spread(self.steps, most):
            try:
                arrays = read_snapshot(self.folder, step)
            except Refusal:
                continue
            some = True
            yield step, arrays
        if not some:
            raise Refusal("The run {run} has no snapshot that can be read.", run=self.folder.name)

    def row(self, step: int) -> dict[str, Any]:
        """The measurements of the snapshot at `step`; {} where none were written."""
        return next((row for row in reversed(self.rows) if row["step"] == step), {})


def layout(arrays: dict[str, np.ndarray], space: str, kind: str) -> np.ndarray:
    """N x 2 or N x 3 coordinates. Raises Refusal where the snapshot has no such layout."""
    name = f"layout_{space}_{kind}"
    if name not in arrays:
        known = [key.removeprefix("layout_") for key in arrays if key.startswith("layout_")]
        raise Refusal(
            "There is no layout {name}; this snapshot has {known}.",
            name=f"{space}_{kind}",
            known=", ".join(known) or "-",
        )
    return arrays[name].astype(np.float32)
