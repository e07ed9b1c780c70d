"""Strips, random views, histogram matching and the recipes."""

import subprocess
import sys

import pytest
import torch

from sslviz.augment.inspect import (
    STRIPS,
    SWITCHES,
    histogram_features,
    histogram_matching,
    random_views,
    strip,
)
from sslviz.augment.pipeline import Pipeline
from sslviz.augment.view import ViewConfig
from sslviz.config import RunConfig
from sslviz.knobs import checked_values
from sslviz.presets.views import VIEW_PRESETS
from sslviz.refusal import Refusal


@pytest.fixture(scope="module")
def images():
    """Smooth images of 64 colours each its own: what a colour histogram tells apart easily."""
    generator = torch.Generator().manual_seed(0)
    colour = torch.rand(64, 3, 1, 1, generator=generator)
    texture = torch.rand(64, 3, 32, 32, generator=generator)
    return ((0.8 * colour + 0.2 * texture) * 255).byte()


@pytest.mark.parametrize("op", STRIPS)
def test_strip_starts_with_the_original_and_gets_further_away(images, op):
    views, labels = strip(images[0], op, 4)  # an odd number has a factor of 1 in the middle
    assert len(views) == len(labels) == (2 if op in SWITCHES else 5)
    assert torch.equal(views[0], images[0] / 255)
    assert all(not torch.equal(view, views[0]) for view in views[1:])
    assert len(set(labels)) == len(labels)


def test_strip_refuses_unknown_ops(images):
    with pytest.raises(Refusal, match="rotate"):
        strip(images[0], "swirl", 3)


def test_random_views_repeat_and_say_what_they_drew(images):
    views, told = random_views(images[0], ViewConfig(), 6, seed=1)
    again, _ = random_views(images[0], ViewConfig(), 6, seed=1)
    other, _ = random_views(images[0], ViewConfig(), 6, seed=2)
    assert views.shape == (6, 3, 32, 32) and torch.equal(views, again)
    assert not torch.equal(views, other)
    assert len(told) == 6 and all(told[i][0][0] == "crop" for i in range(6))


def test_histogram_features_count_pixels():
    x = torch.tensor([0.0, 0.1, 0.5, 1.0]).view(1, 1, 2, 2).repeat(1, 3, 1, 1)
    x[:, 2] = 1.0
    half = [0.25 + 0.25, 0, 0.25, 0.25]
    assert histogram_features(x, bins=4).tolist() == [[*half, *half, 0, 0, 0, 1]]


def test_histogram_matching_closed_forms(images):
    x = images / 255
    assert histogram_matching(x, x) == 1.0
    assert histogram_matching(x, x.roll(1, 0)) == 0.0
    flat = torch.full_like(x, 0.5)
    assert histogram_matching(flat, flat) == pytest.approx(1 / 64)
    pixels = x.flatten(2)[:, :, torch.randperm(1024, generator=torch.Generator().manual_seed(0))]
    assert histogram_matching(x, pixels.view_as(x)) == 1.0
    noise = torch.rand(2, 256, 3, 16, 16, generator=torch.Generator().manual_seed(1))
    assert histogram_matching(noise[0], noise[1]) < 0.05


def test_colour_gives_crops_away_until_it_is_distorted(images):
    def matching(name):
        preset = VIEW_PRESETS[name]
        augment = Pipeline(preset.view1, preset.view2, 0).at(0)
        return histogram_matching(augment.view(images, 1), augment.view(images, 2))

    assert matching("none") == 1.0
    assert matching("crop_only") > 0.9
    assert matching("crop_colour") < 0.5


@pytest.mark.parametrize("preset", VIEW_PRESETS.values(), ids=VIEW_PRESETS)
def test_recipes_are_valid_settings(preset):
    for view in (preset.view1, preset.view2):
        assert checked_values(ViewConfig, vars(view)) == vars(view)
    config = RunConfig(view1=preset.view1, view2=preset.view2)
    assert RunConfig.from_json(config.to_json()).view2 == preset.view2
    assert preset.description.endswith(".") and preset.title


def test_published_numbers():
    """The table of the papers, spot by spot."""
    simclr, byol = VIEW_PRESETS["simclr"].view1, VIEW_PRESETS["byol"]
    assert (simclr.crop_scale_min, simclr.brightness, simclr.hue, simclr.blur) == (
        0.08,
        0.8,
        0.2,
        0.5,
    )
    small = VIEW_PRESETS["simclr_cifar"].view1
    assert (small.brightness, small.hue, small.jitter, small.gray, small.blur) == (
        0.4,
        0.1,
        0.8,
        0.2,
        0,
    )
    assert (byol.view1.blur, byol.view2.blur) == (1.0, 0.1)
    assert (byol.view1.solarize, byol.view2.solarize) == (0.0, 0.2)
    assert (byol.view1.saturation, byol.view1.contrast) == (0.2, 0.4)
    moco = VIEW_PRESETS["moco_v1"].view1
    assert (moco.jitter, moco.hue, moco.crop_scale_min) == (1.0, 0.4, 0.2)
    assert VIEW_PRESETS["npid_cifar"].view1.flip == 0.0
    assert VIEW_PRESETS["dkobak_cifar"].view1.gray == 0.1


def test_recipes_need_no_torch():
    code = "import sys, sslviz.presets.views; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
