import numpy as np
import pytest
import torch
from sklearn.neighbors import KNeighborsClassifier

from sslviz.data.images import Factor
from sslviz.metrics.neighbours import (
    ROWS,
    factor_score,
    knn_accuracy,
    nearest,
    nearest_in,
    voters,
)


def clusters(n=200, classes=4):
    labels = torch.arange(n) % classes
    return torch.randn(classes, 16)[labels] + 2.5 * torch.randn(n, 16), labels


def test_knn_accuracy_equals_scikit_learn():
    torch.manual_seed(1)
    x, labels = clusters(300)
    bank, queries = x[:200], x[200:]
    cosines, index = nearest_in(queries, bank, k=20)
    ours = knn_accuracy(cosines, labels[:200][index], labels[200:], 4)
    oracle = KNeighborsClassifier(20, metric="cosine", weights=lambda d: np.exp((1 - d) / 0.1))
    expected = oracle.fit(bank, labels[:200]).score(queries, labels[200:])
    assert ours == pytest.approx(expected) and 0.5 < ours < 1


def test_nearest_leaves_out_the_image_itself():
    x, _ = clusters(50)
    _, index = nearest(torch.cat([x, x]), k=1)
    assert index[:50, 0].tolist() == list(range(50, 100))


def test_many_images_are_compared_block_by_block():
    x, _ = clusters(2 * ROWS + 100)
    unit = torch.nn.functional.normalize(x, dim=1)
    whole = (unit @ unit.T).fill_diagonal_(-2).topk(20)
    cosines, index = nearest(x)
    assert torch.allclose(cosines, whole.values, atol=1e-6)
    assert float((index == whole.indices).float().mean()) > 0.999
    assert not (index == torch.arange(len(x))[:, None]).any()


def test_factor_scores_are_one_when_neighbours_share_the_factor_and_zero_when_random():
    torch.manual_seed(0)
    value = torch.rand(600)
    angle = 2 * torch.pi * value
    circle = torch.stack([angle.cos(), angle.sin()], dim=1)
    _, good = nearest(circle)
    _, bad = nearest(torch.randn(600, 8))
    category = Factor((value * 4).long(), "categorical")
    for factor in (Factor(value, "circular"), category):
        assert factor_score(factor, good) > 0.97
        assert factor_score(factor, bad) < 0.12
    assert factor_score(Factor(value, "continuous"), bad) == 0


def test_circular_factors_do_not_mind_the_seam():
    hue = torch.tensor([0.99, 0.01, 0.5, 0.51] * 10)
    same_side = torch.tensor([[1], [0], [3], [2]]).repeat(10, 1)
    assert factor_score(Factor(hue, "circular"), same_side) > 0.95
    assert factor_score(Factor(hue, "continuous"), same_side) < 0.1


def test_no_more_neighbours_vote_than_the_smallest_class_has():
    labels = torch.tensor([0] * 40 + [2] * 6)
    assert (voters(labels, 1), voters(labels, 0)) == (5, 6)
    assert voters(torch.tensor([0, 1]), 1) == 1
    assert voters(torch.arange(200) % 4, 1) == 20
