"""Classic experiments, each of which breaks one method."""

from typing import Any

from sslviz.config import RunConfig
from sslviz.presets.preset import Preset, recipe
from sslviz.presets.shapes import on_shapes


def _experiment(name: str, title: str, description: str, views: str, **settings: Any) -> Preset:
    method = settings.pop("method", RunConfig.method)
    dotted = {key.replace("__", "."): value for key, value in settings.items()}
    config = recipe(views, method, on_shapes(method) | dotted)
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
