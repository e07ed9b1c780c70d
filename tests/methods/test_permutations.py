"""Jigsaw's list of shuffles: how far apart, always the same, and the one a run began with."""

import subprocess
import sys

import pytest
import torch
from small_methods import Noise, make_batch, make_method, make_views

from sslviz.methods.pieces.tiles import (
    all_permutations,
    distant_permutations,
    early_permutations,
)


def smallest_distance(permutations):
    """Of all pairs: in how many of the nine places the two that are most alike differ."""
    apart = (permutations[:, None] != permutations).sum(-1)
    return int(apart[~torch.eye(len(permutations), dtype=torch.bool)].min())


def test_all_permutations_come_once_in_the_order_of_a_dictionary():
    table = all_permutations(4).tolist()
    assert table == sorted(table) and len({tuple(row) for row in table}) == 24
    assert all(sorted(row) == [0, 1, 2, 3] for row in table)
    assert all_permutations(9).shape == (362_880, 9)


@pytest.mark.parametrize(("count", "apart"), [(9, 9), (64, 7), (100, 6), (1000, 5)])
def test_permutations_are_as_far_apart_as_promised(count, apart):
    chosen = distant_permutations(count)
    assert chosen.shape == (count, 9) and chosen.dtype == torch.int64
    assert all(sorted(row) == list(range(9)) for row in chosen.tolist())
    assert smallest_distance(chosen) == apart
    assert smallest_distance(early_permutations(count)) <= apart


def test_the_greedy_choice_is_the_first_of_the_most_distant():
    """The first twelve, by a search without any shortcut."""
    table = all_permutations(9).long()
    nearest = torch.full((len(table),), 9)
    expected = [table[0]]
    for _ in range(11):
        nearest = torch.minimum(nearest, (table != expected[-1]).sum(1))
        expected.append(table[int((nearest == nearest.max()).nonzero()[0])])
    assert torch.equal(distant_permutations(12), torch.stack(expected))


@pytest.mark.parametrize("count", [2, 3, 2000])
def test_any_count_a_knob_allows_is_served(count):
    chosen = distant_permutations(count)
    assert len({tuple(row) for row in chosen.tolist()}) == count
    assert torch.equal(chosen[:3], distant_permutations(64)[: min(3, count)])


def test_another_process_makes_the_same_list():
    code = (
        "from sslviz.methods.pieces.tiles import distant_permutations as d; print(d(20).tolist())"
    )
    said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert said.stdout.strip() == str(distant_permutations(20).tolist())


def test_a_run_keeps_its_list_in_its_checkpoint():
    first, second = make_method("jigsaw", permutations=12), make_method("jigsaw", permutations=12)
    first.orders[:] = first.orders.flip(0)
    second.load_state_dict(first.state_dict())
    assert torch.equal(second.orders, first.orders)
    assert torch.equal(make_method("jigsaw", permutations=12).orders, distant_permutations(12))


def test_a_checkpoint_without_a_list_goes_on_with_the_one_it_was_trained_with():
    saved = make_method("jigsaw", permutations=12, standardise=False)
    early = {key: value for key, value in saved.state_dict().items() if key != "orders"}
    method = make_method("jigsaw", seed=1, permutations=12, standardise=False)
    method.load_state_dict(early)
    assert torch.equal(method.orders, early_permutations(12))
    assert not torch.equal(method.orders, distant_permutations(12))

    views = make_views(method)
    method.orders.copy_(distant_permutations(12))
    assert not torch.equal(torch.stack(make_views(method).x), torch.stack(views.x))


def test_the_list_moves_with_the_method(device):
    method = make_method("jigsaw", permutations=12).to(device)
    batch = make_batch()
    assert method.orders.device.type == device.type
    views = method.views(
        type(batch)(*(x.to(device) for x in (batch.images, batch.index, batch.labels))), Noise()
    )
    assert views.target is not None and views.target.device.type == device.type
