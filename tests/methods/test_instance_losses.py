"""NPID: softmax and NCE against plain loops; the bank against a plain dictionary."""

from math import exp, log

import pytest
import torch
from small_methods import N, adam, make_batch, make_method, make_views, train

from sslviz.methods.instance.npid import instance_nce, instance_softmax
from sslviz.methods.pieces.memory import Bank


def unit_rows(n, d, seed=0):
    x = torch.randn(n, d, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    return x / x.norm(dim=1, keepdim=True)


def dot(a, b):
    return sum(x * y for x, y in zip(a, b, strict=True))


def test_instance_softmax_equals_a_loop(device):
    z, bank, index = unit_rows(4, 3), unit_rows(9, 3, 1), torch.tensor([5, 0, 8, 2])
    expected = 0.0
    for row, i in zip(z.tolist(), index.tolist(), strict=True):
        odds = [exp(dot(row, v) / 0.2) for v in bank.tolist()]
        expected -= log(odds[i] / sum(odds)) / len(z)
    actual = instance_softmax(z.to(device), bank.to(device), index.to(device), 0.2)
    assert actual.item() == pytest.approx(expected, rel=1e-12)


def test_instance_softmax_of_a_bank_of_equal_entries_is_its_chance_level():
    z, bank = unit_rows(4, 3), unit_rows(1, 3, 1).expand(9, 3)
    assert instance_softmax(z, bank, torch.arange(4), 0.1).item() == pytest.approx(log(9))
    assert make_method("npid").chance_loss(8) == pytest.approx(log(N))


def nce_loop(z, bank, index, noise, tau, normaliser):
    n, m, total = len(bank), noise.shape[1], 0.0
    for row, i, others in zip(z.tolist(), index.tolist(), noise.tolist(), strict=True):

        def h(j, row=row):
            p = exp(dot(row, bank[j].tolist()) / tau) / normaliser
            return p / (p + m / n)

        total -= log(h(i)) + sum(log(1 - h(j)) for j in others)
    return total / len(z)


def test_instance_nce_equals_a_loop(device):
    z, bank, index = unit_rows(4, 3), unit_rows(9, 3, 1), torch.tensor([5, 0, 8, 2])
    noise = torch.randint(9, (4, 6), generator=torch.Generator().manual_seed(0))
    normaliser = torch.tensor(31.0, dtype=torch.float64)
    actual = instance_nce(
        *(x.to(device) for x in (z, bank, index, noise)), 0.2, normaliser.to(device)
    )
    assert actual.item() == pytest.approx(nce_loop(z, bank, index, noise, 0.2, 31.0), rel=1e-10)


def test_loss_derivatives():
    z, bank, index = unit_rows(4, 3).requires_grad_(), unit_rows(9, 3, 1), torch.arange(4)
    noise, normaliser = torch.arange(8).reshape(4, 2), torch.tensor(20.0, dtype=torch.float64)
    assert torch.autograd.gradcheck(lambda z: instance_softmax(z, bank, index, 0.5), z)
    assert torch.autograd.gradcheck(
        lambda z: instance_nce(z, bank, index, noise, 0.5, normaliser), z
    )


def test_bank_moves_the_seen_entries_only_and_keeps_them_on_the_sphere():
    bank = Bank(6, 3)
    before, fresh = bank.vectors.clone(), unit_rows(2, 3).float()
    bank.update(torch.tensor([4, 1]), fresh, 0.25)
    for place, new in ((4, fresh[0]), (1, fresh[1])):
        mixed = 0.25 * before[place] + 0.75 * new
        assert torch.allclose(bank.vectors[place], mixed / mixed.norm(), atol=1e-6)
    assert torch.equal(bank.vectors[[0, 2, 3, 5]], before[[0, 2, 3, 5]])
    bank.update(torch.tensor([0]), fresh[:1], 0.0)
    assert bank.ages().tolist() == [0, 1, -1, -1, 1, -1]


def test_npid_remembers_its_images_under_their_places():
    method = make_method("npid", bank_momentum=0.0)
    step = method(make_views(method))
    method.after_step(0.1)
    expected = torch.nn.functional.normalize(step.z1, dim=1)
    assert torch.allclose(method.bank.vectors[make_batch().index], expected, atol=1e-6)


def test_npid_with_nce_trains_and_keeps_its_first_normaliser():
    method = make_method("npid", loss="nce", noise=32, tau=0.5)
    optimizer = adam(method)
    first = train(method, optimizer, range(1))
    normaliser = method.normaliser.clone()
    assert normaliser > 0
    later = train(method, optimizer, range(1, 30), total=30)
    assert torch.equal(method.normaliser, normaliser) and later[-1] < first[0]


def test_proximal_term_is_the_distance_to_the_old_entry():
    plain, pulled = make_method("npid"), make_method("npid", proximal=10.0)
    a, b = plain(make_views(plain)), pulled(make_views(pulled))
    expected = (torch.nn.functional.normalize(a.z1, dim=1) - a.z2).pow(2).sum(1).mean()
    assert b.loss.item() - a.loss.item() == pytest.approx(10 * expected.item(), rel=1e-4)
