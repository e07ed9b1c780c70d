"""Starting points: a tuned recipe for each method, and classic experiments that break one.

Torch-free. Numbers that a preset is known for stand in the README, with the machine they were
measured on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sslviz.augment.presets import VIEW_PRESETS
from sslviz.config import RunConfig


@dataclass(frozen=True)
class Preset:
    """A named RunConfig. `kind`: "method" (a good recipe) or "experiment" (something to see)."""

    name: str
    title: str
    description: str
    config: RunConfig
    kind: str = "method"


SHAPES: dict[str, dict[str, Any]] = {
    "simclr": {},
    "moco": {},
    "byol": {},
    "simsiam": {},
}

CIFAR: dict[str, dict[str, Any]] = {
    "simclr": {"method.tau": 0.5, "optimizer": "sgd", "lr": 0.06, "weight_decay": 5e-4},
    "moco": {"method.tau": 0.1, "optimizer": "sgd", "lr": 0.06, "weight_decay": 5e-4},
    "byol": {"optimizer": "sgd", "lr": 0.12, "weight_decay": 5e-4},
    "simsiam": {"optimizer": "sgd", "lr": 0.06, "weight_decay": 5e-4},
}


def _shapes(method: str, **settings: Any) -> RunConfig:
    views = VIEW_PRESETS["shapes_default"]
    config = RunConfig(view1=views.view1, view2=views.view2)
    return config.with_settings({"method": method, **SHAPES.get(method, {}), **settings})


def _images(method: str, **settings: Any) -> RunConfig:
    views = VIEW_PRESETS["byol_cifar" if method == "byol" else "simclr_cifar"]
    config = RunConfig(view1=views.view1, view2=views.view2)
    return config.with_settings({"method": method, **CIFAR.get(method, {}), **settings})


def default(method: str = "simclr", data: str = "shapes") -> RunConfig:
    """The starting point for a method on some data (a name in DATASETS, or a path)."""
    return _shapes(method) if data == "shapes" else _images(method, data=data)


def _experiment(name: str, title: str, description: str, settings: Mapping[str, Any]) -> Preset:
    config = _shapes(str(settings.get("method", "simclr")), **settings)
    return Preset(name, title, description, config, "experiment")
