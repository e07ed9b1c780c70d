"""What every form that starts a sweep needs: how long it will take, and one start a press."""

from pathlib import Path

import streamlit as st

from sslviz.config import RunConfig
from sslviz.refusal import Refusal
from sslviz.runs.store import runs_root
from sslviz.sweeps.estimate import seconds_an_image, seconds_of
from sslviz.sweeps.sweep import Member, Sweep
from sslviz.ui import state
from sslviz.ui.ablations.words import duration
from sslviz.ui.acting import start_sweep
from sslviz.ui.text import _, marked


def price(members: list[Member]) -> str:
    """How long the runs will take, as far as it is known here."""
    seconds, sure = seconds_of(members, _known(str(runs_root())))
    if seconds is None:
        return _("how long is not known: nothing like it has been trained here yet")
    words = (
        _("about {time}") if sure else _("very roughly {time}, as other methods of this size take")
    )
    return words.format(time=duration(seconds))


@st.cache_data(ttl=20, max_entries=4, show_spinner=False)
def _known(root: str) -> list[tuple[RunConfig, float]]:
    return seconds_an_image(Path(root))


def begin(made: Sweep, button: str, press: str, place: str) -> str | None:
    """Makes the sweep and starts it, once a press of `button`. Returns its id, or None where it was
    not started; a refusal is said at `place`. For callbacks."""
    if press != state.press(button):
        return None
    try:
        folder = start_sweep(made, runs_root())
    except (Refusal, OSError) as refusal:
        state.say(place, marked(refusal))
        return None
    state.pressed(button)
    return folder.name
