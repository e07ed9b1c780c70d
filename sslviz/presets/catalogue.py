"""Starting points: a tuned recipe for each method, and classic experiments that break one.

Torch-free. Numbers that a preset is known for stand in the README, with the machine they were
measured on.
"""

from sslviz.config import RunConfig
from sslviz.data.catalogue import DRAWN
from sslviz.methods import METHODS, card
from sslviz.presets.cifar import CIFAR, MOCO_V1, Recipe
from sslviz.presets.experiments import EXPERIMENTS
from sslviz.presets.preset import Preset, _recipe
from sslviz.presets.shapes import ON_SHAPES, SHAPES, SHAPES_DATA, SHAPES_VIEWS


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
