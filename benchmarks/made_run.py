"""A made-up run of real pictures: for benchmarks and tests of what the browser shows.

The "encoder" is a formula: its features begin as the background hue and end as the class, so that
points have somewhere to go. Pictures, layouts, neighbours and the run folder are the real ones.
"""

import json
import math
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import adaptive_avg_pool2d, normalize, one_hot

from sslviz.config import RunConfig
from sslviz.data.shapes import shapes
from sslviz.layout.pca import aligned, pca, sphere
from sslviz.metrics.neighbours import nearest
from sslviz.runs.core import CORE
from sslviz.runs.store import RunWriter, create_run
from sslviz.training.observe import thumbnail

STEPS = 1000
VIEWS = 32


class MadeRun:
    """A run folder below `root` with `points` probe images; call `snapshot(step)` to go on."""

    def __init__(self, root: Path, points: int = 1000, name: str = "made") -> None:
        self.folder = create_run(RunConfig().with_settings({"steps": STEPS}), root, name)
        self.writer = RunWriter(self.folder)
        self.images = shapes(points, split="test")
        self.noise = torch.randn(points, 32, generator=torch.Generator().manual_seed(0))
        self.previous: dict[str, Tensor] = {}
        self.writer.images(self._pictures())
        self._status(0, "training")

    def snapshot(self, step: int, state: str = "training") -> float:
        """Writes the snapshot, its metrics row and the status; the time at which it was written."""
        arrays: dict[str, Tensor] = {}
        for space, x in self._features(step / STEPS).items():
            layouts = {"pca": aligned(pca(x)(x), self.previous.get(f"{space}_pca"))}
            if space == "z":
                layouts["sphere"] = aligned(sphere(x)(x), self.previous.get("z_sphere"), 3)
            for kind, layout in layouts.items():
                self.previous[f"{space}_{kind}"] = layout
                arrays[f"layout_{space}_{kind}"] = layout.half()
            arrays[f"neighbours_{space}"] = nearest(x)[1][:, :10].to(torch.int16)
            if len(x) > CORE:
                among = nearest(x[:CORE], 10)[1]
                arrays[f"core_neighbours_{space}"] = among.to(torch.int16)
        self.writer.snapshot(step, {name: array.numpy() for name, array in arrays.items()})
        written = time.time()
        loss = 5.2 - 2.5 * (1 - math.exp(-4 * step / STEPS))
        self.writer.metrics({"step": step, "loss": loss, "snapshot": True, "verdict": "healthy"})
        self._status(step, state)
        return written

    def glance(self, step: int, first: int, every: int = 4) -> None:
        """Writes a glance at every `every`-th image from `first` on, in the newest picture."""
        arrays = {"part": np.array([first, every], np.int16)}
        for space, x in self._features(step / STEPS).items():
            for name in self.previous:
                if name.startswith(space):
                    draw = sphere if name.endswith("sphere") else pca
                    place = aligned(draw(x)(x), self.previous[name], 3 if draw is sphere else 2)
                    arrays[f"layout_{name}"] = place[first::every].half().numpy()
        self.writer.glance(step, arrays)
        self.writer.metrics({"step": step, "loss": 3.0, "glance": True, "verdict": "healthy"})
        self._status(step, "training")

    def _features(self, progress: float) -> dict[str, Tensor]:
        """h and z, N x 32 each: hue at `progress` 0, class at 1."""
        angle = 2 * math.pi * self.images.factors["bg_hue"].values[:, None]
        hue = torch.cat([angle.cos(), angle.sin()], dim=1)
        codes = one_hot(self.images.labels, 8) - 1 / 8
        weight = 1 / (1 + math.exp(-9 * (progress - 0.3)))
        signal = torch.cat([1.6 * (1 - weight) * hue, 3.2 * weight * codes], dim=1)
        h = 0.32 * self.noise.clone()
        h[:, :10] += signal
        return {"h": h, "z": normalize(h + 0.1 * self.noise.flip(1), dim=1)}

    def _pictures(self) -> dict[str, np.ndarray]:
        side = thumbnail(len(self.images), self.images.images.shape[-1])
        images = adaptive_avg_pool2d(self.images.images.float(), side).round().byte()
        tiles = images.permute(0, 2, 3, 1).contiguous().numpy()
        factors = self.images.factors
        kinds = {name: {"kind": f.kind, "names": f.names} for name, f in factors.items()}
        info = {"class_names": self.images.class_names, "factors": kinds}
        labels = self.images.labels.numpy().astype(np.int16)
        return {
            "probe": tiles,
            "views": np.concatenate([tiles[:VIEWS], tiles[:VIEWS]]),
            "labels": labels,
            "diag_labels": labels[:VIEWS],
            "info": np.array(json.dumps(info)),
        } | {f"factor_{name}": factor.values.numpy() for name, factor in factors.items()}

    def _status(self, step: int, state: str) -> None:
        images = len(self.images)
        pace = {"images_per_second": 1540.0, "eta_seconds": (STEPS - step) / 8}
        self.writer.status(state=state, step=step, device="cpu", n_train=images, **pace)
