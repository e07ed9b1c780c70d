"""The shapes are what their factors say, and cannot be told apart by colour."""

import colorsys
import math

import pytest
import torch
import torch.nn.functional as F

from sslviz.backbones import build_backbone
from sslviz.config import RunConfig
from sslviz.data import shapes as module
from sslviz.data.catalogue import SHAPE_FACTORS, SHAPES, TEXTURES
from sslviz.data.load import load_data
from sslviz.data.shapes import Drawing, render, shapes


@pytest.fixture(scope="module")
def train():
    return shapes(4096)


@pytest.fixture(scope="module")
def test():
    return shapes(1024, split="test")


def drawing(name, texture="plain", **given):
    """One upright, centred, middle-sized shape; factors are changed by name."""
    values = {k: 0.5 for k in ("fg_hue", "size", "pos_x", "pos_y")} | {"bg_hue": 0.0}
    values |= {"rotation": 0.0, "light": 0.0} | given
    one = {k: torch.tensor([v], dtype=torch.float32) for k, v in values.items()}
    kinds = {"shape": SHAPES.index(name), "texture": TEXTURES.index(texture)}
    tones = {k: torch.full((2, 1), 0.5) for k in ("fg_tone", "bg_tone")}
    return Drawing(**one, **tones, **{k: torch.tensor([v]) for k, v in kinds.items()})


def mask(picture):
    """Where a picture drawn in cyan on red is not red: S x S bool."""
    return picture[0, 1].float() > picture[0, 0].float()


def knn_accuracy(a, a_labels, b, b_labels):
    """Plain cosine 20-nearest-neighbour vote, one query at a time."""
    similarity = F.normalize(b, dim=1) @ F.normalize(a, dim=1).T
    votes = [a_labels[row.topk(20).indices].mode().values for row in similarity]
    return (torch.stack(votes) == b_labels).float().mean().item()


def test_images_labels_and_factors_have_the_agreed_form(train):
    assert train.images.shape == (4096, 3, 32, 32) and train.images.dtype == torch.uint8
    assert train.labels.bincount().tolist() == [512] * 8 and train.labelled
    assert train.class_names == SHAPES
    assert set(train.factors) == set(SHAPE_FACTORS)
    for name, factor in train.factors.items():
        if name == "texture":
            assert factor.kind == "categorical" and factor.names == TEXTURES
            assert factor.values.unique().tolist() == [0, 1, 2, 3]
        else:
            assert factor.kind in ("circular", "continuous")
            assert factor.values.dtype == torch.float32
            assert 0 <= factor.values.min() < 0.01 and 0.99 < factor.values.max() <= 1


def test_the_same_images_every_time_and_others_for_testing(train, test):
    again = shapes(4096)
    assert torch.equal(again.images, train.images)
    assert not torch.equal(test.images, train.images[:1024])


def test_asking_for_more_images_keeps_the_first_ones(train):
    assert torch.equal(shapes(100).images, train.images[:100])
    more = shapes(4200)
    assert len(more) == 4200 and torch.equal(more.images[:4096], train.images)
    assert torch.equal(more.factors["fg_hue"].values[:4096], train.factors["fg_hue"].values)


def test_as_many_are_held_out_as_a_run_looks_at(test):
    held_out = [load_data(RunConfig(probes=n, train_images=64)).test for n in (400, 1600)]
    assert [len(images) for images in held_out] == [1024, 1600]
    assert torch.equal(held_out[0].images, test.images[:1024])
    assert torch.equal(held_out[1].images[:1024], held_out[0].images)


@pytest.mark.parametrize("size", [16, 48, 128])
def test_other_sizes_show_the_same_pictures(size, train):
    other = shapes(64, size)
    assert other.images.shape == (64, 3, size, size)
    small = F.interpolate(other.images.float(), (16, 16), mode="area")
    usual = F.interpolate(train.images[:64].float(), (16, 16), mode="area")
    assert (small - usual).abs().mean() < 6


def test_factors_do_not_tell_the_class(train):
    for factor in train.factors.values():
        values = factor.values.float()
        means = torch.stack([values[train.labels == k].mean() for k in range(8)])
        spread = values.std() / math.sqrt(512)
        assert (means - values.mean()).abs().max() < 4.5 * spread


def test_hues_are_clearly_apart(train):
    gap = (train.factors["fg_hue"].values - train.factors["bg_hue"].values) % 1
    assert gap.min() >= 0.2499 and gap.max() <= 0.7501


