"""Starting points: a tuned recipe for each method, and classic experiments that break one.

Torch-free. Numbers that a preset is known for stand in the README, with the machine they were
measured on.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sslviz.config import RunConfig
from sslviz.data.catalogue import DRAWN
from sslviz.methods import METHODS, card
from sslviz.methods.about import about
from sslviz.methods.entry import Cifar, file_of, in_file
from sslviz.presets.cifar import on_cifar
from sslviz.presets.experiments import EXPERIMENTS
from sslviz.presets.preset import Preset, recipe
from sslviz.presets.shapes import on_shapes
from sslviz.refusal import Refusal

PHOTOGRAPHS = "simclr_cifar"  # the views for a method that has none of its own for them


def home(method: str) -> str:
    """The built-in data that the method's preset trains on."""
    return about(method).shapes.data


def default(method: str = RunConfig.method, data: str = "shapes") -> RunConfig:
    """The starting point for a method on some data (a name in DATASETS, or a path).

    It is small enough to be live on a CPU. Photographs get the views of the CIFAR-10 recipe; its
    ResNet-18 is a preset of its own.
    """
    entry = about(method)
    views = entry.shapes.views
    if data not in DRAWN:
        views = entry.cifar.views if entry.cifar else PHOTOGRAPHS
    return recipe(views, method, {"data": data, **on_shapes(method)})


def _of_method(method: str) -> Iterator[Preset]:
    description = "Settings tuned on the built-in shapes; the page Methods says what they reach."
    config = default(method, home(method))
    yield Preset(method, card(method).title, description, config)
    for change in about(method).rehearsed.changes:
        config.with_settings(change)  # a change that cannot be made is refused here


def _versions(method: str) -> Iterator[Preset]:
    for name, version in about(method).versions.items():
        config = default(method, home(method)).with_settings(version.settings)
        yield Preset(name, version.title, version.description, config, "variant")


def _with_cifar(method: str) -> Iterator[Preset]:
    entry = about(method)
    if entry.cifar:
        yield _on_cifar(method, card(method).title, method, entry.cifar)


def _variants(method: str) -> Iterator[Preset]:
    for name, variant in about(method).variants.items():
        yield _on_cifar(name, variant.title, method, variant)


def _on_cifar(name: str, title: str, method: str, numbers: Cifar) -> Preset:
    description = (
        "200 epochs of a ResNet-18, with published settings where there are any. It wants a GPU: "
        "on a CPU an epoch takes 5 to 10 minutes."
    )
    if numbers.backbone == "vit":
        description = "200 epochs of a tiny transformer, as published at this size. It wants a GPU."
    config = recipe(numbers.views, method, on_cifar(numbers))
    return Preset(f"{name}_cifar", f"{title} (CIFAR-10)", description, config, "cifar")


def _of_all(made: Any) -> Iterator[Preset]:
    """The presets that `made` makes of each method; a refusal names the method's .toml."""
    for method in METHODS:
        try:
            yield from made(method)
        except Refusal as refusal:
            raise in_file(file_of(card(method)), refusal) from None


def _by_name(presets: tuple[Preset, ...]) -> Mapping[str, Preset]:
    found: dict[str, Preset] = {}
    for preset in presets:
        if preset.name in found:
            raise Refusal(
                "Two presets are called {name}; a name may be given once.", name=preset.name
            )
        found[preset.name] = preset
    return found


ON_CIFAR = (*_of_all(_with_cifar), *_of_all(_variants))
PRESETS = _by_name((*_of_all(_of_method), *_of_all(_versions), *EXPERIMENTS, *ON_CIFAR))
