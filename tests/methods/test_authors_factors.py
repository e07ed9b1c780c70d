"""By which factors our losses differ from the authors' programs, as the docstrings say."""

import numpy as np
import pytest
import torch
from small_methods import make_method, make_views

from sslviz.methods.contrastive.spectral import clipped, spectral
from sslviz.methods.redundancy.lejepa import agreement
from sslviz.methods.redundancy.vicreg import covariance, invariance, variance
from sslviz.methods.redundancy.wmse import whiten, whitened_mse


def rows(n, d, seed=0):
    return torch.randn(n, d, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def test_vicregs_program_weighs_the_variance_half_as_much():
    z1, z2 = 0.5 * rows(16, 5), 0.7 * rows(16, 5, 1)

    def parts(z):
        z = z.numpy() - z.numpy().mean(0)
        short = np.maximum(0, 1 - np.sqrt(z.var(0, ddof=1) + 1e-4)).mean()
        cov = z.T @ z / (len(z) - 1)
        return short, ((cov**2).sum() - (np.diag(cov) ** 2).sum()) / z.shape[1]

    (v1, c1), (v2, c2) = parts(z1), parts(z2)
    program = 25 * ((z1 - z2) ** 2).mean().item() + 25 * (v1 / 2 + v2 / 2) + c1 + c2
    ours = 25 * invariance(z1, z2) + 12.5 * (variance(z1) + variance(z2))
    ours = ours + covariance(z1) + covariance(z2)
    assert ours.item() == pytest.approx(program)


@pytest.mark.parametrize("mu", [1.0, 10.0])
def test_spectrals_program_divides_by_mu(mu):
    z1, z2 = (clipped(9 * rows(6, 4, seed), mu) for seed in (0, 1))
    s = (z1 @ z2.T).numpy()
    apart = (s**2 * (1 - np.eye(6))).mean() * 6 / 5
    program = (-2 * (z1 * z2).mean().item() * 4 + apart) / mu
    pull, push = spectral(z1, z2)
    assert (pull + push).item() == pytest.approx(mu * program)
    assert abs(pull.item()) / mu <= 2


def test_wmses_program_takes_the_mean_over_dimensions_in_the_euclidean_variant_only():
    z1, z2 = rows(32, 6), rows(32, 6, 1)
    w1, w2 = (whiten(z, 0.0) for z in (z1, z2))
    program = ((w1 - w2) ** 2).mean().item()
    assert whitened_mse(z1, z2, 32, 0.0, False).item() == pytest.approx(6 * program)
    a, b = (torch.nn.functional.normalize(w, dim=1) for w in (w1, w2))
    program = (2 - 2 * (a * b).sum(1).mean()).item()
    assert whitened_mse(z1, z2, 32, 0.0).item() == pytest.approx(program)


def test_lejepas_agreement_is_a_mean_over_the_dimensions_too():
    z = torch.stack([rows(8, 5, seed) for seed in range(3)])
    distance = ((z - z.mean(0)) ** 2).sum(2)  # V x N
    assert agreement(z).item() == pytest.approx(distance.mean().item() / 5)


def test_byols_loss_is_four_times_half_the_sum_of_negative_cosines_but_for_a_constant():
    method = make_method("byol")
    views = make_views(method)
    x1, x2 = views.x
    p1, p2 = (method.predictor(method.encode(x)[1]) for x in (x1, x2))
    t1, t2 = method.target(x1), method.target(x2)
    cosine = torch.nn.functional.cosine_similarity
    half = -(cosine(p1, t2).mean() + cosine(p2, t1).mean()) / 2
    assert method(views).loss.item() == pytest.approx(4 + 4 * half.item(), rel=1e-4)
