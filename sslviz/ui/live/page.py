"""A run while it trains, on one screen: status, embedding, similarity, collapse, curves."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import streamlit as st

from sslviz.refusal import Refusal
from sslviz.runs.launch import OnlyFromTheStart, lost_by_resuming
from sslviz.runs.states import STATES
from sslviz.runs.store import find_run, read_config, read_events, read_status, runs_root
from sslviz.ui import state
from sslviz.ui.acting import from_the_start, pause, resume, stop
from sslviz.ui.compare import beside as comparison
from sslviz.ui.compare.paired_copy import one_change, pairing, undecided
from sslviz.ui.live.knobs import change_while_it_trains
from sslviz.ui.live.picture import snapshot_button
from sslviz.ui.live.runs_menu import runs_menu
from sslviz.ui.live.settings import settings_menu
from sslviz.ui.panels.collapse import collapse_view
from sslviz.ui.panels.curves import curves_view
from sslviz.ui.panels.embedding import embedding_view
from sslviz.ui.panels.histogram import histogram_view
from sslviz.ui.panels.matrix import matrix_view
from sslviz.ui.panels.status import affairs, status_strip
from sslviz.ui.panels.task import parts, task_view
from sslviz.ui.present.presenter import presenter
from sslviz.ui.replay.menu import save_menu
from sslviz.ui.run_list import title_of
from sslviz.ui.text import _, marked, told

AGAIN, SOON = 30, 1  # seconds between two looks at other runs, of which the strip knows nothing
LETTERS = 55  # in a line of the strip
PATIENCE = 0.8  # seconds to wait for the worker, so that a button answers at once


def chosen_run() -> Path | None:
    """The folder of the run on screen; an unknown one leaves a sentence and is forgotten."""
    run = state.run()
    if run is None:
        return None
    try:
        folder = find_run(run, runs_root())
        read_status(folder)
        read_events(folder)
    except Refusal as refusal:
        state.say("live", marked(refusal))
        state.set_run(None)
        return None
    state.set_run(run)
    return folder


def show(folder: Path) -> None:
    """The live view of one run. After this only the browser moves the pictures."""
    run, status = folder.name, read_status(folder)
    beside = comparison.beside(folder)
    with st.container(key="live"):
        top = st.container(
            horizontal=True, vertical_alignment="center", gap="small", key="live-top"
        )
        _sentence()
        _start_over(folder)
        left, right = st.columns([0.555, 0.445], gap="small")
        with left, st.container(key="live-hero"):
            embedding_view(run, "live.embedding", 392)
        with right:
            _pairs(folder)
            collapse_view(run, "live.collapse", 190)
        for place, which in zip(st.columns(3, gap="small"), ("loss", "knn", "probes"), strict=True):
            with place:
                drawn = None if which == "loss" else beside
                train = partial(comparison.train_baseline, folder)
                curves_view(run, f"live.{which}", 150, which, drawn, train)
    with top:  # after what is waited for
        _top_row(folder, status)
    _room_for_words(status)
    presenter(folder)


def _pairs(folder: Path) -> None:
    """Similarity matrix and histogram; a method with a task of its own may take their place."""
    run, method = folder.name, read_config(folder).method
    with st.container(key="live-pairs"):
        if parts(method):
            task_view(run, "live.task", 190, method)
        one, two = st.columns([0.69, 0.31], gap="small")
    with one:
        matrix_view(run, "live.matrix", 190)
    with two:
        histogram_view(run, "live.histogram", 190)


def _top_row(folder: Path, status: dict[str, Any]) -> None:
    with st.container(key="live-strip"):
        drawn = _drawn(folder)
        st.fragment(_strip, run_every=SOON if drawn[-1] else AGAIN)(folder, drawn)
    now = STATES[status["state"]]
    if now.can_resume:
        _action(_("Resume"), ":material/play_arrow:", resume, folder, primary=True)
    else:
        _action(_("Pause"), ":material/pause:", pause, folder, off=not now.can_pause)
    _action(_("Stop"), ":material/stop:", stop, folder, off=not now.can_stop)
    snapshot_button(folder, off=not now.steerable)
    change_while_it_trains(folder, off=not now.steerable)
    settings_menu(folder)
    one_change(folder)
    save_menu(folder)
    runs_menu(folder)


def _action(
    label: str,
    icon: str,
    act: Callable[[Path], None],
    folder: Path,
    off: bool = False,
    primary: bool = False,
) -> None:
    st.button(
        label,
        key=f"live.{act.__name__}",
        icon=icon,
        disabled=off,
        type="primary" if primary else "secondary",
        on_click=_do,
        args=(act, folder),
    )


def _do(act: Callable[[Path], None], folder: Path) -> None:
    """Acts, and waits a moment for the worker so that the buttons answer at once."""
    try:
        before = read_status(folder)["state"]
        act(folder)
    except OnlyFromTheStart:
        state.ask_start_over(folder.name)
        return
    except (Refusal, OSError) as refusal:
        state.say("live", marked(refusal))
        return
    patience = monotonic() + PATIENCE
    with suppress(Refusal):
        while monotonic() < patience and read_status(folder)["state"] == before:
            sleep(0.05)


def _start_over(folder: Path) -> None:
    """Asks, with what would be set aside, where Resume could only begin at step 0."""
    if state.asked_start_over() != folder.name:
        return
    try:
        lost = lost_by_resuming(folder)
    except Refusal as refusal:
        lost = refusal.sentence
    if lost is None:
        state.ask_start_over(None)
        return
    with st.container(horizontal=True, vertical_alignment="center", key="live-start-over"):
        st.text(told(lost))
        key, icon = "live.start_over", ":material/restart_alt:"
        st.button(_("Start over"), key=key, icon=icon, on_click=_answer, args=(folder, True))
        st.button(_("Cancel"), key="live.cancel_start_over", on_click=_answer, args=(folder, False))


def _answer(folder: Path, yes: bool) -> None:
    state.ask_start_over(None)
    if yes:
        _do(from_the_start, folder)


def _room_for_words(status: dict[str, Any]) -> None:
    """Makes the pictures a little lower while the strip has a sentence to say."""
    lines = _lines(status)
    if lines:
        st.html(f'<i class="live-told-{lines}"></i>')


def _lines(status: dict[str, Any]) -> int:
    """How many lines the strip's sentence takes."""
    words = str(status["error"] or status["message"] or " ".join(map(str, status["notes"])))
    if not words and (status["state"] == "starting" or not STATES[status["state"]].told):
        return 0
    return min(3, 1 + len(words) // LETTERS)


def _sentence() -> None:
    """What came of the last press where it did not work; the strip tells the run's own troubles."""
    said = state.said("live")
    if said:
        st.markdown(f":material/error: {said}")


def _drawn(folder: Path) -> tuple[Any, ...]:
    """What the buttons and the menus are drawn from; last, whether a pair is still undecided."""
    status = read_status(folder)
    now = STATES[status["state"]]
    allowed = (now.over, now.can_pause, now.can_resume, now.can_stop, now.steerable)
    told = _lines(status), len(read_events(folder))
    found = pairing(folder)
    return *allowed, *told, comparison.baseline_id(folder), found, undecided(found)


def _strip(folder: Path, drawn: tuple[Any, ...]) -> None:
    """The strip, which has itself drawn again when the run changes; redraws the page when its
    buttons, its menus or the baseline are old."""
    with suppress(Refusal):
        status_strip(folder.name, "live.status", title_of(folder), affairs(folder))
        if _drawn(folder) == drawn:
            return
    st.rerun()
