import math

import numpy as np
import pytest
import torch

from sslviz.metrics.collapse import effective_rank, feature_std, spectrum, total_variance
from sslviz.metrics.verdict import PROBES_PER_RANK, least_rank, verdict


def test_feature_std_is_one_on_the_sphere_and_zero_at_one_point():
    torch.manual_seed(0)
    assert feature_std(torch.randn(20_000, 32)) == pytest.approx(1, abs=0.01)
    assert feature_std(torch.ones(100, 32) * 3) == pytest.approx(0, abs=1e-6)


def test_feature_std_behind_batchnorm_misses_rank_one():
    line = torch.randn(5_000, 1) @ torch.randn(1, 64).sign()
    assert feature_std(line) > 0.95
    assert effective_rank(spectrum(line)) < 1.1


def test_spectrum_equals_numpy_svd():
    x = torch.randn(50, 7)
    expected = np.linalg.svd(x.double().numpy(), compute_uv=False) / math.sqrt(50)
    assert np.allclose(spectrum(x).numpy(), expected, atol=1e-5)
    assert spectrum(torch.randn(5, 20)).shape == (5,)


@pytest.mark.parametrize("rank", [1, 4, 16])
def test_effective_rank_counts_equal_directions(rank):
    basis, _ = torch.linalg.qr(torch.randn(64, rank))
    x = torch.cat([basis.T, -basis.T]).repeat(50, 1)
    assert effective_rank(spectrum(x)) == pytest.approx(rank, rel=0.02)
    assert effective_rank(spectrum(1e-4 * x)) == pytest.approx(rank, rel=0.02)


def test_total_variance_sees_shrinkage_and_not_offset():
    x = torch.randn(1000, 8)
    expected = sum(np.var(x[:, j].double().numpy()) for j in range(8))
    assert total_variance(x) == pytest.approx(expected, rel=1e-4)
    assert total_variance(0.1 * x + 5) == pytest.approx(0.01 * expected, rel=1e-3)


def row(**changes):
    healthy = {
        "step": 500,
        "total_variance_z": 1.0,
        "total_variance_h": 1.0,
        "feature_std_z": 0.95,
        "effective_rank_z": 30.0,
    }
    return healthy | changes


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "healthy"),
        ({"step": 3, "feature_std_z": 0.01}, "starting"),
        ({"feature_std_z": 0.1}, "complete"),
        ({"total_variance_z": 1e-9}, "complete"),
        ({"effective_rank_z": 1.4}, "dimensional"),
        ({"total_variance_h": 0.001}, "contracting"),
        ({"feature_std_z": 0.6}, "contracting"),
        ({"step": 30, "feature_std_z": 0.6}, "healthy"),
        ({"feature_std_z": 0.75}, "healthy"),
    ],
)
def test_verdict_names_each_kind_of_collapse(changes, expected):
    assert verdict(row(**changes), row(step=0), 64, probes=1000)[0] == expected


@pytest.mark.parametrize("width", [2, 16, 64, 128, 2048])
def test_nothing_is_said_where_so_few_probes_cannot_show_enough_directions(width):
    few = math.ceil(PROBES_PER_RANK * least_rank(width)) - 1
    low = row(effective_rank_z=1.0, feature_std_z=0.0)
    for probes in (1, 2, 5, few):
        assert verdict(low, row(step=0), width, probes) == ("unknown", "too_few")
        assert verdict(row(step=0), row(step=0), width, probes) == ("unknown", "too_few")
    assert verdict(low, row(step=0), width, few + 1)[0] == "complete"


@pytest.mark.parametrize("width", [16, 64, 512])
def test_as_many_probes_as_a_verdict_needs_never_make_a_spread_look_narrow(width):
    """Directions as even as in a run that was measured to be healthy, rank 18 of 64."""
    generator = torch.Generator().manual_seed(0)
    scales = torch.arange(1, width + 1) ** -0.75
    probes = math.ceil(PROBES_PER_RANK * least_rank(width))
    for _ in range(20):
        x = torch.randn(probes, width, generator=generator) * scales
        assert effective_rank(spectrum(x)) > least_rank(width)