def test_colours_are_those_of_colorsys():
    for hue in (0.0, 0.1, 0.37, 0.5, 0.71, 0.99):
        picture = render(drawing("square", fg_hue=hue, bg_hue=(hue + 0.5) % 1), 32)
        (s0, s1), (v0, v1) = module.FOREGROUND
        rgb = colorsys.hsv_to_rgb(hue, (s0 + s1) / 2, (v0 + v1) / 2)
        assert picture[0, :, 16, 16].tolist() == pytest.approx([255 * c for c in rgb], abs=1)


AREAS = {
    "disc": math.pi * 0.85**2,
    "square": 1.48**2,
    "triangle": 3 * math.sqrt(3) / 4,
    "ring": math.pi * (0.92**2 - 0.44**2),
    "cross": 2 * 1.84 * 0.64 - 0.64**2,
    "star": 5 * 0.48 * math.sin(math.pi / 5),
}


@pytest.mark.parametrize("name", AREAS)
def test_shapes_cover_the_area_that_geometry_says(name):
    radius = sum(module.RADIUS) / 2
    covered = mask(render(drawing(name), 256)).float().mean().item() * 4
    assert covered == pytest.approx(AREAS[name] * radius**2, rel=0.02)


@pytest.mark.parametrize("name", SHAPES)
def test_size_scales_and_position_moves_the_shape(name):
    small = mask(render(drawing(name, size=0.0), 256)).float().sum()
    large = mask(render(drawing(name, size=1.0), 256)).float().sum()
    ratio = (module.RADIUS[1] / module.RADIUS[0]) ** 2
    assert (large / small).item() == pytest.approx(ratio, rel=0.05)
    here = mask(render(drawing(name, size=0.0), 256)).nonzero().float().mean(0)
    there = mask(render(drawing(name, size=0.0, pos_x=0.9, pos_y=0.3), 256)).nonzero().float()
    moved = there.mean(0) - here
    unit = 2 * module.SHIFT * 128
    assert moved.tolist() == pytest.approx([-0.2 * unit, 0.4 * unit], abs=1.5)


@pytest.mark.parametrize("name", SHAPES)
def test_rotation_runs_once_through_the_angles_that_look_different(name):
    start = mask(render(drawing(name, rotation=0.0), 64))
    half = mask(render(drawing(name, rotation=0.5), 64))
    end = mask(render(drawing(name, rotation=1.0), 64))
    assert (start ^ end).float().mean() < 0.004
    if name not in ("disc", "ring"):
        assert (start ^ half).float().mean() > 0.02


def test_textures_differ_and_stay_inside_the_shape():
    plain = render(drawing("square", "plain"), 64).int()
    inside = mask(plain)
    seen = [render(drawing("square", name), 64).int() for name in TEXTURES[1:]]
    for picture in seen:
        changed = (picture != plain).any(1)[0]
        assert 0.1 < changed[inside].float().mean() < 0.9
        assert not changed[~inside & (plain[0, 1] == 0)].any()
    assert not torch.equal(seen[0], seen[1]) and not torch.equal(seen[1], seen[2])


def test_edges_are_smooth():
    column = render(drawing("disc"), 32)[0, 1, 16].int()
    steps = column.diff().abs()
    assert (steps > 0).sum() > 2 and steps.max() < column.max()


def test_neither_mean_colour_nor_a_random_encoder_knows_the_class(train, test):
    mean = [s.images.float().mean((2, 3)) - 128 for s in (train, test)]
    assert knn_accuracy(mean[0], train.labels, mean[1], test.labels) < 0.19
    torch.manual_seed(0)
    backbone = build_backbone("tiny", 3, torch.device("cpu")).eval()
    with torch.no_grad():
        h = [torch.cat([backbone(x / 255) for x in s.images.split(512)]) for s in (train, test)]
    assert knn_accuracy(h[0], train.labels, h[1], test.labels) < 0.38
    hue = [(s.factors["bg_hue"].values * 8).long().clamp(max=7) for s in (train, test)]
    assert knn_accuracy(h[0], hue[0], h[1], hue[1]) > 0.4


def test_upright_shapes_are_tilted_by_15_degrees_at_most_and_else_the_same(train):
    upright = shapes(512, upright=True)
    for name in set(SHAPE_FACTORS) - {"rotation"}:
        assert torch.equal(upright.factors[name].values, train.factors[name].values[:512])
    hearts = upright.labels == SHAPES.index("heart")
    turn = upright.factors["rotation"].values[hearts]
    degrees = 360 * torch.where(turn > 0.5, turn - 1, turn)
    assert degrees.abs().max() <= 15.001 and degrees.max() > 12 and degrees.min() < -12
    straight = shapes(512).images[hearts]
    assert not torch.equal(upright.images[hearts], straight)
