"""The button that takes a picture of a run at the step it is at."""

from pathlib import Path

import streamlit as st

from sslviz.refusal import Refusal
from sslviz.runs.changes import answer, refused
from sslviz.ui import state
from sslviz.ui.acting import snapshot
from sslviz.ui.text import _, marked

PATIENCE = 0.8  # seconds to wait for the worker


def snapshot_button(folder: Path, off: bool) -> None:
    """Takes a picture now; all panels draw it as soon as it is written."""
    label = _("Snapshot now")
    words = _("Snapshot now: look at the network as it is, without waiting for the next picture.")
    st.button(
        label,
        key="live.snapshot",
        icon=":material/photo_camera:",
        help=words,
        disabled=off,
        on_click=_take,
        args=(folder,),
    )


def _take(folder: Path) -> None:
    try:
        refusal = refused(answer(folder, snapshot(folder), PATIENCE))
    except (Refusal, OSError) as error:
        refusal = error
    if refusal:
        state.say("live", marked(refusal))
