"""The bench: a run's network and the labelled images it is tried on, and each protocol on them."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from sslviz.config import RunConfig
from sslviz.data.images import ImageSet
from sslviz.data.load import load_data
from sslviz.evaluate import cluster, tuning
from sslviz.evaluate.labels import labelled_share, require_labels
from sslviz.evaluate.probe import logistic_regression, standardised
from sslviz.evaluate.protocols import EvaluationConfig
from sslviz.evaluate.trunk import Trunk, features, trunk_of
from sslviz.metrics.neighbours import TAU, nearest_in, voters
from sslviz.refusal import Sentence
from sslviz.training.network import settle_norms, trained, untrained

Report = Callable[[float], None]
Loading = Callable[[Sentence, float], None]


@dataclass
class Bench:
    """`train`, `test`: learned from and scored on. `own`: what a teacher learned from (distil)."""

    folder: Path
    run: RunConfig
    config: EvaluationConfig
    device: torch.device
    train: ImageSet
    test: ImageSet
    own: ImageSet
    step: int = 0
    cached: tuple[Tensor, Tensor] | None = field(default=None, repr=False)

    @property
    def n_classes(self) -> int:
        return len(self.test.class_names)

    def trunk(self) -> Trunk:
        """A fresh copy of the encoder under test, up to the chosen layer."""
        if self.config.encoder == "trained":
            method, self.step = trained(self.folder, self.run)
        else:
            method = untrained(self.run)
            batches = [x / 255 for x in self.train.images[:256].cpu().split(128)]
            settle_norms(method, batches)
        return trunk_of(method, self.config.layer).to(self.device)

    def features(self, report: Report) -> tuple[Tensor, Tensor]:
        """Of the training and of the test images, N x width each; computed once."""
        if self.cached is None:
            trunk = self.trunk()
            n, m = len(self.train), len(self.test)
            a = features(trunk, self.train.images, lambda s: report(s * n / (n + m)))
            b = features(trunk, self.test.images, lambda s: report((n + s * m) / (n + m)))
            self.cached = a, b
        return self.cached


def open_bench(
    folder: Path, run: RunConfig, config: EvaluationConfig, device: torch.device, report: Loading
) -> Bench:
    """Loads the data and looks whether everything fits. Raises Refusal."""
    trunk_of(untrained(run), config.layer)
    name, kept = (config.data, 0) if config.data else (run.data, run.train_images)
    own_test = RunConfig.probes  # the set's own held-out images, however many the run looked at
    split = load_data(replace(run, data=name, train_images=kept, probes=own_test), None, report)
    for images in (split.train, split.test):
        require_labels(images, name)
    if config.protocol == "kmeans":
        cluster.require_enough(len(split.test), len(split.test.class_names))
    own = split.train
    if config.protocol == "distil" and config.data:
        own = load_data(run, None, report).train
        require_labels(own, run.data)
        tuning.same_classes(own.class_names, split.train.class_names, config.data)
    for fraction in config.labels:
        labelled_share(own, fraction, 0)
    return Bench(
        folder, run, config, device, split.train.to(device), split.test.to(device), own.to(device)
    )


@dataclass(frozen=True)
class Outcome:
    """Predicted class of every test image, with what else was measured (accuracies, NMI)."""

    predictions: Tensor
    n_labels: int
    extra: dict[str, float] = field(default_factory=dict)


def knn(bench: Bench, fraction: float, seed: int, report: Report) -> Outcome:
    bank, queries = bench.features(report)
    labels = bench.train.labels
    k = voters(labels, 0)
    votes = torch.zeros(len(queries), bench.n_classes, device=bench.device)
    for start in range(0, len(queries), 1024):
        cosines, index = nearest_in(queries[start : start + 1024], bank, k)
        votes[start : start + 1024].scatter_add_(1, labels[index], (cosines / TAU).exp())
    return Outcome(votes.argmax(1), len(labels), {"neighbours": float(k)})


def linear(bench: Bench, fraction: float, seed: int, report: Report) -> Outcome:
    train, test = bench.features(report)
    index = labelled_share(bench.train, fraction, seed).to(bench.device)
    x, queries = standardised(train[index], test)
    weight, bias = logistic_regression(x, bench.train.labels[index], bench.n_classes)
    return Outcome((queries.double() @ weight.T + bias).argmax(1), len(index))


def kmeans(bench: Bench, fraction: float, seed: int, report: Report) -> Outcome:
    _, queries = bench.features(report)
    labels, k = bench.test.labels.cpu(), bench.n_classes
    clusters = cluster.kmeans(queries, k, seed)
    nmi = cluster.normalised_mutual_information(clusters, labels, k)
    return Outcome(cluster.matched(clusters, labels, k).to(bench.device), 0, {"nmi": nmi})


def finetune(bench: Bench, fraction: float, seed: int, report: Report) -> Outcome:
    network, n = _fine_tuned(bench, bench.trunk(), bench.train, fraction, seed, report)
    return Outcome(features(network, bench.test.images).argmax(1), n)


def scratch(bench: Bench, fraction: float, seed: int, report: Report) -> Outcome:
    fresh = trunk_of(untrained(bench.run, seed), bench.config.layer).to(bench.device)
    network, n = _fine_tuned(bench, fresh, bench.train, fraction, seed, report)
    return Outcome(features(network, bench.test.images).argmax(1), n)


def distil(bench: Bench, fraction: float, seed: int, report: Report) -> Outcome:
    teacher, n = _fine_tuned(
        bench, bench.trunk(), bench.own, fraction, seed, lambda s: report(s * 0.45)
    )
    name = bench.config.student
    run = bench.run if name == "same" else replace(bench.run, backbone=name)
    trunk = trunk_of(untrained(run, seed), 0).to(bench.device)
    student = tuning.classifier(trunk, bench.n_classes, seed)
    tuning.distil(
        teacher, student, bench.train.images, bench.config, seed, lambda s: report(0.45 + s * 0.55)
    )
    opinion = features(teacher, bench.test.images).argmax(1)
    extra = {"teacher": float((opinion == bench.test.labels).float().mean())}
    return Outcome(features(student, bench.test.images).argmax(1), n, extra)


def _fine_tuned(
    bench: Bench, trunk: Trunk, images: ImageSet, fraction: float, seed: int, report: Report
) -> tuple[torch.nn.Module, int]:
    index = labelled_share(images, fraction, seed).to(bench.device)
    network = tuning.classifier(trunk, bench.n_classes, seed)
    chosen = images.take(index)
    tuning.fine_tune(network, chosen.images, chosen.labels, bench.config, seed, report)
    return network, len(index)


RUN: dict[str, Callable[[Bench, float, int, Report], Outcome]] = {
    "knn": knn,
    "linear": linear,
    "transfer": linear,
    "kmeans": kmeans,
    "finetune": finetune,
    "scratch": scratch,
    "distil": distil,
}


def confusion(predictions: Tensor, labels: Tensor, k: int) -> list[list[int]]:
    """k x k counts: true class (row), predicted class (column)."""
    pairs = F.one_hot(labels, k).T.double() @ F.one_hot(predictions, k).double()
    return pairs.long().tolist()


def wrong(predictions: Tensor, labels: Tensor) -> dict[str, Any]:
    """Places in the test set of the images predicted wrongly, and what was said of them."""
    index = (predictions != labels).nonzero()[:, 0]
    facts = {"index": index, "true": labels[index], "predicted": predictions[index]}
    return {name: values.tolist() for name, values in facts.items()}
