"""The runs of this machine, to choose one to look at."""

from pathlib import Path

import streamlit as st

from sslviz.runs.store import runs_root
from sslviz.ui import frame, state
from sslviz.ui.compare.beside import choose_runs
from sslviz.ui.run_list import named_runs
from sslviz.ui.run_words import ICONS, one_line
from sslviz.ui.text import _, told

SHOWN = 10


def runs_menu(folder: Path) -> None:
    """A menu of the newest runs, the one on screen marked; others may be drawn beside it."""
    with st.popover(_("Runs"), icon=":material/history:", help=_("Runs"), key="live.runs"):
        run_buttons(_("Runs"), folder.name, SHOWN)
        choose_runs(folder)
        frame.compare_with(folder.name, *state.listed("against"))


def run_buttons(title: str, shown: str | None, most: int) -> None:
    """One quiet button a run, pinned and newest first; pressing it brings the run on screen."""
    runs = named_runs(runs_root())[:most]
    with st.container(gap=None):
        if runs:
            st.caption(title)
        for summary in runs:
            st.button(
                one_line(summary),
                key=f"runs.{summary['id']}",
                icon=ICONS[summary["state"]],
                type="secondary" if summary["id"] == shown else "tertiary",
                disabled=summary["state"] == "broken",
                on_click=_look_at,
                args=(summary["id"],),
            )
            if summary["state"] == "broken":
                st.text(f"{summary['id']} · {told(summary['error'])}")


def _look_at(run: str) -> None:
    state.set_run(run)
    state.set_step(None)
