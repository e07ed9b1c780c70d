"""The page Ablations: what to train at the left, what comes of it at the right."""

from pathlib import Path
from typing import Any

import streamlit as st

from sslviz.refusal import Refusal
from sslviz.runs.queue import advance
from sslviz.runs.store import runs_root
from sslviz.sweeps.conduct import conducted
from sslviz.sweeps.export import csv_text
from sslviz.sweeps.folder import list_sweeps, named_sweep, read_sweep
from sslviz.sweeps.table import Table, progress, read_table
from sslviz.ui import state
from sslviz.ui.ablations.form import form
from sslviz.ui.ablations.matter import matter
from sslviz.ui.ablations.picture import picture
from sslviz.ui.ablations.words import duration, metric_label, ordered, sweep_words
from sslviz.ui.acting import resume_sweep, stop_sweep
from sslviz.ui.glossary import prose
from sslviz.ui.text import _, marked

MOST_LISTED = 50
FIRST_METRIC = "knn_h"
RUNNING, IDLE = 2, 10  # seconds between two looks at the runs


def show() -> None:
    left, right = st.columns([1, 3], gap="large")
    with left, st.container(key="ablations-form", gap="small"):
        form()
    with right:
        folder = _chosen()
        if folder is None:
            _nothing_yet()


def _chosen() -> Path | None:
    """Draws the sweep of `?sweep=`, else the newest; a choice of all of them stands above it."""
    root = runs_root()
    asked = _asked(root)
    folders = {folder.name: folder for folder in list_sweeps(root)[:MOST_LISTED]}
    if asked is not None:
        folders.setdefault(asked.name, asked)
    if not folders:
        return None
    which, number = st.columns([3, 2])
    state.set_widget("ablations.sweep", asked.name if asked else next(iter(folders)))
    name = which.selectbox(
        _("Sweep"),
        list(folders),
        key="ablations.sweep",
        format_func=lambda name: sweep_words(folders[name]),
        on_change=lambda: state.set_sweep(state.widget("ablations.sweep")),
    )
    state.set_sweep(name)
    try:
        metric = _metric(read_table(folders[name]), number)
    except Refusal as refusal:
        st.markdown(f":material/error: {marked(refusal)}")
    else:
        pace = RUNNING if conducted(folders[name]) else IDLE
        st.fragment(_watch, run_every=pace)(folders[name], metric)
    return folders[name]


def _asked(root: Path) -> Path | None:
    """The sweep of the URL, if there is one; a sentence where it cannot be shown."""
    asked = state.sweep()
    if not asked:
        return None
    try:
        folder = named_sweep(asked, root)
        read_sweep(folder)
    except Refusal as refusal:
        st.markdown(f":material/error: {marked(refusal)}")
        state.set_sweep(None)
        return None
    return folder


def _metric(table: Table, place: Any) -> str | None:
    """The number that is drawn; None while no run has measured anything."""
    names = ordered(table.metrics())
    if not names:
        return None
    return place.selectbox(
        _("Number"),
        names,
        index=names.index(FIRST_METRIC) if FIRST_METRIC in names else 0,
        format_func=metric_label,
        key=f"ablations.metric.{table.id}",
    )


def _nothing_yet() -> None:
    with st.container(key="ablations-empty"):
        st.subheader(_("No sweep yet"), anchor=False)
        prose(
            _(
                "Choose what to change at the left: how many runs that makes, and how long they "
                "take, stands above the button. They train one after another in the background, "
                "and make room for whoever presses Train."
            )
        )


def _watch(folder: Path, metric: str | None) -> None:
    """All of a sweep, read anew now and then; the browser draws what has changed."""
    advance(runs_root())
    try:
        table = read_table(folder)
    except Refusal as refusal:
        st.markdown(f":material/error: {marked(refusal)}")
        return
    if metric is None and table.metrics():
        st.rerun()
    _top(table, progress(table))
    if metric is None:
        st.caption(_("The pictures come with the first measurements."))
        return
    picture(table, metric)
    st.subheader(_("Does it matter?"), anchor=False)
    matter(table, metric)


def _top(table: Table, now: dict[str, Any]) -> None:
    """How far it is, and the button that stops it or goes on with it."""
    bar, button, saved = st.columns([5, 1, 1], vertical_alignment="center")
    words = [_("{n} of {total} runs").format(n=now["finished"], total=now["runs"])]
    if now["training"]:
        words.append(_("{n} training").format(n=now["training"]))
    if now["failed"]:
        words.append(_("{n} failed").format(n=now["failed"]))
    if now["eta_seconds"]:
        words.append(_("{time} left").format(time=duration(now["eta_seconds"])))
    bar.progress(now["finished"] / max(1, now["runs"]), " · ".join(words))
    with saved:
        st.download_button(
            _("CSV"),
            csv_text(table),
            f"{table.id}.csv",
            "text/csv",
            key="ablations.csv",
            icon=":material/download:",
            width="stretch",
            help=_("All runs with all their numbers, as sweep export writes them."),
            on_click="ignore",
        )
    with button:
        if now["state"] == "running":
            _action(_("Stop"), ":material/stop:", stop_sweep, table.folder)
        elif now["state"] == "idle":
            _action(_("Resume"), ":material/play_arrow:", resume_sweep, table.folder)
    said = state.said("sweep")
    if said:
        st.markdown(f":material/error: {said}")
    if now["error"]:
        st.markdown(f":material/error: {marked(now['error'])}")
    if now["state"] == "idle" and now["failed"]:
        st.caption(_("Resume tries the runs that failed once more, from their checkpoints."))


def _action(label: str, icon: str, act: Any, folder: Path) -> None:
    def do() -> None:
        try:
            act(folder)
        except (Refusal, OSError) as refusal:
            state.say("sweep", marked(refusal))

    st.button(label, key=f"ablations.{act.__name__}", icon=icon, width="stretch", on_click=do)
