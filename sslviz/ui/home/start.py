"""From nothing to training: one button on Home, and a small live picture of what it started."""

from pathlib import Path

import streamlit as st

from sslviz.refusal import Refusal
from sslviz.runs.states import STATES
from sslviz.runs.store import find_run, read_status, runs_root
from sslviz.ui import frame, state
from sslviz.ui.glossary import prose
from sslviz.ui.panels.embedding import embedding_view
from sslviz.ui.panels.status import status_strip
from sslviz.ui.recipe.draft import first_draft
from sslviz.ui.recipe.start import press_to_train
from sslviz.ui.run_list import named_runs, title_of
from sslviz.ui.text import _

HEIGHT = 280  # pixels of the small picture


def show() -> None:
    """A run that trains here, small and live; where none does, the button that starts one."""
    folder = _live_run()
    with st.container(key="home-start", border=True):
        said = state.said("recipe")
        if said:
            st.markdown(f":material/error: {said}")
        if folder is None:
            _offer()
        else:
            _watch(folder)


def _offer() -> None:
    words, button = st.columns([3, 1], vertical_alignment="center")
    with words:
        prose(
            _(
                "**See it happen:** a small SimCLR encoder trains on this machine, without "
                "labels. Each point is an image; images of one shape gather, though nobody says "
                "what they are."
            )
        )
    with button:
        press_to_train(_("Start training"), "home", first_draft().config)


def _watch(folder: Path) -> None:
    status_strip(folder.name, "home.status", title_of(folder))
    embedding_view(folder.name, "home.embedding", HEIGHT)
    words, link = st.columns([3, 1], vertical_alignment="center")
    words.caption(
        _(
            "Each point is an image that the encoder was not trained on; colour is its class, "
            "which only you see."
        )
    )
    with link:
        label = _("See all of it in Train live")
        frame.link(frame.train_live(), label, ":material/open_in_full:", run=folder.name)


def _live_run() -> Path | None:
    """This visitor's run while it is at work; else the newest that is."""
    asked = state.run()
    if asked:
        try:
            folder = find_run(asked, runs_root())
            if STATES[read_status(folder)["state"]].live:
                return folder
        except Refusal:
            state.set_run(None)
    at_work = (run for run in named_runs(runs_root()) if STATES[run["state"]].live)
    newest = max(at_work, key=lambda run: run["created_at"], default=None)
    return Path(newest["folder"]) if newest else None
