"""BYOL and SimSiam: losses against plain loops, stop-gradient and moving average as promised."""

from math import cos, pi, sqrt

import pytest
import torch
from small_methods import adam, make_method, make_views, train

from sslviz.methods.pieces.momentum import ema_update, momentum_at
from sslviz.methods.siamese.byol import regression
from sslviz.methods.siamese.simsiam import negative_cosine


def random_pair(n=7, d=5):
    generator = torch.Generator().manual_seed(3)
    a = torch.randn(n, d, generator=generator, dtype=torch.float64)
    return a, torch.randn(n, d, generator=generator, dtype=torch.float64)


def unit(x):
    return x / x.norm(dim=1, keepdim=True)


def test_regression_equals_a_loop(device):
    p, z = random_pair()
    expected = sum(
        sum((a - b) ** 2 for a, b in zip(row, other, strict=True))
        for row, other in zip(p.tolist(), z.tolist(), strict=True)
    ) / len(p)
    assert regression(p.to(device), z.to(device)).item() == pytest.approx(expected, rel=1e-12)


def test_regression_of_unit_vectors_is_two_minus_two_cosines():
    p, z = map(unit, random_pair())
    assert regression(p, p).item() == 0
    assert regression(p, -p).item() == pytest.approx(4)
    orthogonal = torch.tensor([[1.0, 0.0]]), torch.tensor([[0.0, 1.0]])
    assert regression(*orthogonal).item() == 2
    assert regression(p, z).item() == pytest.approx(2 - 2 * (p * z).sum(1).mean().item())


def test_negative_cosine_equals_a_loop(device):
    p, z = random_pair()
    total = 0.0
    for row, other in zip(p.tolist(), z.tolist(), strict=True):
        dot = sum(a * b for a, b in zip(row, other, strict=True))
        total -= dot / sqrt(sum(a * a for a in row)) / sqrt(sum(b * b for b in other))
    assert negative_cosine(p.to(device), z.to(device)).item() == pytest.approx(total / len(p))


def test_negative_cosine_of_equal_opposite_and_orthogonal_vectors():
    p, _ = random_pair()
    assert negative_cosine(p, 3 * p).item() == pytest.approx(-1)
    assert negative_cosine(p, -p).item() == pytest.approx(1)
    assert negative_cosine(torch.eye(2)[:1], torch.eye(2)[1:]).item() == 0


@pytest.mark.parametrize("loss", [regression, negative_cosine])
def test_loss_derivative(loss):
    p, z = (x.requires_grad_() for x in random_pair(4, 3))
    assert torch.autograd.gradcheck(loss, (p, z))


@pytest.mark.parametrize("progress", [0.0, 0.25, 0.5, 1.0])
def test_momentum_schedule(progress):
    assert momentum_at(progress, 0.996) == pytest.approx(
        1 - 0.004 * (cos(pi * progress) + 1) / 2, abs=1e-15
    )
    assert momentum_at(0.0, 0.9) == pytest.approx(0.9) and momentum_at(1.0, 0.9) == 1


def test_moving_average_after_t_steps_has_the_closed_form():
    online, target = torch.nn.Linear(3, 2), torch.nn.Linear(3, 2)
    start, m = target.weight.detach().clone(), 0.9
    for _ in range(12):
        ema_update(target, online, m)
    expected = m**12 * start + (1 - m**12) * online.weight
    assert torch.allclose(target.weight, expected, atol=1e-6)


@pytest.mark.parametrize("momentum", [0.0, 1.0])
def test_byol_target_at_both_ends_of_momentum(momentum):
    method = make_method("byol", momentum=momentum, momentum_schedule="constant")
    before = [p.clone() for p in method.target_backbone.parameters()]
    train(method, adam(method), range(3))
    reference = before if momentum == 1 else list(method.backbone.parameters())
    for target, expected in zip(method.target_backbone.parameters(), reference, strict=True):
        assert torch.equal(target, expected)


@pytest.mark.parametrize("stopped", [True, False])
def test_byol_target_branch_gets_gradient_only_without_stop_gradient(stopped):
    method = make_method("byol", stop_gradient=stopped)
    x2 = make_views(method).x[1].clone().requires_grad_()
    assert method.target(x2).requires_grad is not stopped


@pytest.mark.parametrize("name", ["byol", "simsiam"])
def test_stop_gradient_changes_the_gradient_but_not_the_loss(name):
    """At the start BYOL's target is a copy of the online network, so both losses agree."""
    results = {}
    for stopped in (True, False):
        method = make_method(name, stop_gradient=stopped)
        step = method(make_views(method))
        step.loss.backward()
        results[stopped] = step.loss.item(), next(method.backbone.parameters()).grad.clone()
    assert results[True][0] == pytest.approx(results[False][0], abs=1e-5)
    assert not torch.allclose(results[True][1], results[False][1], rtol=1e-2)


def test_simsiam_gradient_is_that_of_constant_targets():
    method = make_method("simsiam")
    views = make_views(method)
    step = method(views)
    step.loss.backward()
    actual = [p.grad.clone() for p in method.projector.parameters()]
    method.zero_grad()
    z1, z2 = (method.encode(x)[1] for x in views.x)
    c1, c2 = step.z1.detach(), step.z2.detach()
    p1, p2 = method.predictor(z1), method.predictor(z2)
    cosine = torch.nn.CosineSimilarity()
    (-(cosine(p1, c2).mean() + cosine(p2, c1).mean()) / 2).backward()
    for parameter, expected in zip(method.projector.parameters(), actual, strict=True):
        assert torch.allclose(parameter.grad, expected, atol=1e-6)


@pytest.mark.parametrize("name", ["byol", "simsiam"])
def test_predictor_off_means_prediction_is_embedding(name):
    method = make_method(name, predictor=False)
    method(make_views(method)).loss.backward()
    assert all(p.grad is None for p in method.predictor.parameters())
    assert all(p.grad is not None for p in method.projector.parameters())


def test_simsiam_collapses_without_stop_gradient_and_output_norm():
    method = make_method("simsiam", stop_gradient=False, output_norm=False, predictor=False)
    losses = train(method, adam(method, 0.02), range(60), total=60)
    assert losses[-1] < -0.97
    with torch.no_grad():
        z = method(make_views(method)).z1
    z = unit(z)
    assert (z @ z.T).mean() > 0.95
