"""The context encoder's adversarial switch: gradients of both sides, taken apart by hand."""

from math import exp, log

import pytest
import torch
import torch.nn.functional as F
from small_methods import make_method, make_views

from sslviz.methods.generative.context_encoder import adversarial_loss, reversed_gradient
from sslviz.methods.pieces.decoder import Discriminator, pixel_error

WEIGHT = 0.3


def test_adversarial_loss_equals_a_loop_and_its_chance_level(device):
    real, painted = torch.tensor([0.3, -1.2, 2.0]), torch.tensor([0.1, 0.9, -0.4])
    expected = 0.0
    for a, b in zip(real.tolist(), painted.tolist(), strict=True):
        expected -= (log(1 / (1 + exp(-a))) + log(1 - 1 / (1 + exp(-b)))) / 3
    actual = adversarial_loss(real.to(device), painted.to(device)).item()
    assert actual == pytest.approx(expected, rel=1e-6)
    assert adversarial_loss(torch.zeros(5), torch.zeros(5)).item() == pytest.approx(log(4))


def test_reversed_gradient_keeps_the_value_and_turns_the_slope():
    x = torch.randn(7, dtype=torch.float64, requires_grad=True)
    turned = reversed_gradient(x)
    assert torch.equal(turned, x)
    (slope,) = torch.autograd.grad((turned**3).sum(), x)
    assert torch.allclose(slope, -3 * x**2)


def gradients(loss, module):
    return torch.autograd.grad(loss, list(module.parameters()), retain_graph=True)


def test_one_backward_pass_trains_painter_and_discriminator_against_each_other():
    method = make_method("context_encoder", adversarial=True, adversarial_weight=WEIGHT)
    views = make_views(method)
    step = method(views)
    step.loss.backward()

    z, _, painted, wanted = method.paint(views)
    hole = views.extra["hole"]
    real = method.discriminator(torch.where(hole == 1, wanted, torch.tensor(0.5)))
    fake = method.discriminator(torch.where(hole == 1, painted, torch.tensor(0.5)))
    ones, zeros = torch.ones_like(real), torch.zeros_like(fake)
    tells = F.binary_cross_entropy_with_logits(real, ones)
    tells = tells + F.binary_cross_entropy_with_logits(fake, zeros)
    error = pixel_error(painted, wanted, hole)
    assert step.loss.item() == pytest.approx((0.7 * error + 0.3 * tells).item(), rel=1e-5)
    assert step.terms["error"].item() == pytest.approx(error.item(), rel=1e-5)
    assert step.terms["discriminator"].item() == pytest.approx(tells.item(), rel=1e-5)

    for p, g in zip(
        method.discriminator.parameters(), gradients(tells, method.discriminator), strict=True
    ):
        assert torch.allclose(p.grad, WEIGHT * g, rtol=1e-4, atol=1e-7)
    for part in (method.decoder, method.backbone, method.projector):
        descend, deceive = gradients(error, part), gradients(tells, part)
        for p, g, d in zip(part.parameters(), descend, deceive, strict=True):
            assert torch.allclose(p.grad, (1 - WEIGHT) * g - WEIGHT * d, rtol=1e-3, atol=1e-6)


def test_switched_off_it_is_the_squared_error_alone():
    method = make_method("context_encoder")
    views = make_views(method)
    step = method(views)
    _, _, painted, wanted = method.paint(views)
    assert torch.equal(step.loss, pixel_error(painted, wanted, views.extra["hole"]))
    assert step.terms == {}
    step.loss.backward()
    assert all(p.grad is None for p in method.discriminator.parameters())


def test_the_discriminator_sees_the_filling_alone():
    method = make_method("context_encoder", adversarial=True, hole=0.25)
    seen = []
    method.discriminator.register_forward_hook(lambda module, x, y: seen.append(x[0]))
    views = make_views(method)
    method(views)
    outside = (views.extra["hole"] == 0).expand(-1, 3, -1, -1)
    assert len(seen) == 2 and all((x[outside] == 0.5).all() for x in seen)
    assert Discriminator()(seen[0]).shape == (len(outside),)


def test_each_side_moves_the_discriminators_error_its_own_way():
    """First it alone learns to tell real from painted; then the painter alone learns to fool it."""
    method = make_method("context_encoder", adversarial=True, adversarial_weight=0.5)
    views = make_views(method)
    errors = [method(views).terms["discriminator"].item()]
    for side in (method.discriminator, method.decoder):
        optimizer = torch.optim.Adam(side.parameters(), 0.003)
        for _ in range(8):
            method.zero_grad()
            method(views).loss.backward()
            optimizer.step()
        errors.append(method(views).terms["discriminator"].item())
    start, told, fooled = errors
    assert told < start - 0.1 and fooled > told + 0.1
