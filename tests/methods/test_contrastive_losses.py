"""NT-Xent, MoCo's InfoNCE and the losses after them against plain loops and closed forms."""

from math import exp, log

import pytest
import torch
from small_methods import make_method

from sslviz.methods.baseline.supcon import sup_con
from sslviz.methods.contrastive.dcl import decoupled
from sslviz.methods.contrastive.moco import info_nce
from sslviz.methods.contrastive.mocov3 import batch_info_nce
from sslviz.methods.contrastive.nnclr import nearest, neighbour_nce
from sslviz.methods.contrastive.simclr import nt_xent


def unit_rows(n, d, seed=0):
    x = torch.randn(n, d, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    return x / x.norm(dim=1, keepdim=True)


def dot(a, b):
    return sum(x * y for x, y in zip(a, b, strict=True))


def nt_xent_loop(z1, z2, tau):
    z, n = z1.tolist() + z2.tolist(), len(z1)
    total = 0.0
    for i in range(2 * n):
        j = (i + n) % (2 * n)
        below = sum(exp(dot(z[i], z[k]) / tau) for k in range(2 * n) if k != i)
        total -= log(exp(dot(z[i], z[j]) / tau) / below)
    return total / (2 * n)


@pytest.mark.parametrize("tau", [0.1, 0.5, 1.0])
def test_nt_xent_equals_a_loop(tau, device):
    z1, z2 = unit_rows(6, 4), unit_rows(6, 4, 1)
    actual = nt_xent(z1.to(device), z2.to(device), tau).item()
    assert actual == pytest.approx(nt_xent_loop(z1, z2, tau), rel=1e-12)


def test_nt_xent_of_equal_embeddings_is_its_chance_level():
    z = torch.ones(8, 3) / 3**0.5
    assert nt_xent(z, z, 0.2).item() == pytest.approx(log(15), rel=1e-6)
    assert make_method("simclr").chance_loss(8) == pytest.approx(log(15))


def test_nt_xent_without_negatives_only_pulls():
    z1, z2 = unit_rows(6, 4), unit_rows(6, 4, 1)
    expected = -(z1 * z2).sum(1).mean().item() / 0.3
    assert nt_xent(z1, z2, 0.3, negatives=False).item() == pytest.approx(expected)


def test_nt_xent_does_not_care_which_view_is_first():
    z1, z2 = unit_rows(6, 4), unit_rows(6, 4, 1)
    assert nt_xent(z1, z2, 0.2).item() == pytest.approx(nt_xent(z2, z1, 0.2).item(), rel=1e-12)


def info_nce_loop(q, k, queue, tau):
    total = 0.0
    for query, key in zip(q.tolist(), k.tolist(), strict=True):
        positive = exp(dot(query, key) / tau)
        total -= log(positive / (positive + sum(exp(dot(query, o) / tau) for o in queue.tolist())))
    return total / len(q)


@pytest.mark.parametrize("tau", [0.07, 0.2, 1.0])
def test_info_nce_equals_a_loop(tau, device):
    q, k, queue = unit_rows(5, 4), unit_rows(5, 4, 1), unit_rows(9, 4, 2)
    actual = info_nce(q.to(device), k.to(device), queue.to(device), tau).item()
    assert actual == pytest.approx(info_nce_loop(q, k, queue, tau), rel=1e-12)


def test_info_nce_of_equal_embeddings_is_its_chance_level():
    q = torch.ones(4, 3) / 3**0.5
    assert info_nce(q, q, q[:1].expand(10, 3), 0.07).item() == pytest.approx(log(11), rel=1e-5)
    assert make_method("moco", queue=64).chance_loss(8) == pytest.approx(log(65))


def test_loss_derivatives():
    z1, z2 = (unit_rows(3, 4, s).requires_grad_() for s in (0, 1))
    assert torch.autograd.gradcheck(lambda a, b: nt_xent(a, b, 0.5), (z1, z2))
    queue = unit_rows(5, 4, 2)
    assert torch.autograd.gradcheck(lambda a, b: info_nce(a, b, queue, 0.5), (z1, z2))


def test_losses_of_bfloat16_vectors_are_computed_in_float32():
    z1, z2 = unit_rows(6, 4).bfloat16(), unit_rows(6, 4, 1).bfloat16()
    with torch.autocast("cpu", torch.bfloat16):
        actual = nt_xent(z1, z2, 0.1)
    expected = nt_xent_loop(z1.double(), z2.double(), 0.1)
    assert actual.dtype == torch.float32 and actual.item() == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("tau", [0.1, 1.0])
def test_batch_info_nce_equals_a_loop(tau, device):
    q, k = unit_rows(6, 4), unit_rows(6, 4, 1)
    expected = (
        2
        * tau
        * sum(
            info_nce_loop(q[i : i + 1], k[i : i + 1], torch.cat([k[:i], k[i + 1 :]]), tau)
            for i in range(6)
        )
        / 6
    )
    actual = batch_info_nce(q.to(device), k.to(device), tau).item()
    assert actual == pytest.approx(expected, rel=1e-12)


def test_moco_v3_of_equal_embeddings_is_at_its_chance_level():
    q = torch.ones(8, 3, dtype=torch.float64) / 3**0.5
    chance = make_method("mocov3", tau=0.3).chance_loss(8)
    assert 2 * batch_info_nce(q, q, 0.3).item() == pytest.approx(chance)


def dcl_loop(z1, z2, tau, sigma=None):
    z, n, total = z1.tolist() + z2.tolist(), len(z1), 0.0
    pairs = [exp(dot(z[i], z[i + n]) / sigma) for i in range(n)] if sigma else []
    for i in range(2 * n):
        j = (i + n) % (2 * n)
        weight = 2 - pairs[i % n] / (sum(pairs) / n) if sigma else 1
        below = sum(exp(dot(z[i], z[k]) / tau) for k in range(2 * n) if k not in (i, j))
        total += -weight * dot(z[i], z[j]) / tau + log(below)
    return total / (2 * n)


@pytest.mark.parametrize("sigma", [None, 0.5])
def test_decoupled_loss_equals_a_loop(sigma, device):
    z1, z2 = unit_rows(6, 4), unit_rows(6, 4, 1)
    actual = decoupled(z1.to(device), z2.to(device), 0.3, sigma).item()
    assert actual == pytest.approx(dcl_loop(z1, z2, 0.3, sigma), rel=1e-10)


def test_the_weights_of_dclw_are_constants_to_the_gradient():
    z1, z2 = (unit_rows(6, 4, seed).requires_grad_() for seed in (0, 1))
    slopes = torch.autograd.grad(decoupled(z1, z2, 0.3, 0.5), (z1, z2))
    positive = (z1 * z2).sum(1)
    weight = torch.tensor([2 - 6 * p for p in (positive.detach() / 0.5).softmax(0).tolist()])
    fixed = decoupled(z1, z2, 0.3) + ((1 - weight) * positive).mean() / 0.3
    for slope, expected in zip(slopes, torch.autograd.grad(fixed, (z1, z2)), strict=True):
        assert torch.allclose(slope, expected, atol=1e-6)


def test_a_gradient_through_dclws_weights_would_pull_the_closest_pair_apart():
    s = torch.tensor([0.9, 0.2, -0.1, 0.4], dtype=torch.float64).requires_grad_()
    weight = 2 - 4 * (s / 0.5).softmax(0)
    assert weight.sum().item() == pytest.approx(4)
    through = torch.autograd.grad(-(weight * s.detach()).sum(), s)[0]
    assert through[0] > 0 > through[2]  # down the loss: the closest apart, the farthest together


def test_decoupled_loss_of_equal_embeddings_is_its_chance_level():
    z = torch.ones(8, 3, dtype=torch.float64) / 3**0.5
    for sigma in (None, 0.5):
        expected = pytest.approx(log(14))
        assert decoupled(z, z, 0.2, sigma).item() == expected
    assert make_method("dcl").chance_loss(8) == pytest.approx(log(14))


def test_decoupling_removes_the_positive_from_the_denominator():
    """Of one view: exp(NT-Xent) = 1 + exp(DCL); so too of the mean where all views are alike."""
    z = unit_rows(1, 4).expand(3, 4)
    coupled, apart = nt_xent(z, z, 0.5), decoupled(z, z, 0.5)
    assert coupled.exp().item() == pytest.approx(1 + apart.exp().item())


def test_nearest_finds_what_a_loop_finds(device):
    z, queue = unit_rows(5, 4), unit_rows(20, 4, 1)
    expected = [max(queue.tolist(), key=lambda v, row=row: dot(row, v)) for row in z.tolist()]
    assert nearest(z.to(device), queue.to(device)).tolist() == expected


def test_neighbour_nce_equals_a_loop():
    friend, p = unit_rows(6, 4), unit_rows(6, 4, 1)
    expected = (
        sum(
            info_nce_loop(friend[i : i + 1], p[i : i + 1], torch.cat([p[:i], p[i + 1 :]]), 0.1)
            for i in range(6)
        )
        / 6
    )
    assert neighbour_nce(friend, p, 0.1).item() == pytest.approx(expected, rel=1e-12)


def test_nnclr_friend_comes_from_the_queue_and_carries_no_gradient():
    method = make_method("nnclr")
    z = unit_rows(4, 16).float().requires_grad_()
    friends = method.friend(z)
    assert not friends.requires_grad
    assert all((method.queue.vectors == row).all(1).any() for row in friends)
    method.set_knobs({"neighbours": False})
    assert torch.equal(method.friend(z), z.detach()) and not method.friend(z).requires_grad


def sup_con_loop(z1, z2, labels, tau):
    z, n, total = z1.tolist() + z2.tolist(), len(z1), 0.0
    for i in range(2 * n):
        below = sum(exp(dot(z[i], z[a]) / tau) for a in range(2 * n) if a != i)
        positives = [
            p
            for p in range(2 * n)
            if p != i and (p % n == i % n or labels[p % n] == labels[i % n] >= 0)
        ]
        total -= sum(log(exp(dot(z[i], z[p]) / tau) / below) for p in positives) / len(positives)
    return total / (2 * n)


@pytest.mark.parametrize("labels", [[0, 1, 0, 2, 1, 0], [-1, -1, 3, 3, -1, 0]])
def test_sup_con_equals_a_loop(labels, device):
    z1, z2 = unit_rows(6, 4), unit_rows(6, 4, 1)
    actual = sup_con(z1.to(device), z2.to(device), torch.tensor(labels, device=device), 0.2)
    assert actual.item() == pytest.approx(sup_con_loop(z1, z2, labels, 0.2), rel=1e-10)


def test_sup_con_without_labels_is_nt_xent():
    z1, z2 = unit_rows(6, 4), unit_rows(6, 4, 1)
    unknown = torch.full((6,), -1)
    assert sup_con(z1, z2, unknown, 0.2).item() == pytest.approx(nt_xent(z1, z2, 0.2).item())


def test_derivatives_of_the_later_contrastive_losses():
    z1, z2 = (unit_rows(3, 4, s).requires_grad_() for s in (0, 1))
    labels = torch.tensor([0, 0, 1])
    for loss in (
        lambda a, b: batch_info_nce(a, b, 0.5),
        lambda a, b: decoupled(a, b, 0.5),
        lambda a, b: neighbour_nce(a, b, 0.5),
        lambda a, b: sup_con(a, b, labels, 0.5),
    ):
        assert torch.autograd.gradcheck(loss, (z1, z2))
