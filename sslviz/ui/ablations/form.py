"""The left column of Ablations: the base, what changes, the seeds, and the one button."""

from dataclasses import replace
from pathlib import Path

import streamlit as st

from sslviz.augment.catalogue import OPS
from sslviz.config import RunConfig, settings_of
from sslviz.evaluate.protocols import PROTOCOLS
from sslviz.knobs import Knob
from sslviz.presets.catalogue import PRESETS
from sslviz.refusal import Refusal
from sslviz.runs.store import runs_root
from sslviz.sweeps.axes import Axis, parse_axis
from sslviz.sweeps.compose import BRANCHES, composition
from sslviz.sweeps.conduct import start_conducting
from sslviz.sweeps.estimate import seconds_an_image, seconds_of
from sslviz.sweeps.folder import create_sweep
from sslviz.sweeps.sweep import Member, Sweep, unfold
from sslviz.ui import state
from sslviz.ui.ablations.words import duration, label, settings, value
from sslviz.ui.recipe.draft import current
from sslviz.ui.text import _, literal, marked

OWN = ""  # the visitor's own recipe, beside the presets
PRESS = "sweep"
PROTOCOLS_OFFERED = ("knn", "linear", "kmeans")
FIRST_AXES = ("method.tau", "batch_size")
FIRST_OPS = ("crop", "jitter", "blur", "rotate", "cutout")
MOST_AXES, MOST_SEEDS = 5, 10


def form() -> None:
    """Draws the form; a press makes a sweep of it and starts it."""
    base = _base()
    kinds = {"knobs": _("Settings"), "composition": _("Augmentations in pairs")}
    kind = st.segmented_control(
        _("What changes"),
        list(kinds),
        default="knobs",
        key="ablations.kind",
        format_func=kinds.__getitem__,
    )
    problem: Refusal | None = None
    made: Sweep | None = None
    members: list[Member] = []
    try:
        made = _composed(base) if kind == "composition" else Sweep(base, tuple(_axes(base)))
    except Refusal as refusal:
        problem = refusal
    seeds = st.slider(
        _("Seeds"),
        1,
        MOST_SEEDS,
        2,
        key="ablations.seeds",
        help=_("Each cell is trained with seeds 0, 1, 2 ...: without several nothing can be told."),
    )
    protocols = st.pills(
        _("Evaluate"),
        PROTOCOLS_OFFERED,
        selection_mode="multi",
        key="ablations.protocols",
        format_func=lambda name: _(PROTOCOLS[name].title),
        help=_("Each finished run is measured so, with labels, beside what every snapshot tells."),
    )
    if made is not None:
        made = replace(made, seeds=tuple(range(seeds)), evaluate=tuple(protocols))
        try:
            members = unfold(made)
        except Refusal as refusal:
            problem = refusal
    _go(made, members, problem)


def _base() -> RunConfig:
    own = current()
    name = st.selectbox(
        _("Base"),
        [OWN, *PRESETS],
        key="ablations.base",
        format_func=lambda name: _(PRESETS[name].title) if name else _("My recipe (Train live)"),
        help=_("Everything that no axis changes. Your recipe is edited on Train live."),
    )
    config = PRESETS[name].config if name else own.config
    steps = st.number_input(
        _("Steps"),
        1,
        1_000_000,
        config.steps,
        50,
        key=f"ablations.steps.{name}",
        help=_("How many batches each run trains on."),
    )
    return config.with_settings({"steps": int(steps)})


def _axes(base: RunConfig) -> list[Axis]:
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


def _composed(base: RunConfig) -> Sweep:
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


def _go(made: Sweep | None, members: list[Member], problem: Refusal | None) -> None:
    """How many runs and how long, or what stands against them; then the button."""
    with st.container(key="ablations-go", gap="xsmall"):
        if problem is not None:
            st.markdown(f":material/error: {marked(problem)}")
        elif made is not None:
            st.caption(_price(made, members))
        press = state.press(PRESS)
        st.button(
            _("Start"),
            key=f"ablations.start.{press}",
            type="primary",
            width="stretch",
            icon=":material/play_arrow:",
            disabled=problem is not None or not members,
            on_click=_start,
            args=(made, press),
        )
        said = state.said("new sweep")
        if said:
            st.markdown(f":material/error: {said}")


def _price(made: Sweep, members: list[Member]) -> str:
    counts = {"runs": len(members), "cells": len(members) // len(made.seeds)}
    words = _("{runs} runs: {cells} cells with {seeds} seeds each").format(
        seeds=len(made.seeds), **counts
    )
    seconds, sure = seconds_of(members, _known(str(runs_root())))
    if seconds is None:
        told = _("how long is not known: nothing like it has been trained here yet")
    elif sure:
        told = _("about {time}").format(time=duration(seconds))
    else:
        told = _("very roughly {time}, as other methods of this size take").format(
            time=duration(seconds)
        )
    return f"{words}, {told}."


@st.cache_data(ttl=20, max_entries=4, show_spinner=False)
def _known(root: str) -> list[tuple[RunConfig, float]]:
    return seconds_an_image(Path(root))


def _start(made: Sweep, press: str) -> None:
    """Makes the sweep and starts it, once a press; for callbacks."""
    if press != state.press(PRESS):
        return
    root = runs_root()
    try:
        root.mkdir(parents=True, exist_ok=True)
        folder = create_sweep(made, root)
        start_conducting(folder)
    except (Refusal, OSError) as refusal:
        state.say("new sweep", marked(refusal))
        return
    state.pressed(PRESS)
    state.set_sweep(folder.name)
