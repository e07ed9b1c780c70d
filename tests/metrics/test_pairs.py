import math

import pytest
import torch

from sslviz.metrics.pairs import (
    alignment,
    contrastive_accuracy,
    cosine_matrix,
    histogram,
    split_pairs,
    uniformity,
)


def cosine(a, b):
    return float(a @ b) / math.sqrt(float(a @ a) * float(b @ b))


def test_cosine_matrix_and_pairs_equal_a_naive_loop():
    z1, z2 = torch.randn(5, 3), torch.randn(5, 3)
    z = [*z1.double(), *z2.double()]
    matrix = cosine_matrix(z1, z2)
    for i in range(10):
        for j in range(10):
            assert float(matrix[i, j]) == pytest.approx(cosine(z[i], z[j]), abs=1e-5)
    positive, negative = split_pairs(matrix)
    assert positive.tolist() == pytest.approx([cosine(z[i], z[i + 5]) for i in range(5)], abs=1e-5)
    assert len(negative) == 10 * 9 // 2 - 5
    naive = [cosine(z[i], z[j]) for i in range(10) for j in range(i + 1, 10) if j != i + 5]
    assert sorted(negative.tolist()) == pytest.approx(sorted(naive), abs=1e-5)


def test_histogram_keeps_every_pair():
    counts = histogram(torch.tensor([-1.0, 0.0, 0.999, 1.0, 1.0000001]))
    assert counts.sum() == 5 and counts[-1] == 3 and counts[0] == 1


def test_alignment_and_uniformity_equal_their_definitions():
    z1, z2 = torch.randn(6, 4).double(), torch.randn(6, 4).double()
    u1, u2 = [[v / v.norm() for v in z] for z in (z1, z2)]
    expected = sum(float((a - b).square().sum()) for a, b in zip(u1, u2, strict=True)) / 6
    assert alignment(z1, z2) == pytest.approx(expected)
    pairs = [(i, j) for i in range(6) for j in range(i)]
    mean = sum(math.exp(-2 * float((u1[i] - u1[j]).square().sum())) for i, j in pairs) / len(pairs)
    assert uniformity(z1) == pytest.approx(math.log(mean))


def test_one_point_has_zero_uniformity_and_the_sphere_has_the_published_limit():
    assert uniformity(torch.ones(10, 8)) == pytest.approx(0, abs=1e-6)
    assert uniformity(torch.randn(3000, 128)) == pytest.approx(-4 + 8 / 128, abs=0.05)


def test_contrastive_accuracy_is_one_for_equal_views_and_zero_for_swapped_ones():
    z = torch.eye(6)
    assert contrastive_accuracy(cosine_matrix(z, z)) == 1
    assert contrastive_accuracy(cosine_matrix(z, z.roll(1, 0))) == 0
