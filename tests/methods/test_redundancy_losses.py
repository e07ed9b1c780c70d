"""Barlow Twins, VICReg, W-MSE, spectral and LeJEPA losses against plain loops and closed forms."""

from math import cos, exp, pi, sin, sqrt

import numpy as np
import pytest
import torch
from small_methods import adam, make_method, make_views, train

from sslviz.methods.contrastive.spectral import clipped, spectral
from sslviz.methods.redundancy.barlow import cross_correlation, redundancy
from sslviz.methods.redundancy.lejepa import agreement, sigreg
from sslviz.methods.redundancy.vicreg import covariance, invariance, variance
from sslviz.methods.redundancy.wmse import whiten, whitened_mse


def rows(n, d, seed=0, scale=1.0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(n, d, generator=generator, dtype=torch.float64) * scale


def test_cross_correlation_equals_numpy(device):
    z1, z2 = rows(50, 4), rows(50, 4, 1) + rows(50, 4)
    expected = np.corrcoef(z1.numpy(), z2.numpy(), rowvar=False)[:4, 4:]
    actual = cross_correlation(z1.to(device), z2.to(device)).cpu().numpy()
    assert np.allclose(actual, expected, atol=1e-4)


def test_barlow_terms_equal_a_loop():
    c = rows(5, 5)
    on = sum((1 - c[j, j].item()) ** 2 for j in range(5))
    off = sum(c[j, k].item() ** 2 for j in range(5) for k in range(5) if j != k)
    assert [term.item() for term in redundancy(c)] == pytest.approx([on, off])
    assert [term.item() for term in redundancy(torch.eye(4))] == [0, 0]


def test_barlow_of_copied_dimensions_is_perfect_but_for_redundancy():
    z = rows(64, 1).expand(64, 6)
    on, off = redundancy(cross_correlation(z, z))
    assert on.item() == pytest.approx(0, abs=1e-6) and off.item() == pytest.approx(30, rel=1e-3)


def test_barlow_without_redundancy_weight_is_the_diagonal_term():
    method = make_method("barlow", lam=0.0)
    step = method(make_views(method))
    assert step.loss.item() == pytest.approx(step.terms["invariance"].item())
    assert method.observe()["cross_correlation"].shape == (16, 16)


def test_vicreg_terms_equal_numpy(device):
    z1, z2 = rows(20, 4, scale=0.5), rows(20, 4, 1)
    a, b = z1.numpy(), z2.numpy()
    missing = np.maximum(0, 1 - np.sqrt(a.var(0, ddof=1) + 1e-4)).mean()
    cov = np.cov(a, rowvar=False)
    off = ((cov**2).sum() - (np.diag(cov) ** 2).sum()) / 4
    z1, z2 = z1.to(device), z2.to(device)
    assert variance(z1).item() == pytest.approx(missing)
    assert covariance(z1).item() == pytest.approx(off)
    assert invariance(z1, z2).item() == pytest.approx(((a - b) ** 2).mean())


def test_vicreg_of_one_point_and_of_copied_dimensions():
    point = torch.ones(8, 3, dtype=torch.float64)
    assert variance(point).item() == pytest.approx(1 - 0.01)
    assert covariance(point).item() == 0 and invariance(point, point).item() == 0
    copies = rows(500, 1).expand(500, 3)
    assert covariance(copies).item() == pytest.approx(2 * copies[:, 0].var().item() ** 2)


@pytest.mark.parametrize("weights", [(0.0, 25.0, 1.0), (25.0, 0.0, 1.0), (25.0, 25.0, 0.0)])
def test_vicreg_loss_is_the_weighted_sum_of_its_terms(weights):
    knobs = dict(zip(("invariance", "variance", "covariance"), weights, strict=True))
    step = (method := make_method("vicreg", **knobs))(make_views(method))
    expected = sum(weight * step.terms[name].item() for name, weight in knobs.items())
    assert step.loss.item() == pytest.approx(expected, rel=1e-5)


def test_vicreg_without_variance_collapses_and_with_it_does_not():
    spread = {}
    for weight in (0.0, 25.0):
        method = make_method("vicreg", variance=weight, covariance=0.0)
        train(method, adam(method, 0.01), range(60), total=60)
        with torch.no_grad():
            spread[weight] = method(make_views(method)).z1.std(0).mean().item()
    assert spread[0.0] < 0.05 < 0.5 < spread[25.0]


def test_whitened_cloud_has_mean_zero_and_unit_covariance(device):
    z = (rows(200, 5) @ rows(5, 5, 1) + 3).to(device)
    w = whiten(z, 0.0).cpu()
    assert torch.allclose(w.mean(0), torch.zeros(5, dtype=w.dtype), atol=1e-10)
    assert torch.allclose(torch.cov(w.T), torch.eye(5, dtype=w.dtype), atol=1e-9)


@pytest.mark.parametrize("normalise", [True, False])
def test_whitened_mse_equals_numpy_group_by_group(normalise):
    z1, z2 = rows(24, 3), rows(24, 3, 1)
    total = 0.0
    for part in (slice(0, 12), slice(12, 24)):
        white = []
        for z in (z1[part].numpy(), z2[part].numpy()):
            inverse = np.linalg.inv(np.linalg.cholesky(np.cov(z, rowvar=False)))
            w = (z - z.mean(0)) @ inverse.T
            white.append(w / np.linalg.norm(w, axis=1, keepdims=True) if normalise else w)
        total += ((white[0] - white[1]) ** 2).sum()
    assert whitened_mse(z1, z2, 12, 0.0, normalise).item() == pytest.approx(total / 24)


def test_a_few_far_points_cheat_whitening_only_where_lengths_are_made_one():
    """Two views without a thing in common: almost all at one place, each dimension held open by one
    image far away."""
    z1, z2 = 0.01 * rows(64, 4), 0.01 * rows(64, 4, 1)
    z1[range(4), range(4)] = z2[range(4, 8), range(4)] = 1.0
    assert whitened_mse(z1, z2, 64, 1e-5).item() < 1
    assert whitened_mse(z1, z2, 64, 1e-5, False).item() == pytest.approx(2 * 4, rel=0.1)


def test_whitened_mse_sees_through_shift_and_stretch():
    z = rows(64, 4)
    assert whitened_mse(z, 5 * z + 2, 64, 0.0).item() == pytest.approx(0, abs=1e-12)
    assert whitened_mse(z, -z, 64, 0.0).item() == pytest.approx(4)
    unrelated = whitened_mse(rows(4096, 4), rows(4096, 4, 1), 4096, 0.0).item()
    assert unrelated == pytest.approx(2, abs=0.1)


def test_spectral_terms_equal_a_loop(device):
    z1, z2 = rows(6, 4), rows(6, 4, 1)
    dots = [
        [sum(a * b for a, b in zip(x, y, strict=True)) for y in z2.tolist()] for x in z1.tolist()
    ]
    pull = -2 * sum(dots[i][i] for i in range(6)) / 6
    push = sum(dots[i][j] ** 2 for i in range(6) for j in range(6) if i != j) / 30
    actual = [term.item() for term in spectral(z1.to(device), z2.to(device))]
    assert actual == pytest.approx([pull, push])


def test_spectral_of_orthogonal_unit_vectors_is_minus_two():
    pull, push = spectral(torch.eye(5), torch.eye(5))
    assert (pull + push).item() == -2
    collapsed = torch.ones(5, 4) / 2
    assert sum(spectral(collapsed, collapsed)).item() == -1


def test_clipping_shortens_the_long_and_leaves_the_short():
    z = torch.tensor([[3.0, 4.0], [0.3, 0.4]])
    assert torch.allclose(clipped(z, 4.0), torch.tensor([[1.2, 1.6], [0.3, 0.4]]))


def test_sigreg_equals_a_loop(device):
    z, lines = rows(7, 3), torch.nn.functional.normalize(rows(4, 3, 1), dim=1)
    step, total = 3 / 16, 0.0
    for line in lines.tolist():
        shadow = [sum(a * b for a, b in zip(row, line, strict=True)) for row in z.tolist()]
        for k in range(17):
            t = k * step
            real = sum(cos(t * s) for s in shadow) / 7 - exp(-t * t / 2)
            imaginary = sum(sin(t * s) for s in shadow) / 7
            end = 0.5 if k in (0, 16) else 1.0
            total += 7 * 2 * end * step * (real**2 + imaginary**2) * exp(-t * t / 2)
    assert sigreg(z.to(device), lines.to(device)).item() == pytest.approx(total / 4)


def test_sigreg_of_one_point_has_the_closed_form_integral():
    """The formula's integral runs over the whole line; what lies beyond 3 is 1.7 percent."""
    point, lines = torch.zeros(10, 3), torch.eye(3)
    exact = 10 * (sqrt(2 * pi) - 2 * sqrt(pi) + sqrt(2 * pi / 3))
    assert sigreg(point, lines).item() == pytest.approx(exact, rel=0.02)


def test_sigreg_prefers_the_standard_normal_cloud():
    lines = torch.nn.functional.normalize(rows(32, 4, 9), dim=1)
    normal = sigreg(rows(1000, 4), lines)
    for other in (rows(1000, 4) * 2, rows(1000, 4) + 1, rows(1000, 1).expand(1000, 4)):
        assert sigreg(other, lines) > 5 * normal


def test_agreement_of_two_views_is_a_quarter_of_their_squared_difference():
    z = torch.stack([rows(6, 4), rows(6, 4, 1)])
    assert agreement(z).item() == pytest.approx((z[0] - z[1]).square().mean().item() / 4)


def test_lejepa_uses_as_many_views_as_asked():
    method = make_method("lejepa", n_views=5)
    views = make_views(method)
    assert len(views.x) == 5 and method(views).z1.shape == (24, 16)


def test_loss_derivatives():
    z1, z2 = (rows(8, 3, seed).requires_grad_() for seed in (0, 1))
    lines = torch.nn.functional.normalize(rows(4, 3, 2), dim=1)
    for loss in (
        lambda a, b: sum(redundancy(cross_correlation(a, b))),
        lambda a, b: invariance(a, b) + variance(a) + covariance(b),
        lambda a, b: whitened_mse(a, b, 8, 0.01),
        lambda a, b: sum(spectral(clipped(a, 1.0), clipped(b, 1.0))),
        lambda a, b: agreement(torch.stack([a, b])) + sigreg(a, lines),
    ):
        assert torch.autograd.gradcheck(loss, (z1, z2))
