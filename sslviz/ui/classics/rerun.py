"""An experiment once more, small and live: its sweeps, or one of its runs on Train live."""

from dataclasses import replace

import streamlit as st

from sslviz.sweeps.classics.classic import Arm, Classic
from sslviz.sweeps.sweep import Sweep, unfold
from sslviz.ui import frame, state
from sslviz.ui.ablations.begin import begin, price
from sslviz.ui.classics.words import called, shown
from sslviz.ui.recipe.draft import Draft
from sslviz.ui.text import _

PRESS = "classic"
MOST_SEEDS = 5


def rerun(classic: Classic) -> None:
    """The buttons below an experiment."""
    st.markdown(f"**{_('Run it again, here and now')}**")
    with st.container(horizontal=True, vertical_alignment="bottom", key="classics-again"):
        arm = _arm(classic)
        seeds = st.number_input(_("Seeds"), 1, MOST_SEEDS, 2, key="classics.seeds", width=110)
        made = replace(arm.sweep, seeds=tuple(range(int(seeds))))
        press = state.press(PRESS)
        st.button(
            _("Train {n} runs").format(n=made.count()),
            key=f"classics.start.{press}",
            type="primary",
            icon=":material/play_arrow:",
            on_click=_start,
            args=(made, press),
            help=_("They train one after another in the background and fill a page of Ablations."),
        )
        _watch(classic, arm)
    st.caption(_price(made))
    said = state.said("classic")
    if said:
        st.markdown(f":material/error: {said}")
    started = state.started_sweep()
    if started:
        words = _("It is under way: see it fill on Ablations")
        frame.link(frame.ablations(), words, ":material/arrow_forward:", sweep=started)


def _arm(classic: Classic) -> Arm:
    if len(classic.arms) == 1:
        return classic.arms[0]
    names = [arm.name for arm in classic.arms]
    name = st.selectbox(
        _("Which part"),
        names,
        key=f"classics.arm.{classic.name}",
        format_func=shown,
        width=190,
    )
    return classic.arm(name)


def _watch(classic: Classic, arm: Arm) -> None:
    """One cell, to be opened on Train live; nothing starts before Train is pressed there."""
    cells = {label: config for own, label, config in classic.configs() if own.name == arm.name}
    label = st.selectbox(
        _("Or watch one run"),
        list(cells),
        key=f"classics.cell.{classic.name}.{arm.name}",
        format_func=called,
        width=200,
    )
    recipe = Draft("", cells[label]).text()
    frame.link(frame.train_live(), _("Open on Train live"), ":material/visibility:", recipe=recipe)


def _price(made: Sweep) -> str:
    words = price(unfold(made))
    return words[:1].upper() + words[1:]


def _start(made: Sweep, press: str) -> None:
    started = begin(made, PRESS, press, "classic")
    if started:
        state.set_started_sweep(started)
