"""Turning the live knobs of a run while it trains, and what came of it."""

from pathlib import Path
from time import monotonic, sleep

import streamlit as st

from sslviz.knobs import Scalar
from sslviz.refusal import Refusal
from sslviz.runs.launch import live_knobs, set_knob
from sslviz.runs.store import read_config, read_events
from sslviz.ui import state
from sslviz.ui.controls import knob_widget
from sslviz.ui.text import _, literal, marked

PATIENCE = 0.6  # seconds to wait for the worker's answer


def change_while_it_trains(folder: Path, off: bool) -> None:
    """A small menu of the run's live knobs; each change is sent at once and answered below."""
    config = read_config(folder)
    known = live_knobs(config)
    now: dict[str, Scalar] = {f"method.{k}": v for k, v in vars(config.method_config()).items()}
    changes = [e for e in read_events(folder) if e.get("kind") == "set"]
    now |= {e["knob"]: e["new"] for e in changes}
    label = _("Change while it trains")
    with st.popover("", icon=":material/tune:", help=label, disabled=off, key="live.knobs"):
        st.markdown(f"**{label}**")
        for name, knob in known.items():
            key = f"live.{folder.name}.{name}"
            knob_widget(knob, key, now[name], on_change=lambda n=name, k=key: _send(folder, n, k))
        refusal = state.said("knob")
        if refusal:
            st.markdown(f":material/error: {refusal}")
        for event in changes[-3:][::-1]:
            happened = _("Step {step}: {knob} {old} → {new}")
            knob = known[event["knob"]]
            st.caption(happened.format(step=event["step"], knob=_(knob.label), **_values(event)))
        if not changes:
            st.caption(_("A change acts within one step and is marked on every curve."))


def _values(event: dict[str, Scalar]) -> dict[str, str]:
    words = {True: _("on"), False: _("off")}
    return {
        side: words[value] if isinstance(value := event[side], bool) else literal(f"{value}")
        for side in ("old", "new")
    }


def _send(folder: Path, name: str, key: str) -> None:
    """Sends the knob and waits a moment for the worker to write down that it turned."""
    before = len(read_events(folder))
    try:
        set_knob(folder, name, state.widget(key))
    except (Refusal, OSError) as refusal:
        state.say("knob", marked(refusal))
        return
    patience = monotonic() + PATIENCE
    while monotonic() < patience and len(read_events(folder)) == before:
        sleep(0.05)
