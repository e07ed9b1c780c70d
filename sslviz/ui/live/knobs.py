"""Changing the live settings of a run while it trains, and what came of it."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from sslviz.augment.catalogue import OPS
from sslviz.config import VIEWS, RunConfig, live_settings, settings_of
from sslviz.knobs import Scalar
from sslviz.refusal import Refusal
from sslviz.runs.changes import answer, change_events, config_now, refused
from sslviz.ui import state
from sslviz.ui.acting import change
from sslviz.ui.controls import knob_widget, op_widgets, set_view
from sslviz.ui.panels.marks import setting_label
from sslviz.ui.text import _, literal, marked

PATIENCE = 0.6  # seconds to wait for the worker's answer


def change_while_it_trains(folder: Path, off: bool) -> None:
    """A small menu of the run's live settings; each change is sent at once and answered below."""
    now, prefix = config_now(folder), f"live.{folder.name}"
    values = settings_of(now)
    label = _("Change while it trains")
    with st.popover(label, icon=":material/tune:", help=label, disabled=off, key="live.knobs"):
        st.markdown(f"**{label}**")
        _settle(folder, prefix, now)
        for name, knob in live_settings(now).items():
            if name.partition(".")[0] not in VIEWS:
                key = f"{prefix}.{name}"
                send = partial(_send, folder, (name,), key)
                knob_widget(knob, key, values[name], on_change=send)
        _views(folder, prefix, now)
        _answers(folder, now)


def _settle(folder: Path, prefix: str, now: RunConfig) -> None:
    """Puts into the widgets what the run has, once the worker has answered the last change."""
    asked = state.widget(f"{prefix}.asked")
    events = answer(folder, asked, 0.0) if asked else []
    if asked and not events:
        return
    refusal = refused(events)
    if refusal:
        state.say("knob", marked(refusal))
    state.set_widget(f"{prefix}.asked", None)
    for name, value in settings_of(now).items():
        if name in live_settings(now):
            state.set_widget(f"{prefix}.{name}", value)
    for view in VIEWS:
        set_view(f"{prefix}.{view}", getattr(now, view))


def _views(folder: Path, prefix: str, now: RunConfig) -> None:
    """The ops of both views as chips; the chosen one's probability and strengths, view by view."""
    help = _(
        "Acts on training from the next step. The pictures keep their fixed views, so that they "
        "can be compared."
    )
    title = st.pills(_("Views"), list(OPS), format_func=_chip(now), key=f"{prefix}.op", help=help)
    if title is None:
        return
    for place, view in zip(st.columns(2), VIEWS, strict=True):

        def send(names: tuple[str, ...], key: str, view: str = view) -> None:
            _send(folder, tuple(f"{view}.{name}" for name in names), key)

        with place:
            st.caption(_("View 1") if view == "view1" else _("View 2"))
            op_widgets(f"{prefix}.{view}", OPS[title], vars(getattr(now, view)), on_change=send)


def _chip(now: RunConfig) -> Any:
    """op -> `Colour jitter · 80%`, with both probabilities where the views differ."""

    def words(op: str) -> str:
        chances = dict.fromkeys(f"{getattr(getattr(now, view), op):.0%}" for view in VIEWS)
        return " · ".join([_(OPS[op].chance.label), " / ".join(c for c in chances if c != "0%")])

    return lambda op: words(op).removesuffix(" · ")


def _answers(folder: Path, now: RunConfig) -> None:
    """What was refused last, and the newest changes of the run."""
    refusal = state.said("knob")
    if refusal:
        st.markdown(f":material/error: {refusal}")
    changes, known = change_events(folder), live_settings(now)
    for event in changes[-3:][::-1]:
        happened = _("Step {step}: {knob} {old} → {new}")
        title = setting_label(event["knob"], known[event["knob"]])
        st.caption(happened.format(step=event["step"], knob=title, **_values(event)))
    if not changes:
        st.caption(_("A change acts within one step and is marked on every curve."))


def _values(event: Mapping[str, Scalar]) -> dict[str, str]:
    words = {True: _("on"), False: _("off")}
    return {
        side: words[value]
        if isinstance(value := event.get(side, ""), bool)
        else literal(f"{value}")
        for side in ("old", "new")
    }


def _send(folder: Path, names: tuple[str, ...], key: str) -> None:
    """Sends what a widget holds and waits a moment for the worker; its answer is read when the
    menu is drawn."""
    held = state.widget(key)
    values = held if isinstance(held, tuple | list) else (held,)
    asked = f"live.{folder.name}.asked"
    state.set_widget(asked, None)
    try:
        command = change(folder, dict(zip(names, map(_rounded, values), strict=True)))
    except (Refusal, OSError) as refusal:
        state.say("knob", marked(refusal))
        return
    state.set_widget(asked, command)
    if command:
        answer(folder, command, PATIENCE)


def _rounded(value: Scalar) -> Scalar:
    """Without the noise that a slider's steps leave in a number."""
    return round(value, 8) if isinstance(value, float) else value
