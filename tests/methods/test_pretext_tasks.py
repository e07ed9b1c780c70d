"""Rotations, puzzles, holes and masks: the tasks themselves, against plain code; their losses."""

from math import exp, log

import numpy as np
import pytest
import torch
from small_methods import N, Noise, adam, make_batch, make_method, make_views

from sslviz.methods.baseline.supervised import label_loss
from sslviz.methods.generative.context_encoder import square_hole
from sslviz.methods.instance.exemplar import surrogate_loss
from sslviz.methods.instance.pirl import turned
from sslviz.methods.pieces.decoder import Decoder, canvas, hide, pixel_error
from sslviz.methods.pieces.tiles import cut_tiles, rearranged
from sslviz.methods.pretext.jigsaw import permutation_loss, standardised
from sslviz.methods.pretext.rotnet import quarter_turns, rotation_loss
from sslviz.refusal import Refusal


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def rows(n, d, seed=0):
    return torch.randn(n, d, generator=generator(seed), dtype=torch.float64)


@pytest.mark.parametrize(
    "loss", [rotation_loss, permutation_loss, surrogate_loss, label_loss], ids=lambda f: f.__name__
)
def test_classification_losses_equal_a_loop(loss, device):
    logits, target = rows(6, 4), torch.tensor([3, 0, 1, 2, 2, 0])
    expected = 0.0
    for row, k in zip(logits.tolist(), target.tolist(), strict=True):
        expected -= log(exp(row[k]) / sum(map(exp, row))) / 6
    assert loss(logits.to(device), target.to(device)).item() == pytest.approx(expected)
    assert loss(torch.zeros(6, 4), target).item() == pytest.approx(log(4))
    assert torch.autograd.gradcheck(lambda x: loss(x, target), rows(6, 4).requires_grad_())


def test_unknown_labels_do_not_count():
    logits = rows(4, 3)
    known = label_loss(logits[:2], torch.tensor([0, 2])).item()
    assert label_loss(logits, torch.tensor([0, 2, -1, -1])).item() == pytest.approx(known)
    assert label_loss(logits, torch.full((4,), -1)).item() == 0


def test_supervised_refuses_data_without_labels():
    from small_methods import Small

    from sslviz.methods import card, method_class

    with pytest.raises(Refusal, match="needs labels of at least 2 classes; the data has 0"):
        method_class("supervised")(Small(), card("supervised").config(), 24, 0)


def test_quarter_turns_equal_numpy():
    x = torch.rand(3, 3, 8, 8)
    for turns, result in enumerate(quarter_turns(x)):
        assert np.array_equal(result.numpy(), np.rot90(x.numpy(), turns, axes=(2, 3)))


def test_rotnet_labels_name_the_turn_of_each_image():
    method = make_method("rotnet")
    views = make_views(method)
    upright = views.x[0]
    x = torch.cat(views.x)
    for i in range(len(x)):
        back = torch.rot90(x[i], -int(views.target[i]), dims=(1, 2))
        assert torch.equal(back, upright[i % N])


