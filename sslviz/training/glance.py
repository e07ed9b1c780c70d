"""A glance: a quarter of the probe images, or 250, and the shown pairs, between two snapshots.

It costs a fifth of a snapshot, or less where that is too dear, and is no less real: every place in
it is where the network of that step puts that image, in the picture (mean, directions, turn) of the
newest snapshot.
"""

from math import ceil
from typing import Any

import numpy as np
import torch
from torch import Tensor

from sslviz.methods.base import Method
from sslviz.metrics import collapse, pairs
from sslviz.metrics.verdict import verdict
from sslviz.refusal import say
from sslviz.runs.core import CORE
from sslviz.training.network import encode, evaluating
from sslviz.training.observe import Diverged, Observer

PARTS, MOST_PARTS = 4, 16  # of CORE images: of more there are as many more parts


class Glances:
    """Takes glances through the eyes of an observer that has taken a snapshot before."""

    def __init__(self, observer: Observer) -> None:
        self.observer = observer
        times = max(1, ceil(len(observer.probe) / CORE))
        self.fewest, self.most = PARTS * times, MOST_PARTS * times
        self.turn, self.parts = 0, self.fewest
        shown = observer.views.chunk(2)
        self.views = torch.cat([view[: observer.shown] for view in shown])

    @torch.no_grad()
    def take(self, method: Method, step: int) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        """(metrics row, arrays) of the part of the probe images whose turn it is. Raises Diverged.

        Arrays: `part` (first, every): which probe images; `layout_*` their places, N/`every` x K;
        `similarity` 2M x 2M and histograms of the M shown pairs. Ranks, neighbours and probes need
        all images: they stay those of the snapshot.
        """
        parts = self.parts
        first = (self.turn + self.turn // parts) % parts  # every part, also of every second glance
        self.turn += 1
        h, z = self.observer.embeddings(method, slice(first, None, parts))
        with evaluating(method):
            _, views_z = encode(method, self.views)
        if not all(bool(x.isfinite().all()) for x in (h, z, views_z)):
            raise Diverged(
                say("The embeddings stopped being finite numbers at step {step}.", step=step)
            )
        arrays: dict[str, Tensor] = {"part": torch.tensor([first, parts], dtype=torch.int16)}
        for key, picture in self.observer.pictures.items():
            arrays[f"layout_{key}"] = picture(h if key.startswith("h_") else z).half()
        row = {"step": step, "glance": True, **_sizes(h, z), **_agreement(views_z, arrays)}
        known = self.observer.newest | row
        probes = len(self.observer.probe)  # the rank is the snapshot's, of all of them
        row["verdict"], row["verdict_reason"] = verdict(
            known, self.observer.start, z.shape[1], probes
        )
        return row, {key: value.cpu().numpy() for key, value in arrays.items()}

    def fit(self, seconds: float, room: float) -> float:
        """One took `seconds` where there is `room` for so many: the next take fewer images, or
        more. Returns the seconds that the next one is expected to take."""
        parts = self.parts
        if seconds > room:
            parts *= 2
        elif seconds < room / 3:
            parts //= 2
        parts = min(max(parts, self.fewest), self.most)
        expected = seconds * self.parts / parts
        if self.parts < parts < self.most:  # it may have been slow by chance: the next one tells
            expected = min(expected, room)
        if parts != self.parts:
            self.turn, self.parts = 0, parts
        return expected


def _sizes(h: Tensor, z: Tensor) -> dict[str, float]:
    """What a part of the images tells without bias."""
    row = {}
    for name, x in (("h", h), ("z", z)):
        row[f"feature_std_{name}"] = collapse.feature_std(x)
        row[f"total_variance_{name}"] = collapse.total_variance(x)
    return row


def _agreement(views_z: Tensor, arrays: dict[str, Tensor]) -> dict[str, float]:
    z1, z2 = views_z.chunk(2)
    cosines = pairs.cosine_matrix(z1, z2)
    positive, negative = pairs.split_pairs(cosines)
    arrays["similarity"] = cosines.half()
    arrays["histogram_positive"] = pairs.histogram(positive).int()
    arrays["histogram_negative"] = pairs.histogram(negative).int()
    return {"alignment": pairs.alignment(z1, z2), "uniformity": pairs.uniformity(z1)}
