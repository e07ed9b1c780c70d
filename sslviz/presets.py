"""Starting points: a tuned recipe for each method, and classic experiments that break one.

Torch-free. Numbers that a preset is known for stand in the README, with the machine they were
measured on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sslviz.augment.presets import VIEW_PRESETS
from sslviz.cifar import CIFAR, MOCO_V1, Recipe
from sslviz.config import RunConfig
from sslviz.data.catalogue import DRAWN
from sslviz.methods import METHODS, card
from sslviz.recipes import ON_SHAPES, SHAPES, SHAPES_DATA, SHAPES_VIEWS


@dataclass(frozen=True)
class Preset:
    """A named RunConfig. `kind`: "method" (live on shapes), "experiment" (something to see) or
    "cifar" (a ResNet-18 on CIFAR-10, for a GPU)."""

    name: str
    title: str
    description: str
    config: RunConfig
    kind: str = "method"


def _recipe(views: str, method: str, settings: Mapping[str, Any]) -> RunConfig:
    chosen = VIEW_PRESETS[views]
    config = RunConfig(view1=chosen.view1, view2=chosen.view2)
    return config.with_settings({"method": method, **settings})


def home(method: str) -> str:
    """The built-in data that the method's preset trains on."""
    return SHAPES_DATA.get(method, "shapes")


def default(method: str = "simclr", data: str = "shapes") -> RunConfig:
    """The starting point for a method on some data (a name in DATASETS, or a path).

    It is small enough to be live on a CPU. Photographs get the views of the CIFAR-10 recipe; its
    ResNet-18 is a preset of its own.
    """
    views = SHAPES_VIEWS.get(method, "shapes_default")
    if data not in DRAWN:
        views = CIFAR[method].views if method in CIFAR else "simclr_cifar"
    return _recipe(views, method, {"data": data, **ON_SHAPES, **SHAPES.get(method, {})})


def _for_method(method: str) -> Preset:
    description = "Settings tuned on the built-in shapes; the README says what they reach."
    return Preset(method, card(method).title, description, default(method, home(method)))


def _experiment(name: str, title: str, description: str, views: str, **settings: Any) -> Preset:
    method = settings.pop("method", "simclr")
    dotted = {key.replace("__", "."): value for key, value in settings.items()}
    config = _recipe(views, method, ON_SHAPES | SHAPES.get(method, {}) | dotted)
    return Preset(name, title, description, config, "experiment")


EXPERIMENTS = (
    _experiment(
        "colour_shortcut",
        "Colour shortcut",
        "SimCLR with crops alone: the loss falls fast, but what it learns is colour, not shape.",
        "crop_only",
    ),
    _experiment(
        "simsiam_collapse",
        "SimSiam without stop-gradient",
        "Nothing holds the two views apart, so all images end at one point.",
        "shapes_default",
        method="simsiam",
        method__stop_gradient=False,
        method__output_norm=False,
    ),
    _experiment(
        "no_negatives",
        "SimCLR without negatives",
        "Positives pull and nothing pushes: the similarity matrix turns bright everywhere.",
        "shapes_default",
        method__negatives=False,
        method__output_norm=False,
    ),
    _experiment(
        "brightness",
        "BYOL agrees on brightness",
        "Images are not standardised: how bright an image is, is the easiest thing for two views "
        "to agree on, and without negatives BYOL does not look further.",
        "shapes_default",
        method="byol",
        standardise=False,
    ),
    _experiment(
        "frozen_teacher",
        "BYOL with a teacher that never moves",
        "Momentum 1: the student imitates a network that stays random.",
        "shapes_default",
        method="byol",
        method__momentum=1.0,
    ),
)


def _on_cifar(name: str, title: str, method: str, recipe: Recipe) -> Preset:
    description = (
        "200 epochs of a ResNet-18, with published settings where there are any. It wants a GPU: "
        "on a CPU an epoch takes 5 to 10 minutes."
    )
    if method == "mae":
        description = "200 epochs of a tiny transformer, as published at this size. It wants a GPU."
    config = _recipe(recipe.views, method, {"data": "cifar10", **recipe.settings})
    return Preset(f"{name}_cifar", f"{title} (CIFAR-10)", description, config, "cifar")


ON_CIFAR = (
    *(_on_cifar(name, card(name).title, name, recipe) for name, recipe in CIFAR.items()),
    _on_cifar("mocov1", "MoCo v1", "moco", MOCO_V1),
)

PRESETS: dict[str, Preset] = {
    preset.name: preset for preset in (*map(_for_method, METHODS), *EXPERIMENTS, *ON_CIFAR)
}
