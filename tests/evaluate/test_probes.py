"""Probes, clustering scores and label shares against independent references."""

from itertools import permutations

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import normalized_mutual_info_score
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import StandardScaler

from sslviz.config import RunConfig
from sslviz.data.images import ImageSet
from sslviz.evaluate import bench, cluster
from sslviz.evaluate.labels import labelled_share, require_labels
from sslviz.evaluate.probe import logistic_regression, standardised
from sslviz.evaluate.protocols import EvaluationConfig
from sslviz.evaluate.tuning import distillation_loss, same_classes
from sslviz.refusal import Refusal


def blobs(n: int, classes: int, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    """n points of 6 dimensions around overlapping class centres, and their labels."""
    g = torch.Generator().manual_seed(seed)
    labels = torch.arange(n) % classes
    centres = torch.randn(classes, 6, generator=torch.Generator().manual_seed(9))
    return centres[labels] + torch.randn(n, 6, generator=g), labels


def test_logistic_regression_equals_scikit_learn():
    x, y = blobs(300, 4, 0)
    weight, bias = logistic_regression(x, y, 4, c=0.7)
    known = LogisticRegression(C=0.7, tol=1e-10, max_iter=2000).fit(x.double().numpy(), y.numpy())
    np.testing.assert_allclose(weight.numpy(), known.coef_, atol=2e-4)
    np.testing.assert_allclose(
        (bias - bias.mean()).numpy(), known.intercept_ - known.intercept_.mean(), atol=2e-4
    )


def test_standardised_equals_scikit_learn_and_silences_constant_dimensions():
    x, _ = blobs(50, 3, 0)
    x[:, 2] = 5.0
    train, test = standardised(x[:40] * 1e-6, x[40:] * 1e-6)
    scaler = StandardScaler().fit(x[:40].double().numpy())
    keep = [0, 1, 3, 4, 5]
    np.testing.assert_allclose(
        test[:, keep].numpy(), scaler.transform(x[40:].double().numpy())[:, keep], atol=1e-3
    )
    assert not train[:, 2].any() and not test[:, 2].any()


def a_bench(train: ImageSet, test: ImageSet, features: tuple[torch.Tensor, torch.Tensor]):
    config = EvaluationConfig.from_json({"protocol": "knn"})
    held = bench.Bench(None, RunConfig(), config, torch.device("cpu"), train, test, train)  # type: ignore[arg-type]
    held.cached = features
    return held


def a_set(labels: torch.Tensor, classes: int) -> ImageSet:
    pixels = torch.zeros(len(labels), 3, 4, 4, dtype=torch.uint8)
    return ImageSet(pixels, labels, tuple("abcdefgh"[:classes]))


def test_knn_equals_scikit_learns_weighted_vote():
    (x, y), (queries, truth) = blobs(200, 4, 0), blobs(60, 4, 1)
    held = a_bench(a_set(y, 4), a_set(truth, 4), (x, queries))
    mine = bench.knn(held, 1.0, 0, lambda share: None).predictions
    known = KNeighborsClassifier(20, metric="cosine", weights=lambda d: np.exp((1 - d) / 0.1))
    said = known.fit(x.numpy(), y.numpy()).predict(queries.numpy())
    assert (mine.numpy() == said).all()


def test_clusters_are_matched_as_well_as_any_renaming_can():
    g = torch.Generator().manual_seed(0)
    clusters, labels = torch.randint(0, 4, (2, 200), generator=g)
    mine = (cluster.matched(clusters, labels, 4) == labels).float().mean()
    best = max((torch.tensor(p)[clusters] == labels).float().mean() for p in permutations(range(4)))
    assert mine == best


def test_mutual_information_equals_scikit_learn():
    g = torch.Generator().manual_seed(0)
    for noise in (0, 2, 5):
        labels = torch.arange(300) % 5
        clusters = (labels + torch.randint(0, noise + 1, (300,), generator=g)) % 5
        known = normalized_mutual_info_score(labels.numpy(), clusters.numpy())
        assert cluster.normalised_mutual_information(clusters, labels, 5) == pytest.approx(known)


def test_kmeans_finds_groups_that_are_there():
    labels = torch.arange(90) % 3
    x = torch.eye(3)[labels] + 0.01 * torch.randn(90, 3, generator=torch.Generator().manual_seed(0))
    found = cluster.matched(cluster.kmeans(x, 3, seed=0), labels, 3)
    assert (found == labels).all()


def test_every_class_gives_the_same_share_and_small_shares_are_inside_large_ones():
    images = a_set(torch.cat([torch.zeros(100), torch.ones(40)]).long(), 2)
    few, many = labelled_share(images, 0.1, 3), labelled_share(images, 0.5, 3)
    assert images.labels[few].bincount().tolist() == [10, 4]
    assert images.labels[many].bincount().tolist() == [50, 20]
    assert set(few.tolist()) < set(many.tolist())
    assert labelled_share(images, 1.0, 3).tolist() == list(range(140))
    assert few.tolist() != labelled_share(images, 0.1, 4).tolist()


def test_a_class_without_a_label_is_refused_by_name():
    images = a_set(torch.cat([torch.zeros(100), torch.ones(9)]).long(), 2)
    with pytest.raises(Refusal, match="10% of the 9 training images of class b"):
        labelled_share(images, 0.1, 0)


def test_unlabelled_images_are_refused():
    images = ImageSet(torch.zeros(4, 3, 4, 4, dtype=torch.uint8), torch.full((4,), -1))
    with pytest.raises(Refusal, match="mine have no labels"):
        require_labels(images, "mine")


def test_distillation_loss_is_the_cross_entropy_with_the_teachers_opinion():
    teacher, student = torch.randn(2, 8, 5, generator=torch.Generator().manual_seed(0))
    teacher.requires_grad_()
    student.requires_grad_()
    p = torch.softmax(teacher / 2, 1)
    expected = (-(p * torch.log(torch.softmax(student / 2, 1))).sum(1)).mean()
    loss = distillation_loss(teacher, student, 2.0)
    assert loss.item() == pytest.approx(expected.item(), rel=1e-5)
    loss.backward()
    assert teacher.grad is None and student.grad is not None
    divergence = F.kl_div((student / 2).log_softmax(1), p, reduction="batchmean")
    entropy = -(p * p.log()).sum(1).mean()
    assert loss.item() == pytest.approx((divergence + entropy).item(), rel=1e-5)


def test_teacher_and_student_must_know_the_same_classes():
    with pytest.raises(Refusal, match="same classes"):
        same_classes(("cat", "dog"), ("cat", "ship"), "others")
    with pytest.raises(Refusal, match="3 classes apart and the student 2"):
        distillation_loss(torch.zeros(1, 3), torch.zeros(1, 2), 1.0)


def test_confusion_counts_true_classes_by_row():
    labels, said = torch.tensor([0, 0, 1, 2]), torch.tensor([0, 1, 1, 1])
    assert bench.confusion(said, labels, 3) == [[1, 1, 0], [0, 1, 0], [0, 1, 0]]
    assert bench.wrong(said, labels) == {"index": [1, 3], "true": [0, 2], "predicted": [1, 1]}
