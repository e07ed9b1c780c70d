"""What methods show of their own task on a few held-out images."""

import numpy as np
import pytest
import torch
from small_methods import Noise, adam, make_batch, make_method, train

from sslviz.methods import METHODS
from sslviz.methods.base import pictures
from sslviz.methods.pieces.tiles import cut_tiles
from sslviz.ui.panels import task as task_text

BESIDE = {"turns", "turn_odds", "order", "guess", "sure"}  # drawn together with turned and tiles


def tried(method, n=6):
    """What the method shows of its task on n images, always with the same draws."""
    torch.manual_seed(3)
    with torch.no_grad():
        return method.eval().attempt(make_batch(n), Noise())


@pytest.mark.parametrize("name", ["autoencoder", "context_encoder", "mae"])
def test_painting_gets_better_and_is_shown(name):
    method = make_method(name)
    before = tried(method)["pictures"]
    losses = train(method.train(), adam(method, 0.01), range(40), total=40)
    assert np.mean(losses[-5:]) < 0.5 * losses[0]
    after = tried(method)["pictures"]
    assert after.shape == (6, 3, 3, 32, 32) and after.dtype == torch.uint8
    assert torch.equal(before[:, [0, 2]], after[:, [0, 2]]), "the task itself stays the same"

    def error(shown):
        return (shown[:, 1].float() - shown[:, 2]).square().mean()

    assert error(after) < error(before)


@pytest.mark.parametrize("knobs", [{}, {"normalise_patches": True}])
def test_mae_shows_its_painting_on_hidden_patches_only(knobs):
    seen, painted, whole = tried(make_method("mae", **knobs))["pictures"].unbind(1)
    hidden = (seen == 128).all(1, keepdim=True).expand_as(seen)
    assert hidden.float().mean().item() == pytest.approx(0.75, abs=0.02)
    assert torch.equal(painted[~hidden], whole[~hidden])
    assert not torch.equal(painted[hidden], whole[hidden])


def test_rotnet_shows_turned_images_and_its_odds():
    shown = tried(make_method("rotnet"))
    torch.manual_seed(3)
    upright = (Noise().view(make_batch(6).images, 1).clamp(0, 1) * 255).round().numpy()
    for i, turn in enumerate(shown["turns"].tolist()):
        expected = np.rot90(upright[i], turn, axes=(1, 2))
        assert np.array_equal(shown["turned"][i].numpy(), expected)
    assert set(shown["turns"].tolist()) == {0, 1, 2, 3}
    assert torch.allclose(shown["turn_odds"].sum(1), torch.ones(6))


def test_jigsaw_shows_tiles_that_the_true_permutation_puts_in_place():
    method = make_method("jigsaw", standardise=False, gap=0.0, permutations=3)
    shown = tried(method)
    torch.manual_seed(3)
    noise = Noise()
    draws = noise.generator("tiles")
    solved = cut_tiles(noise.view(make_batch(6).images, 1), 0.0, draws)
    solved = (solved.clamp(0, 1) * 255).round().byte()
    for i, order in enumerate(shown["order"].tolist()):
        for place, tile in enumerate(order):
            assert torch.equal(shown["tiles"][i, place], solved[i, tile])
    known = method.orders.tolist()
    assert all(guess in known for guess in shown["guess"].tolist())
    assert ((shown["sure"] >= 1 / 3) & (shown["sure"] <= 1)).all()


def test_pictures_are_bytes_of_at_most_the_asked_size():
    x = torch.rand(2, 5, 3, 40, 40)
    assert torch.equal(pictures(x), (x * 255).round().byte())
    small = pictures(x * 3 - 1, most=20)
    assert small.shape == (2, 5, 3, 20, 20)
    blocks = (x * 3 - 1).view(2, 5, 3, 20, 2, 20, 2).mean((4, 6)).clamp(0, 1) * 255
    assert (small.float() - blocks).abs().max() <= 0.51


@pytest.mark.parametrize("name", METHODS)
def test_what_a_method_shows_is_what_its_panel_draws(name):
    method = make_method(name)
    if any(p.requires_grad for p in method.parameters()):
        train(method, adam(method), range(1))
    shown = method.observe() | tried(method)
    assert set(shown) - BESIDE == set(task_text.parts(name))
