"""What the run on screen is made of, which the recipe at the left does not say."""

from pathlib import Path

import streamlit as st

from sslviz.config import RunConfig, settings_of
from sslviz.methods import card
from sslviz.presets.catalogue import default
from sslviz.runs.changes import change_events, config_now
from sslviz.runs.store import read_config
from sslviz.ui.panels.marks import live_knobs
from sslviz.ui.recipe.draft import Draft, labelled, put
from sslviz.ui.run_list import title_of
from sslviz.ui.text import _, literal

MAIN = ("method", "data", "backbone", "steps", "batch_size", "lr", "optimizer", "seed")


def settings_menu(folder: Path) -> None:
    """A menu: the run's own settings, what was changed while it trained, "make this my recipe"."""
    label = _("Settings of this run")
    with st.popover(label, icon=":material/list_alt:", help=label, key="live.own"):
        config = read_config(folder)
        st.markdown(f"**{literal(title_of(folder))}**")
        st.table(_rows(config))
        _changes(folder)
        st.button(
            _("Make this my recipe"),
            key="live.take",
            icon=":material/arrow_back:",
            on_click=lambda: put(Draft("", config_now(folder))),
            help=_("Puts these settings, with what was changed, into the next run at the left."),
        )


def _rows(config: RunConfig) -> dict[str, str]:
    """Label -> value, as Markdown: the main settings, then all that differ from the preset."""
    start, mine = settings_of(default(config.method, config.data)), settings_of(config)
    names = [*MAIN, *(n for n, v in mine.items() if n not in MAIN and start.get(n) != v)]
    rows = [labelled(config.method, name, mine[name]) for name in names]
    rows[0] = (rows[0][0], _(card(config.method).title))
    return {literal(label): literal(value) for label, value in rows}


def _changes(folder: Path) -> None:
    names = live_knobs()
    for event in change_events(folder)[-8:]:
        happened = _("Step {step}: {knob} {old} → {new}")
        facts = {side: literal(str(event.get(side, ""))) for side in ("old", "new")}
        knob = str(names.get(event["knob"], event["knob"]))
        st.caption(happened.format(step=event["step"], knob=literal(knob), **facts))
