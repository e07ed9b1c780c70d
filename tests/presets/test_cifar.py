"""Starting points: every preset is a valid config, and the recipes for CIFAR-10 train."""

import json
from math import isfinite

import pytest
import torch

from sslviz.config import RunConfig
from sslviz.data.images import ImageSet
from sslviz.data.load import DataSplit
from sslviz.methods import METHODS, card
from sslviz.methods.about import about, line
from sslviz.presets.catalogue import ON_CIFAR, PHOTOGRAPHS, PRESETS, default
from sslviz.presets.cifar import EPOCHS, IMAGES
from sslviz.presets.views import VIEW_PRESETS
from sslviz.training.session import open_session

CPU = torch.device("cpu")
SMALL = {"data": "shapes", "batch_size": 16, "steps": 2, "warmup_steps": 0, "device": "cpu"}


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_survives_json(name):
    config = PRESETS[name].config
    back = RunConfig.from_json(json.loads(json.dumps(config.to_json())))
    assert back.to_json() == config.to_json()


def test_every_method_that_trains_has_a_recipe_for_cifar():
    assert {p.config.method for p in ON_CIFAR} == set(METHODS) - {line("untrained")}
    for preset in ON_CIFAR:
        config = preset.config
        assert config.data == "cifar10" and config.backbone in ("resnet18", "vit")
        assert config.steps == EPOCHS * (IMAGES // config.batch_size)
        assert config.warmup_steps <= config.steps / 10


def test_rates_are_scaled_to_the_batch():
    assert PRESETS["moco_cifar"].config.lr == pytest.approx(0.06 * 512 / 128)
    assert PRESETS["simsiam_cifar"].config.lr == pytest.approx(0.03 * 512 / 256)
    assert PRESETS["npid_cifar"].config.lr == pytest.approx(0.03)
    assert PRESETS["rotnet_cifar"].config.lr == pytest.approx(0.1)
    assert PRESETS["mae_cifar"].config.lr == pytest.approx(3e-4)
    assert PRESETS["pirl_cifar"].config.lr == pytest.approx(0.12 * 256 / 1024)


def test_byol_takes_the_steps_of_the_program_whose_loss_is_a_quarter_of_ours():
    config = PRESETS["byol_cifar"].config
    theirs = {"lr": 0.06 * 512 / 128, "decay": 5e-4}
    w, other, move, push = 1.0, 1.0, 0.0, 0.0
    for gradient in (0.3, -0.2, 0.5, 0.1):
        move = 0.9 * move + 4 * gradient + config.weight_decay * w
        push = 0.9 * push + gradient + theirs["decay"] * other
        w, other = w - config.lr * move, other - theirs["lr"] * push
    assert w == pytest.approx(other)


def test_spectral_warms_up_and_ends_in_a_batchnorm():
    config = PRESETS["spectral_cifar"].config
    head = config.method_config()
    assert config.warmup_steps == 10 * (IMAGES // 512)
    assert (head.projector_depth, head.projector_width, head.embedding) == (2, 2048, 1000)
    assert head.output_norm


def test_moco_comes_in_both_versions():
    one, two = (PRESETS[name].config for name in ("mocov1_cifar", "moco_cifar"))
    assert one.method_config().projector_depth == 1 and two.method_config().projector_depth == 2


@pytest.mark.parametrize("name", METHODS)
def test_what_the_page_starts_from_on_photographs_is_live_on_a_cpu(name):
    config = default(name, "cifar10")
    assert config.backbone == (card(name).needs or "tiny") and config.batch_size <= 256
    views = VIEW_PRESETS[recipe.views if (recipe := about(name).cifar) else PHOTOGRAPHS]
    assert (config.view1, config.view2) == (views.view1, views.view2)


def noise(n: int, seed: int) -> ImageSet:
    generator = torch.Generator().manual_seed(seed)
    pixels = torch.randint(0, 256, (n, 3, 16, 16), generator=generator, dtype=torch.uint8)
    return ImageSet(pixels, torch.arange(n) % 4, ("a", "b", "c", "d"))


@pytest.mark.parametrize("preset", ON_CIFAR, ids=lambda preset: preset.name)
def test_two_steps_of_each_recipe_are_finite(preset):
    """With the small backbone, on noise: the recipe's optimizer, rate, heads and views."""
    needs = card(preset.config.method).needs or "tiny"
    narrow = {"method.group": 16, "method.embedding": 8} if preset.config.method == "wmse" else {}
    config = preset.config.with_settings(SMALL | {"backbone": needs} | narrow)
    session = open_session(config, DataSplit(noise(48, 0), noise(16, 1)), CPU)
    for _ in range(2):
        step = session.train_step(config.lr)
        assert isfinite(step.loss.item())
    assert step.z1.isfinite().all()
