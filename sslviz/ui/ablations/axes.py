"""The widgets of a sweep's axes: settings with their values, or ops to be composed."""

import streamlit as st

from sslviz.augment.catalogue import OPS
from sslviz.config import RunConfig, settings_of
from sslviz.knobs import Knob
from sslviz.refusal import Refusal
from sslviz.sweeps.axes import Axis, parse_axis
from sslviz.sweeps.compose import BRANCHES, composition
from sslviz.sweeps.sweep import Sweep
from sslviz.ui.ablations.words import label, settings, value
from sslviz.ui.text import _, literal

FIRST_AXES = ("method.tau", "batch_size")
FIRST_OPS = ("crop", "jitter", "blur", "rotate", "cutout")
MOST_AXES = 5


def chosen_axes(base: RunConfig) -> list[Axis]:
    """The axes that the widgets describe. Raises Refusal."""
    known = settings(base)
    chosen = st.multiselect(
        _("Axes"),
        list(known),
        default=[name for name in FIRST_AXES if name in known][:1],
        key=f"ablations.axes.{base.method}",
        format_func=lambda name: label(name, known[name]),
        max_selections=MOST_AXES,
        placeholder=_("Choose settings"),
        help=_("A run for every combination of their values."),
    )
    return [_axis(name, known[name], base) for name in chosen]


def _axis(name: str, knob: Knob, base: RunConfig) -> Axis:
    title, key = label(name, knob), f"ablations.values.{name}"
    choices = [True, False] if isinstance(knob.default, bool) else list(knob.choices)
    if choices:
        picked = st.pills(
            title,
            choices,
            selection_mode="multi",
            default=choices[:3],
            key=key,
            format_func=lambda held: value(name, held),
        )
        return Axis.over(name, [choice for choice in choices if choice in picked])
    held = settings_of(base)[name.replace("view.", "view1.", 1)]
    text = st.text_input(
        title,
        _suggested(held, knob),
        key=key,
        help=_("Values between commas. {allowed}").format(allowed=literal(str(knob.allowed()))),
    )
    return parse_axis(f"{name}={text}")


def _suggested(held: object, knob: Knob) -> str:
    """Three values around the one that the base has, within the bounds."""
    if not isinstance(held, int | float) or knob.low is None or knob.high is None:
        return str(held)
    kind = int if isinstance(knob.default, int) else float
    middle = float(held) or float(knob.step or 1)
    values = {kind(min(knob.high, max(knob.low, middle * factor))) for factor in (0.5, 1, 2)}
    return ", ".join(f"{v:g}" for v in sorted(values))


def composed(base: RunConfig) -> Sweep:
    """SimCLR's figure 5 for the ops that are chosen. Raises Refusal."""
    ops = st.pills(
        _("Ops"),
        list(OPS),
        selection_mode="multi",
        default=list(FIRST_OPS),
        key="ablations.ops",
        format_func=lambda op: _(OPS[op].chance.label),
    )
    names = {"both": _("on both branches"), "one": _("on one branch")}
    branches = st.segmented_control(
        _("Where"),
        BRANCHES,
        default=BRANCHES[0],
        key="ablations.branches",
        format_func=names.__getitem__,
        help=_(
            "Each op alone and each pair, always applied, as in figure 5 of the SimCLR paper. "
            "There one branch is augmented and every image is cropped first; here the other "
            "branch is then the image itself."
        ),
    )
    if not ops:
        raise Refusal("Choose at least one op.")
    return composition(base, list(ops), branches or BRANCHES[0], (0,))
