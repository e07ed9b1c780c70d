"""What a snapshot holds: the same pictures and numbers for every method, from h and z alone."""

import json
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import interpolate

from sslviz.augment.pipeline import Pipeline
from sslviz.data.images import ImageSet
from sslviz.layout.pca import Projection, pca, sphere, turn_onto
from sslviz.layout.umap import umap_map
from sslviz.methods.base import Batch, Method
from sslviz.metrics import collapse, neighbours, pairs
from sslviz.metrics.verdict import verdict
from sslviz.refusal import Sentence, say
from sslviz.runs.core import CORE
from sslviz.training.network import CHUNK, encode, evaluating

PAIRS, SHOWN, TRIED, SHOWN_NEIGHBOURS = 128, 32, 8, 10
MOST_PIXELS = 6_000_000  # of all thumbnails where they are more than CORE

Snapshot = tuple[dict[str, Any], dict[str, np.ndarray]]


class Diverged(Exception):
    """The loss or the embeddings are no longer finite numbers."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        super().__init__(str(sentence))


class Observer:
    """Looks at a method through the first `probes` of the held-out images, or all where they are
    fewer, and through fixed views of PAIRS of them."""

    def __init__(
        self, test: ImageSet, pipeline: Pipeline, device: torch.device, probes: int
    ) -> None:
        self.probe = test.take(torch.arange(min(probes, len(test)))).to(device)
        self.pairs = min(PAIRS, len(self.probe))
        self.shown = min(SHOWN, self.pairs)
        self.pipeline = pipeline
        augment = pipeline.at(0)
        images = self.probe.images[: self.pairs]
        self.plain = augment.plain
        self.views = torch.cat([augment.view(images, 1), augment.view(images, 2)])
        few = slice(TRIED)
        self.few = Batch(images[few], torch.arange(TRIED)[few].to(device), self.probe.labels[few])
        self.start: dict[str, Any] = {}
        self.newest: dict[str, Any] = {}  # the metrics of the newest snapshot
        self.previous: dict[str, Tensor] = {}
        self.pictures: dict[str, Projection] = {}
        self.ahead: Snapshot | None = None

    def look_ahead(self, method: Method) -> None:
        """Takes the snapshot of step 0, which `snapshot` then gives when it is asked for."""
        self.ahead = self.snapshot(method, 0)

    @torch.no_grad()
    def snapshot(self, method: Method, step: int) -> Snapshot:
        """(metrics row, arrays) of the method as it is now. Raises Diverged."""
        ahead, self.ahead = self.ahead, None
        if ahead and step == 0:
            return ahead
        h, z = self.embeddings(method)
        with evaluating(method):
            _, views_z = encode(method, self.views)
            own = method.observe() | method.attempt(self.few, self.pipeline.at(0))
        if not all(bool(x.isfinite().all()) for x in (h, z, views_z)):
            raise Diverged(
                say("The embeddings stopped being finite numbers at step {step}.", step=step)
            )
        row: dict[str, Any] = {"step": step, "snapshot": True}
        arrays: dict[str, Tensor] = {}
        for name, x in (("h", h), ("z", z)):
            row |= self._space(name, x, arrays)
        row |= self._pairs(views_z, arrays)
        if not self.start:
            self.start = dict(row)
        self.newest = dict(row)
        row["verdict"], row["verdict_reason"] = verdict(row, self.start, z.shape[1], len(z))
        arrays |= {f"observe_{key}": value for key, value in own.items()}
        row |= {f"observe_{key}": float(value) for key, value in own.items() if not value.ndim}
        return row, {key: _compact(value) for key, value in arrays.items()}

    def embeddings(self, method: Method, part: slice = slice(None)) -> tuple[Tensor, Tensor]:
        """h and z of the probe images, or of a `part` of them."""
        with evaluating(method):
            return encode(method, self.probe.images[part], self.plain)

    @torch.no_grad()
    def umap(self, method: Method) -> dict[str, np.ndarray]:
        """UMAPs of h and z as they are now, turned to the newest PCA picture."""
        h, z = self.embeddings(method)
        return {
            f"layout_{name}_umap": umap_map(x, self.previous[f"{name}_pca"][:, :2]).half().numpy()
            for name, x in (("h", h), ("z", z))
        }

    def _space(self, name: str, x: Tensor, arrays: dict[str, Tensor]) -> dict[str, float]:
        values = collapse.spectrum(x)
        cosines, index = neighbours.nearest(x)
        pictures = {"pca": (pca(x), 2)} | ({"sphere": (sphere(x), 3)} if name == "z" else {})
        for kind, (picture, k) in pictures.items():
            key, places = f"{name}_{kind}", picture(x)
            turn = turn_onto(places, self.previous.get(key), k)
            self.pictures[key] = picture.turned(turn)
            self.previous[key] = places @ turn
            arrays[f"layout_{key}"] = self.previous[key].half()
        arrays[f"spectrum_{name}"] = values
        arrays[f"neighbours_{name}"] = index[:, :SHOWN_NEIGHBOURS].to(torch.int16)
        if len(x) > CORE:
            among = neighbours.nearest(x[:CORE], SHOWN_NEIGHBOURS)[1]
            arrays[f"core_neighbours_{name}"] = among.to(torch.int16)
        row = {
            f"feature_std_{name}": collapse.feature_std(x),
            f"effective_rank_{name}": collapse.effective_rank(values),
            f"total_variance_{name}": collapse.total_variance(x),
        }
        probed = {k: f for k, f in self.probe.factors.items() if f.probed}
        for factor_name, factor in probed.items():
            row[f"probe_{factor_name}_{name}"] = neighbours.factor_score(factor, index)
        if self.probe.labelled and len(x) > 1:  # a single image has no neighbours to ask
            labels, classes = self.probe.labels, len(self.probe.class_names)
            k = neighbours.voters(labels, 1)
            votes = labels[index[:, :k]]
            row[f"knn_{name}"] = neighbours.knn_accuracy(cosines[:, :k], votes, labels, classes)
            row["knn_k"] = k
        return row

    def _pairs(self, views_z: Tensor, arrays: dict[str, Tensor]) -> dict[str, float]:
        z1, z2 = views_z.chunk(2)
        cosines = pairs.cosine_matrix(z1, z2)
        positive, negative = pairs.split_pairs(cosines)
        arrays["histogram_positive"] = pairs.histogram(positive).int()
        arrays["histogram_negative"] = pairs.histogram(negative).int()
        arrays["similarity"] = pairs.cosine_matrix(z1[: self.shown], z2[: self.shown]).half()
        return {
            "alignment": pairs.alignment(z1, z2),
            "uniformity": pairs.uniformity(z1),
            "positive_cosine": float(positive.mean()),
            "negative_cosine": float(negative.mean()),
            "contrastive_accuracy": pairs.contrastive_accuracy(cosines),
        }

    def images(self) -> dict[str, np.ndarray]:
        """What readers need to draw the probe: thumbnails, labels, factors (see `runs.store`)."""
        shown = torch.cat([self.views[: self.shown], self.views[self.pairs :][: self.shown]])
        side = thumbnail(len(self.probe), shown.shape[-1])
        pieces = self.probe.images.split(CHUNK)
        arrays = {
            "probe": np.concatenate([_tiles(self.plain(piece), side) for piece in pieces]),
            "views": _tiles(shown, side),
            "labels": self.probe.labels.cpu().numpy().astype(np.int16),
            "diag_labels": self.probe.labels[: self.shown].cpu().numpy().astype(np.int16),
        }
        for name, factor in self.probe.factors.items():
            arrays[f"factor_{name}"] = factor.values.cpu().numpy()
        factors = {k: {"kind": f.kind, "names": f.names} for k, f in self.probe.factors.items()}
        info = {"class_names": self.probe.class_names, "factors": factors}
        info |= {"names": self.probe.names} if self.probe.names else {}
        return arrays | {"info": np.array(json.dumps(info))}


def thumbnail(n: int, side: int) -> int:
    """The side in pixels at which `n` images of `side` pixels are shown: their own up to CORE
    images, else so small that a page can fetch them all."""
    return side if n <= CORE else min(side, 8 * int((MOST_PIXELS / n) ** 0.5 / 8))


def _tiles(images: Tensor, side: int) -> np.ndarray:
    """N x C x H x W in 0..1 -> N x side x side x 3 uint8."""
    if images.shape[-1] != side:
        images = interpolate(images, size=side, mode="area")
    return (images.clamp(0, 1) * 255).round().byte().permute(0, 2, 3, 1).cpu().numpy()


def _compact(value: Tensor) -> np.ndarray:
    return value.detach().cpu().numpy()
