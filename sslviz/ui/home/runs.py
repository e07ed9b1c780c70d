"""The runs of this machine as a table that filters and sorts; each row leads to its live view."""

from collections.abc import Callable
from pathlib import Path
from time import time
from typing import Any

import streamlit as st

from sslviz.refusal import Refusal
from sslviz.runs.states import STATES
from sslviz.runs.store import newest_values, read_metrics, runs_root
from sslviz.ui import acting, frame, state
from sslviz.ui.run_list import named_runs, what
from sslviz.ui.run_words import ICONS, ago, state_words
from sslviz.ui.text import _, literal, marked, told

WIDTHS = [4.2, 2.2, 1.0, 1.7, 1.7, 1.2, 1.4, 0.7]
SHOWN = 8


@st.fragment
def show() -> None:
    """One row a run: name, method and data, seed, state, step, kNN accuracy, age, menu."""
    st.subheader(
        _("Runs"),
        help=_("kNN: class accuracy by the nearest neighbours in h; labels only measure."),
    )
    _undo()
    runs = named_runs(runs_root())
    if not runs:
        st.caption(_("Nothing has been trained here yet."))
        return
    wanted = _chosen(runs)
    few = len(wanted) <= SHOWN or state.widget("runs.all", False)
    for run in wanted if few else wanted[:SHOWN]:
        if run["state"] == "broken":
            _broken(run)
        else:
            _row(run)
    if not wanted:
        st.caption(_("No run fits."))
    if len(wanted) > SHOWN:
        st.toggle(_("Show all {n}").format(n=len(wanted)), key="runs.all")
    if len(runs) > 1:
        frame.link(frame.compare(), _("Compare side by side"), ":material/compare:")


def _chosen(runs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The runs that fit the words typed, in the order chosen; nothing to choose among a few."""
    if len(runs) < 3:
        return runs
    orders: dict[str, tuple[str, Callable[[dict[str, Any]], Any]]] = {
        "newest": (_("newest first"), lambda run: 0),
        "name": (_("by name"), lambda run: run["title"].casefold()),
        "knn": (_("by kNN"), lambda run: -(_knn_of(run) or 0)),
        "steps": (_("by steps"), lambda run: -run["step"]),
    }
    words, order = st.columns([3, 1])
    asked = words.text_input(
        _("Filter"),
        key="runs.filter",
        placeholder=_("Filter: name, method, data, state"),
        label_visibility="collapsed",
    )
    by = order.selectbox(
        _("Order"),
        list(orders),
        format_func=lambda name: orders[name][0],
        key="runs.order",
        label_visibility="collapsed",
    )
    fitting = [run for run in runs if fits(run, asked)]
    return sorted(fitting, key=lambda run: (not run["pinned"], orders[by][1](run)))


def fits(run: dict[str, Any], asked: str) -> bool:
    """Whether each word stands in what a row says of the run."""
    said = [run["title"], run["id"], run.get("method", ""), run.get("data", ""), run["state"]]
    line = " ".join([*said, state_words()[run["state"]]]).casefold()
    return all(word in line for word in asked.casefold().split())


def _broken(run: dict[str, Any]) -> None:
    """Plain text: what stands in a damaged run may come from anywhere."""
    with st.container(key=f"recent-{run['id']}", horizontal=True, vertical_alignment="center"):
        st.caption(f"{ICONS['broken']} {state_words()['broken']}", width="content")
        st.text(f"{run['id']} · {told(run['error'])}")
        _menu(run)


def _row(run: dict[str, Any]) -> None:
    with st.container(key=f"recent-{run['id']}"):
        columns = st.columns(WIDTHS, vertical_alignment="center")
    name, data, seed, now, step, knn, age, menu = columns
    with name:
        icon = ":material/keep:" if run["pinned"] else None
        frame.link(frame.train_live(), literal(run["title"]), icon, run=run["id"])
    data.caption(literal(what(run)))
    seed.caption(_("seed {n}").format(n=run["seed"]))
    now.caption(f"{ICONS[run['state']]} {state_words()[run['state']]}")
    step.caption(f"{run['step']:,} / {run['steps']:,}")
    try:
        accuracy = _knn(run["folder"], run["step"])
    except Refusal as refusal:
        knn.text(told(refusal))
    else:
        knn.caption("" if accuracy is None else f"kNN {accuracy:.0%}")
    age.caption(ago(time() - run["created_at"]))
    with menu:
        _menu(run)


def _menu(run: dict[str, Any]) -> None:
    """Name, pin, delete; what came of it stands above the table."""
    folder, key = Path(run["folder"]), f"runs.{run['id']}"
    label = _("Name, pin, delete")
    with st.popover(
        label, icon=":material/more_vert:", help=label, type="tertiary", key=f"menu.{run['id']}"
    ):
        if run["state"] != "broken":
            frame.compare_with(run["id"])
        st.text_input(
            _("Name"),
            run["name"],
            key=f"{key}.name",
            placeholder=run["title"],
            help=_("Empty: the name that follows from the run's settings."),
            on_change=lambda: _act(acting.rename, folder, state.widget(f"{key}.name")),
        )
        st.button(
            _("Unpin") if run["pinned"] else _("Pin to the top"),
            key=f"{key}.pin",
            icon=":material/keep:",
            on_click=_act,
            args=(acting.pin, folder, not run["pinned"]),
        )
        st.button(
            _("Delete"),
            key=f"{key}.delete",
            icon=":material/delete:",
            disabled=STATES[run["state"]].live,
            help=_("A run that is at work must be stopped first.")
            if STATES[run["state"]].live
            else _("It can be brought back."),
            on_click=_delete,
            args=(folder, run["title"]),
        )


def _do(act: Callable[..., Any], *facts: Any) -> bool:
    try:
        act(*facts)
    except Refusal as refusal:
        state.say("runs", marked(refusal))
        return False
    return True


def _act(act: Callable[..., Any], *facts: Any) -> None:
    _do(act, *facts)


def _delete(folder: Path, title: str) -> None:
    if _do(acting.delete, folder):
        state.set_deleted((folder.name, title))
        if state.run() == folder.name:
            state.set_run(None)


def _undo() -> None:
    """What was refused last; the run that was deleted last, and the button that brings it back."""
    said, deleted = state.said("runs"), state.deleted()
    if said:
        st.markdown(f":material/error: {said}")
    if deleted is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="runs-undo"):
        gone = _("{run} was deleted.").format(run=literal(deleted[1]))
        st.markdown(gone, width="content")
        st.button(_("Undo"), key="runs.undo", icon=":material/undo:", on_click=_restore)


def _restore() -> None:
    deleted = state.deleted()
    state.set_deleted(None)
    if deleted:
        _do(acting.restore, deleted[0], runs_root())


def _knn_of(run: dict[str, Any]) -> float | None:
    try:
        return _knn(run["folder"], run["step"])
    except Refusal:
        return None


@st.cache_data(max_entries=200, show_spinner=False)
def _knn(folder: str, step: int) -> float | None:
    """The newest kNN accuracy in h of a run that stands at `step`; None without labels. Refusal."""
    value = newest_values(read_metrics(Path(folder))).get("knn_h")
    return float(value) if isinstance(value, int | float) else None
