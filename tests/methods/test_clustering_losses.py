"""SwAV and DINO: balance, swapped prediction, centring, teacher; and SimCLR v2's memory."""

from math import exp, log

import numpy as np
import pytest
import torch
from small_methods import N, adam, make_method, make_views, train

from sslviz.methods.clustering.dino import teach
from sslviz.methods.clustering.swav import sinkhorn, swapped
from sslviz.methods.contrastive.simclr import nt_xent
from sslviz.methods.contrastive.simclrv2 import nt_xent_with_memory
from sslviz.methods.pieces.momentum import momentum_at


def rows(n, d, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(n, d, generator=generator, dtype=torch.float64)


def unit_rows(n, d, seed=0):
    return torch.nn.functional.normalize(rows(n, d, seed), dim=1)


def sinkhorn_numpy(scores, epsilon, iterations):
    """The paper's alternation on probabilities instead of logarithms."""
    q = np.exp(scores / epsilon).T
    q /= q.sum()
    k, n = q.shape
    for _ in range(iterations):
        q /= q.sum(1, keepdims=True) * k
        q /= q.sum(0, keepdims=True) * n
    return (q * n).T


@pytest.mark.parametrize("iterations", [1, 3, 10])
def test_sinkhorn_equals_the_alternation_on_probabilities(iterations, device):
    scores = rows(12, 5).clamp(-1, 1)
    actual = sinkhorn(scores.to(device), 0.1, iterations).cpu().numpy()
    assert np.allclose(actual, sinkhorn_numpy(scores.numpy(), 0.1, iterations), atol=1e-10)


def test_sinkhorn_codes_use_all_prototypes_alike():
    q = sinkhorn(rows(40, 5), 0.5, 200)
    assert torch.allclose(q.sum(1), torch.ones(40, dtype=q.dtype))
    assert torch.allclose(q.sum(0), torch.full((5,), 8.0, dtype=q.dtype), atol=1e-6)
    assert not q.requires_grad


@pytest.mark.parametrize("loss", ["swapped", "teach"])
def test_cross_entropy_of_two_distributions_equals_a_loop(loss, device):
    s, t = rows(4, 6), rows(4, 6, 1)
    total = 0.0
    for predicted, target in zip(s.tolist(), t.tolist(), strict=True):
        p = [exp(v / 0.2) for v in predicted]
        q = [exp(v / 0.1) for v in target]
        total -= sum(b / sum(q) * log(a / sum(p)) for a, b in zip(p, q, strict=True))
    s, t = s.to(device), t.to(device)
    actual = swapped(s, (t / 0.1).softmax(1), 0.2) if loss == "swapped" else teach(s, t, 0.2, 0.1)
    assert actual.item() == pytest.approx(total / 4)


def test_undecided_outputs_are_at_chance_level():
    flat = torch.zeros(4, 16)
    assert teach(flat, flat, 0.1, 0.04).item() == pytest.approx(log(16))
    assert swapped(flat, sinkhorn(flat, 0.05, 3), 0.1).item() == pytest.approx(log(16))
    for name in ("swav", "dino"):
        assert make_method(name, prototypes=16).chance_loss(8) == pytest.approx(log(16))


def test_targets_carry_no_gradient():
    s, t = rows(4, 6).requires_grad_(), rows(4, 6, 1).requires_grad_()
    teach(s, t, 0.2, 0.1).backward()
    assert s.grad is not None and t.grad is None


def test_loss_derivatives():
    codes = rows(4, 6, 1).softmax(1)
    assert torch.autograd.gradcheck(lambda s: swapped(s, codes, 0.5), rows(4, 6).requires_grad_())
    z1, z2, memory = (unit_rows(3, 4, seed) for seed in range(3))
    z1, z2 = z1.requires_grad_(), z2.requires_grad_()
    assert torch.autograd.gradcheck(lambda a, b: nt_xent_with_memory(a, b, memory, 0.5), (z1, z2))


def test_swav_prototypes_stay_frozen_for_their_share_and_on_the_sphere():
    method = make_method("swav", prototypes=16, frozen_share=0.2)
    start = method.prototypes.clone()
    optimizer = adam(method)
    train(method, optimizer, range(4), total=20)
    assert torch.allclose(method.prototypes, start, atol=1e-6)
    train(method, optimizer, range(4, 8), total=20)
    assert not torch.allclose(method.prototypes, start, atol=1e-4)
    assert torch.allclose(method.prototypes.norm(dim=1), torch.ones(16))


def test_swav_prototypes_are_used_more_evenly_with_balance():
    entropy = {}
    for balanced in (True, False):
        method = make_method("swav", prototypes=8, balanced=balanced)
        method(make_views(method))
        use = method.observe()["prototype_use"]
        assert use.sum().item() == pytest.approx(1, abs=1e-5)
        entropy[balanced] = -(use * use.log()).sum().item()
    assert entropy[True] > 0.98 * log(8) > entropy[False]


def test_dino_centre_is_the_moving_average_of_teacher_outputs():
    method = make_method("dino", prototypes=16, centre_momentum=0.75)
    views = make_views(method)
    with torch.no_grad():
        outputs = torch.cat([method.teacher(x) for x in views.x])
    method(views)
    method.after_step(0.5)
    assert torch.allclose(method.centre, 0.25 * outputs.mean(0), atol=1e-6)


def test_dino_teacher_follows_the_student():
    method = make_method("dino", momentum=0.5)
    before = [p.clone() for p in method.teacher.parameters()]
    train(method, adam(method), range(1), total=2)
    m = momentum_at(0.5, 0.5)
    pairs = zip(before, method.teacher.parameters(), method.student().parameters(), strict=True)
    for old, teacher, student in pairs:
        assert torch.allclose(teacher, m * old + (1 - m) * student, atol=1e-6)


def test_dino_without_centring_uses_fewer_prototypes():
    use = {}
    for centring in (True, False):
        method = make_method("dino", prototypes=16, centring=centring, momentum=0.9)
        train(method, adam(method), range(40), total=40)
        method(make_views(method))
        use[centring] = method.observe()["prototype_use"].max().item()
    assert use[False] > use[True]


def test_nt_xent_with_memory_equals_a_loop(device):
    z1, z2, memory = unit_rows(4, 3), unit_rows(4, 3, 1), unit_rows(5, 3, 2)
    z, total = torch.cat([z1, z2]), 0.0
    for i in range(8):
        positive = exp((z[i] @ z[(i + 4) % 8]).item() / 0.3)
        inside = sum(exp((z[i] @ z[k]).item() / 0.3) for k in range(8) if k != i)
        outside = sum(exp((z[i] @ v).item() / 0.3) for v in memory)
        total -= log(positive / (inside + outside)) / 8
    actual = nt_xent_with_memory(*(x.to(device) for x in (z1, z2, memory)), 0.3)
    assert actual.item() == pytest.approx(total)


def test_nt_xent_with_empty_memory_is_nt_xent():
    z1, z2 = unit_rows(4, 3), unit_rows(4, 3, 1)
    empty = torch.empty(0, 3, dtype=torch.float64)
    assert nt_xent_with_memory(z1, z2, empty, 0.3).item() == pytest.approx(
        nt_xent(z1, z2, 0.3).item()
    )


def test_simclr_v2_fills_its_memory_with_the_moving_copy():
    method = make_method("simclrv2")
    views = make_views(method)
    with torch.no_grad():
        expected = method.copy_projector(method.copy_backbone(torch.cat(views.x)))
    method(views)
    method.after_step(0.1)
    stored = method.queue.vectors[: 2 * N]
    assert torch.allclose(stored, torch.nn.functional.normalize(expected, dim=1), atol=1e-6)
