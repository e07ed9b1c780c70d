"""Negatives drawn from a bank: never the image's own entry where it would be called wrong."""

from math import exp, log

import pytest
import torch
from small_methods import N, make_batch, make_method, make_views

from sslviz.methods.instance.npid import instance_nce
from sslviz.methods.instance.pirl import pretext_nce
from sslviz.methods.pieces.memory import Bank

TAU = 0.1


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def unit_rows(n, d, seed=0):
    x = torch.randn(n, d, generator=generator(seed), dtype=torch.float64)
    return x / x.norm(dim=1, keepdim=True)


def pretext_loop(v, bank, index, others, tau):
    total = 0.0
    for row, i in zip(v, index.tolist(), strict=True):
        own = exp(float(row @ bank[i]) / tau)
        wrong = sum(exp(float(row @ bank[j]) / tau) for j in others.tolist() if j != i)
        total -= log(own / (own + wrong)) / len(v)
    return total


@pytest.mark.parametrize("draws", [(1, 2, 3), (5, 5, 0, 1), (0,), (5, 0, 8, 2, 8, 8)])
def test_pretext_nce_equals_a_loop_over_other_images(draws, device):
    v, bank, index = unit_rows(4, 3), unit_rows(9, 3, 1), torch.tensor([5, 0, 8, 2])
    others = torch.tensor(draws)
    actual = pretext_nce(*(x.to(device) for x in (v, bank, index, others)), 0.2)
    assert actual.item() == pytest.approx(pretext_loop(v, bank, index, others, 0.2), rel=1e-12)


def test_pretext_nce_derivatives_where_some_draws_are_the_images_own():
    v, bank, index = unit_rows(4, 3).requires_grad_(), unit_rows(9, 3, 1), torch.arange(4)
    others = torch.tensor([0, 1, 7, 7, 2])
    assert torch.autograd.gradcheck(lambda v: pretext_nce(v, bank, index, others, 0.5), v)


def test_with_as_many_draws_as_images_the_loss_can_still_be_small():
    """All entries at right angles, every image on its own: what the draws leave of the loss."""
    n = 1024
    bank, index = torch.eye(n), torch.arange(n)
    others = torch.randint(n, (n,), generator=generator())
    times = torch.bincount(others, minlength=n)
    floor = (1 + (n - times) * exp(-1 / TAU)).log().mean().item()
    loss = pretext_nce(bank, bank, index, others, TAU).item()
    assert loss == pytest.approx(floor, rel=1e-4) and loss < 0.05
    blind = (1 + times + (n - times) * exp(-1 / TAU)).log().mean().item()
    assert blind == pytest.approx(0.6, abs=0.03)  # with the own entry among the negatives


def test_equal_entries_give_pirl_its_chance_level():
    method = make_method("pirl", negatives=4096, tau=0.5)
    method.bank.vectors = method.bank.vectors[:1].expand(N, -1).clone()
    step = method(make_views(method))
    assert step.terms["whole"].item() == pytest.approx(method.chance_loss(N), abs=2e-3)


def test_pirl_counts_no_image_as_its_own_negative():
    """A bank in which only the own entry is near: blind to it, both losses fall under 1%."""
    method = make_method("pirl", negatives=200, tau=0.02, embedding=64).eval()
    views = make_views(method)
    z = method.encode(views.x[0])[1].detach()
    v = torch.nn.functional.normalize(z, dim=1)
    away = -v.mean(0, keepdim=True).expand(N, -1)
    for i in range(N):
        method.bank.vectors = torch.nn.functional.normalize(away, dim=1).clone()
        method.bank.vectors[i] = v[i]
        loss = pretext_nce(
            v[i : i + 1], method.bank.vectors, torch.tensor([i]), views.extra["others"], 0.02
        )
        assert loss.item() < 0.01


def test_noise_that_holds_the_own_entry_makes_the_softmax_the_optimum_of_nce():
    """At the true probabilities the expected gradient is 0; without the own entry it is not."""
    counts = torch.tensor([1, 2, 3, 4])
    n, p = len(counts), counts.double() / counts.sum()
    index = torch.arange(n).repeat_interleave(counts)  # how often each answer is the true one
    bank, one = torch.eye(n, dtype=torch.float64), torch.ones((), dtype=torch.float64)
    everyone = torch.arange(n).expand(len(index), n)
    strangers = torch.stack([torch.arange(n)[torch.arange(n) != i] for i in index])
    slopes = {}
    for name, noise in (("everyone", everyone), ("strangers", strangers)):
        log_p = p.log().requires_grad_()  # z itself, where the bank is the unit matrix
        loss = instance_nce(log_p.expand(len(index), n), bank, index, noise, 1.0, one)
        slopes[name] = torch.autograd.grad(loss, log_p)[0].abs().max().item()
    assert slopes["everyone"] < 1e-12 and slopes["strangers"] > 0.01


def test_partition_equals_a_loop_and_stays_in_float32_under_autocast(device):
    bank, z = Bank(9, 4).to(device), unit_rows(3, 4).float().to(device)
    expected = sum(exp(float(a @ v) / TAU) for a in z for v in bank.vectors) / 3
    assert bank.partition(z, TAU).item() == pytest.approx(expected, rel=1e-5)
    with torch.autocast(device.type, torch.bfloat16):
        assert bank.partition(z, TAU).item() == pytest.approx(expected, rel=1e-5)


def test_z_follows_a_live_change_of_the_temperature():
    method = make_method("npid", loss="nce", noise=8, tau=0.5)
    method(make_views(method))
    method.after_step(0.1)
    first = method.normaliser.clone()
    method.set_knobs({"noise": 16, "tau": 0.5})
    method(make_views(method, 1))
    assert torch.equal(method.normaliser, first)  # the same temperature, the same constant

    method.set_knobs({"tau": 0.1})
    views = make_views(method, 2)
    z = torch.nn.functional.normalize(method.encode(views.x[0])[1], dim=1)
    expected = method.bank.partition(z.detach(), 0.1)
    step = method(views)
    assert method.normaliser.item() == pytest.approx(expected.item(), rel=1e-4)
    assert not torch.isclose(method.normaliser, first, rtol=0.5)
    unit, bank = torch.nn.functional.normalize(step.z1, dim=1), method.bank.vectors
    loss = instance_nce(
        unit, bank, make_batch().index, views.extra["noise"], 0.1, method.normaliser
    )
    assert step.loss.item() == pytest.approx(loss.item(), rel=1e-5)
    method(make_views(method, 3))
    assert method.normaliser.item() == pytest.approx(expected.item(), rel=1e-4)
