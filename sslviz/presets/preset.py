"""A named starting point."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sslviz.config import RunConfig
from sslviz.presets.views import VIEW_PRESETS
from sslviz.refusal import Refusal


@dataclass(frozen=True)
class Preset:
    """A named RunConfig. `kind`: "method" (live on shapes), "variant" (another
    version of one), "experiment" (something to see) or "cifar" (a ResNet-18, for a GPU)."""

    name: str
    title: str
    description: str
    config: RunConfig
    kind: str = "method"


def recipe(views: str, method: str, settings: Mapping[str, Any]) -> RunConfig:
    """The views of that name and a method with its settings. Raises Refusal."""
    if views not in VIEW_PRESETS:
        raise Refusal(
            "views is {views}; it must be one of {names}.",
            views=views,
            names=", ".join(VIEW_PRESETS),
        )
    chosen = VIEW_PRESETS[views]
    config = RunConfig(view1=chosen.view1, view2=chosen.view2)
    return config.with_settings({"method": method, **settings})
