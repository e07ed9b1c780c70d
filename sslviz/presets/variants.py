"""Versions of a method beside its preset on the built-in shapes: pairs to compare."""

from typing import Any

from sslviz.presets.preset import Preset, recipe
from sslviz.presets.shapes import on_shapes


def _variant(name: str, title: str, description: str, method: str, **knobs: Any) -> Preset:
    changed = {f"method.{knob}": value for knob, value in knobs.items()}
    config = recipe("shapes_default", method, on_shapes(method) | changed)
    return Preset(name, title, description, config, "variant")


VARIANTS = (
    _variant(
        "mocov1",
        "MoCo v1",
        "A linear projector and a lower temperature; the preset MoCo has version 2's two layers.",
        "moco",
        projector_depth=1,
        tau=0.07,
    ),
    _variant(
        "byol_copy",
        "BYOL without a slow teacher",
        "Momentum 0: the teacher is a copy of the student, as in SimSiam.",
        "byol",
        momentum=0.0,
    ),
    _variant(
        "byol_no_predictor",
        "BYOL without a predictor",
        "The student must equal the teacher itself, not predict it.",
        "byol",
        predictor=False,
    ),
)
