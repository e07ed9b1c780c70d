"""The runs of this machine, to choose one to look at."""

from pathlib import Path
from time import time
from typing import Any

import streamlit as st

from sslviz.methods import METHODS, card
from sslviz.runs.store import list_runs, runs_root
from sslviz.ui import state
from sslviz.ui.compare.beside import choose_runs
from sslviz.ui.text import _, literal

SHOWN = 10
STATES = {
    "starting": (":material/hourglass_top:", "Starting"),
    "queued": (":material/schedule:", "Queued"),
    "training": (":material/play_arrow:", "Training"),
    "paused": (":material/pause:", "Paused"),
    "silent": (":material/hourglass:", "Silent"),
    "finished": (":material/check:", "Finished"),
    "stopped": (":material/stop:", "Stopped"),
    "failed": (":material/error:", "Failed"),
    "interrupted": (":material/link_off:", "Interrupted"),
    "broken": (":material/error:", "Damaged"),
}


def runs_menu(folder: Path) -> None:
    """A menu of the newest runs, the one on screen marked; others may be drawn beside it."""
    with st.popover("", icon=":material/history:", help=_("Runs"), key="live.runs"):
        run_buttons(_("Runs"), folder.name, SHOWN)
        choose_runs(folder)


def run_buttons(title: str, shown: str | None, most: int) -> None:
    """One quiet button a run, newest first; pressing it brings the run on screen."""
    runs = list_runs(runs_root())[:most]
    with st.container(gap=None):
        if runs:
            st.caption(title)
        for summary in runs:
            st.button(
                one_line(summary),
                key=f"runs.{summary['id']}",
                icon=STATES[summary["state"]][0],
                type="secondary" if summary["id"] == shown else "tertiary",
                disabled=summary["state"] == "broken",
                on_click=_look_at,
                args=(summary["id"],),
            )


def _look_at(run: str) -> None:
    state.set_run(run)
    state.set_step(None)


def one_line(summary: dict[str, Any]) -> str:
    """Markdown: `SimCLR · shapes · 420/1600 · Training · 3 min ago`."""
    method = summary.get("method", "")
    title = _(card(method).title) if method in METHODS else _("damaged run")
    words = [title, literal(str(summary.get("data", "")).rsplit("/", 1)[-1])]
    words += [f"{summary['step']}/{summary['steps']}", _(STATES[summary["state"]][1])]
    return " · ".join([*filter(None, words), ago(time() - summary["created_at"])])


def ago(seconds: float) -> str:
    """How long ago, in the largest fitting unit."""
    for size, words in ((86400, _("{n} d ago")), (3600, _("{n} h ago")), (60, _("{n} min ago"))):
        if seconds >= size:
            return words.format(n=int(seconds // size))
    return _("just now")
