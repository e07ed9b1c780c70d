"""The left column of Ablations: the base, what changes, the seeds, and the one button."""

from dataclasses import replace

import streamlit as st

from sslviz.config import RunConfig
from sslviz.evaluate.protocols import PROTOCOLS
from sslviz.presets.catalogue import PRESETS
from sslviz.refusal import Refusal
from sslviz.sweeps.sweep import Member, Sweep, unfold
from sslviz.ui import state
from sslviz.ui.ablations.axes import chosen_axes, composed
from sslviz.ui.ablations.begin import begin, price
from sslviz.ui.recipe.draft import current
from sslviz.ui.text import _, marked

OWN = ""  # the visitor's own recipe, beside the presets
PRESS = "sweep"
PROTOCOLS_OFFERED = ("knn", "linear", "kmeans")
MOST_SEEDS = 10
MANY = 60  # runs from which on one is asked twice


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
        made = composed(base) if kind == "composition" else Sweep(base, tuple(chosen_axes(base)))
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


def _go(made: Sweep | None, members: list[Member], problem: Refusal | None) -> None:
    """How many runs and how long, or what stands against them; then the button."""
    with st.container(key="ablations-go", gap="xsmall"):
        if problem is not None:
            st.markdown(f":material/error: {marked(problem)}")
        elif made is not None:
            st.caption(_price(made, members))
        press = state.press(PRESS)
        sure = len(members) < MANY or st.checkbox(
            _("Yes, train all {n} runs").format(n=len(members)),
            key=f"ablations.sure.{press}.{len(members)}",
        )
        st.button(
            _("Start"),
            key=f"ablations.start.{press}",
            type="primary",
            width="stretch",
            icon=":material/play_arrow:",
            disabled=problem is not None or not members or not sure,
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
    return f"{words}, {price(members)}."


def _start(made: Sweep, press: str) -> None:
    started = begin(made, PRESS, press, "new sweep")
    if started:
        state.set_sweep(started)
