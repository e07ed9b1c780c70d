"""What a snapshot holds: the same pictures and numbers for every method, from h and z alone."""

import json
from typing import Any

import numpy as np
import torch
from torch import Tensor

from sslviz.augment.pipeline import Pipeline
from sslviz.data.images import ImageSet
from sslviz.layout.pca import Projection, pca, sphere, turn_onto
from sslviz.layout.umap import umap_map
from sslviz.methods.base import Batch, Method
from sslviz.metrics import collapse, neighbours, pairs
from sslviz.metrics.verdict import verdict
from sslviz.refusal import Sentence, say
from sslviz.training.network import encode, evaluating

PROBES, PAIRS, SHOWN, TRIED = 1000, 128, 32, 8


class Diverged(Exception):
    """The loss or the embeddings are no longer finite numbers."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        super().__init__(str(sentence))


class Observer:
    """Looks at a method through fixed probe images and fixed views of PAIRS of them."""

    def __init__(self, test: ImageSet, pipeline: Pipeline, device: torch.device) -> None:
        self.probe = test.take(torch.arange(min(PROBES, len(test)))).to(device)
        self.pairs = min(PAIRS, len(self.probe))
        self.shown = min(SHOWN, self.pairs)
        self.pipeline = pipeline
        augment = pipeline.at(0)
        images = self.probe.images[: self.pairs]
        self.plain = augment.plain(self.probe.images)
        self.views = torch.cat([augment.view(images, 1), augment.view(images, 2)])
        few = slice(TRIED)
        self.few = Batch(images[few], torch.arange(TRIED)[few].to(device), self.probe.labels[few])
        self.start: dict[str, Any] = {}
        self.newest: dict[str, Any] = {}  # the metrics of the newest snapshot
        self.previous: dict[str, Tensor] = {}
        self.pictures: dict[str, Projection] = {}

    @torch.no_grad()
    def snapshot(self, method: Method, step: int) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        """(metrics row, arrays) of the method as it is now. Raises Diverged."""
        with evaluating(method):
            h, z = encode(method, self.plain)
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

    @torch.no_grad()
    def umap(self, method: Method) -> dict[str, np.ndarray]:
        """UMAPs of h and z as they are now, turned to the newest PCA picture."""
        with evaluating(method):
            h, z = encode(method, self.plain)
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
        arrays[f"neighbours_{name}"] = index[:, :10].to(torch.int16)
        row = {
            f"feature_std_{name}": collapse.feature_std(x),
            f"effective_rank_{name}": collapse.effective_rank(values),
            f"total_variance_{name}": collapse.total_variance(x),
        }
        for factor_name, factor in self.probe.factors.items():
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
        arrays = {
            "probe": _tiles(self.plain),
            "views": _tiles(shown),
            "labels": self.probe.labels.cpu().numpy().astype(np.int16),
            "diag_labels": self.probe.labels[: self.shown].cpu().numpy().astype(np.int16),
        }
        for name, factor in self.probe.factors.items():
            arrays[f"factor_{name}"] = factor.values.cpu().numpy()
        factors = {k: {"kind": f.kind, "names": f.names} for k, f in self.probe.factors.items()}
        info = {"class_names": self.probe.class_names, "factors": factors}
        info |= {"names": self.probe.names} if self.probe.names else {}
        return arrays | {"info": np.array(json.dumps(info))}


def _tiles(images: Tensor) -> np.ndarray:
    """N x C x H x W in 0..1 -> N x H x W x 3 uint8."""
    return (images.clamp(0, 1) * 255).round().byte().permute(0, 2, 3, 1).cpu().numpy()


def _compact(value: Tensor) -> np.ndarray:
    return value.detach().cpu().numpy()