def test_tiles_are_pieces_of_their_cells():
    """An image whose pixels tell their own place; S = 30, so a cell is 10 and a tile 8 wide."""
    place = torch.arange(900.0).view(1, 1, 30, 30)
    tiles = cut_tiles(place, 0.2, generator())
    assert tiles.shape == (1, 9, 1, 15, 15)
    for k in range(9):
        top, left = 10 * (k // 3), 10 * (k % 3)
        cell = place[0, 0, top : top + 10, left : left + 10]
        low, high = tiles[0, k].min(), tiles[0, k].max()
        corner = cell[int(low - cell[0, 0]) // 30 :, int(low - cell[0, 0]) % 30 :]
        assert low == corner[0, 0] and high.item() == pytest.approx(corner[7, 7].item())


def test_tiles_without_gap_are_the_whole_grid():
    x = torch.rand(2, 3, 12, 12)
    tiles = cut_tiles(x, 0.0, generator())
    for k in range(9):
        cell = x[:, :, 4 * (k // 3) : 4 * (k // 3) + 4, 4 * (k % 3) : 4 * (k % 3) + 4]
        enlarged = torch.nn.functional.interpolate(cell, size=6, mode="bilinear")
        assert torch.allclose(tiles[:, k], enlarged)


def test_rearranged_puts_the_named_tile_in_each_place():
    tiles = torch.arange(18).view(2, 9, 1)
    order = torch.stack([torch.arange(9).flip(0), torch.arange(9).roll(2)])
    expected = [[tiles[i, order[i, p]].item() for p in range(9)] for i in range(2)]
    assert rearranged(tiles, order)[..., 0].tolist() == expected


def test_jigsaw_answer_is_the_permutation_applied():
    method = make_method("jigsaw", standardise=False, permutations=5)
    views = make_views(method)
    torch.manual_seed(0)
    noise = Noise()
    draws = noise.generator("tiles")
    image = noise.view(make_batch().images, 1)
    tiles = cut_tiles(image, method.config.gap, draws)
    shuffled = torch.stack(views.x, dim=1)
    for i in range(N):
        order = method.orders[views.target[i]]
        assert torch.equal(shuffled[i], tiles[i, order])


def test_jigsaw_is_solved_on_few_images():
    method = make_method("jigsaw", permutations=4, gap=0.0)
    optimizer = adam(method, 0.01)
    views = make_views(method)
    for _ in range(60):
        optimizer.zero_grad()
        step = method(views)
        step.loss.backward()
        optimizer.step()
    assert step.terms["accuracy"] > 0.9


def test_standardised_tiles_have_half_as_mean_and_a_quarter_as_deviation():
    tiles = torch.rand(2, 9, 3, 8, 8) * 0.3 + 0.6
    flat = standardised(tiles).flatten(2)
    assert torch.allclose(flat.mean(2), torch.full((2, 9), 0.5), atol=1e-5)
    assert (flat.std(2) - 0.25).abs().max() < 0.06


def test_pixel_error_counts_the_masked_pixels_only(device):
    painted, image = torch.rand(2, 3, 4, 4), torch.rand(2, 3, 4, 4)
    mask = (torch.rand(2, 1, 4, 4, generator=generator()) > 0.5).float()
    total, count = 0.0, 0
    for i, row, col in np.argwhere(mask[:, 0].numpy() == 1):
        total += ((painted[i, :, row, col] - image[i, :, row, col]) ** 2).sum().item()
        count += 3
    actual = pixel_error(painted.to(device), image.to(device), mask.to(device)).item()
    assert actual == pytest.approx(total / count, rel=1e-5)
    assert pixel_error(painted, image, torch.zeros(2, 1, 4, 4)).item() == 0


def test_hole_has_the_asked_size_in_the_middle_or_anywhere():
    centred = square_hole(3, 0.5, True, generator())
    assert torch.equal(centred[0], centred[2])
    assert centred[0, 0, 8:24, 8:24].all() and centred[0].sum() == 256
    anywhere = square_hole(20, 0.25, False, generator())
    assert (anywhere.sum((1, 2, 3)) == 64).all()
    assert len({tuple(hole.flatten().nonzero()[0].tolist()) for hole in anywhere}) > 10


def test_hidden_pixels_cannot_be_seen():
    mask = square_hole(N, 0.5, False, generator())
    a, b = torch.rand(N, 3, 32, 32), torch.rand(N, 3, 32, 32)
    mixed = a * (1 - mask) + b * mask
    assert torch.equal(hide(a, mask), hide(mixed, mask))
    assert (hide(a, mask)[mask.expand(-1, 3, -1, -1) == 1] == 0.5).all()
    assert hide(torch.rand(N, 3, 64, 64), mask).shape == (N, 3, 64, 64)


@pytest.mark.parametrize("side", [16, 32, 96])
def test_decoder_paints_the_canvas_whatever_the_input_size(side):
    assert canvas(torch.rand(2, 3, side, side)).shape == (2, 3, 32, 32)
    assert Decoder(8)(torch.randn(2, 8)).shape == (2, 3, 32, 32)
    image = torch.rand(2, 3, 32, 32)
    assert torch.equal(canvas(image), image)


@pytest.mark.parametrize("transform", ["jigsaw", "rotation"])
def test_pirl_transforms_the_image_and_its_loss_is_the_weighted_sum(transform):
    method = make_method("pirl", transform=transform, tiles_weight=0.25, negatives=16)
    step = method(make_views(method))
    expected = 0.25 * step.terms["transformed"] + 0.75 * step.terms["whole"]
    assert step.loss.item() == pytest.approx(expected.item(), rel=1e-6)
    method.after_step(0.1)
    stored = 0.5 * torch.nn.functional.normalize(step.z1, dim=1)
    assert ((method.bank.vectors * stored).sum(1) > 0).float().mean() > 0.9


def test_pirl_rotation_turns_each_image_by_its_own_quarter_turns():
    x = torch.rand(40, 3, 8, 8, generator=generator())
    counts = [0, 0, 0, 0]
    for image, result in zip(x, turned(x, generator(1)), strict=True):
        ways = [np.array_equal(np.rot90(image, k, axes=(1, 2)), result) for k in range(4)]
        assert sum(ways) == 1
        counts[ways.index(True)] += 1
    assert min(counts) > 3


def test_pirl_rotation_reads_one_turned_copy_through_a_head_of_its_own():
    method = make_method("pirl", transform="rotation", tiles_weight=1.0, negatives=16)
    views = make_views(method)
    copy = views.extra["pieces"]
    assert copy.shape == (N, 1, 3, 16, 16)
    step = method(views)
    assert torch.allclose(step.z2, method.head(method.backbone(copy[:, 0])), atol=1e-5)
    v = torch.nn.functional.normalize(step.z2, dim=1)
    bank, total = method.bank.vectors, 0.0
    for i in range(N):
        others = (j for j in views.extra["others"].tolist() if j != i)
        scores = [exp((v[i] @ bank[j]).item() / 0.1) for j in (i, *others)]
        total -= log(scores[0] / sum(scores)) / N
    assert step.loss.item() == pytest.approx(total, rel=1e-4)


def test_random_network_learns_nothing():
    method = make_method("random")
    step = method(make_views(method))
    assert step.loss.item() == 0 and not step.loss.requires_grad
    assert not any(p.requires_grad for p in method.parameters())
