"""The page Evaluate: choose runs and a protocol at the left, results at the right."""

from pathlib import Path
from typing import Any

import streamlit as st

from sslviz.evaluate.records import ACTIVE
from sslviz.refusal import Refusal
from sslviz.runs.store import runs_root
from sslviz.ui import frame, state
from sslviz.ui.acting import stop_evaluation
from sslviz.ui.evaluate import results as evaluate_results
from sslviz.ui.evaluate.form import form
from sslviz.ui.evaluate.rows import Row, rows_of
from sslviz.ui.glossary import prose
from sslviz.ui.run_list import named_runs
from sslviz.ui.text import _, literal, marked, told


def show() -> None:
    """The whole page; one sentence and a link where no run can be evaluated yet."""
    candidates = {run["id"]: run for run in named_runs(runs_root()) if _has_weights(run)}
    if not candidates:
        prose(
            _("Nothing to evaluate yet: an encoder must be trained first. Its labels come in here.")
        )
        frame.link(frame.train_live(), _("Train a real encoder"), ":material/play_circle:")
        return
    left, right = st.columns([1, 2.5], gap="large")
    with left, st.container(key="evaluate-form", gap="small"):
        runs, config = form(candidates)
    with right:
        rows = rows_of(runs, config.protocol, runs_root())
        _watch(runs, config.protocol, _mark(rows))
        finished = [row for row in rows if row.state == "finished"]
        if finished:
            evaluate_results.show(finished, config.protocol)
        else:
            _nothing_yet(bool(runs))


def _has_weights(run: dict[str, Any]) -> bool:
    folder = Path(run["folder"])
    return run["state"] != "broken" and any(folder.glob("checkpoint-?.json"))


def _nothing_yet(any_run: bool) -> None:
    with st.container(key="evaluate-empty"):
        st.subheader(_("No result yet"), anchor=False)
        if any_run:
            prose(
                _(
                    "Press Evaluate: the encoder is put to use with labels, in the background. "
                    "Nearest neighbours take seconds, training takes minutes."
                )
            )
        else:
            st.markdown(_("Choose at least one run at the left."))


def _mark(rows: list[Row]) -> str:
    """Changes whenever something begins or ends."""
    return " ".join(f"{row.record['id']}:{row.state}" for row in rows)


@st.fragment(run_every=1)
def _watch(runs: list[str], protocol: str, drawn: str) -> None:
    """What is under way or went wrong; redraws the page when something has ended."""
    rows = rows_of(runs, protocol, runs_root())
    if _mark(rows) != drawn:
        st.rerun()
    for row in rows:
        if row.state in ACTIVE:
            _under_way(row)
        elif row.state == "broken":
            st.text(f"{row.name} · {told(row.record['error'])}")
        elif row.state != "finished":
            reason = marked(row.record["error"]) or _(
                "Interrupted; press Evaluate to start it again."
            )
            st.markdown(f":material/error: **{literal(row.name)}** · {reason}")


def _left(seconds: float) -> str:
    if seconds < 100:
        return _("{n} s left").format(n=round(seconds))
    return _("{n} min left").format(n=round(seconds / 60))


def _under_way(row: Row) -> None:
    record = row.record
    share = min(1.0, max(0.0, record["progress"] or 0.0))
    words = [literal(row.name)]
    if row.state == "waiting":
        words.append(_("queued"))
    elif record["eta_seconds"]:
        words += [f"{share:.0%}", _left(record["eta_seconds"])]
    else:
        words.append(marked(record["message"]) or _("starting"))
    bar, button = st.columns([12, 1], vertical_alignment="center")
    bar.progress(share, " · ".join(words))
    button.button(
        "",
        key=f"evaluate.stop.{record['id']}",
        icon=":material/close:",
        type="tertiary",
        help=_("Stop this evaluation"),
        on_click=_stop,
        args=(row.folder, record["id"]),
    )


def _stop(folder: Path, evaluation: str) -> None:
    try:
        stop_evaluation(folder, evaluation)
    except (Refusal, OSError) as refusal:
        state.say("evaluate", f":material/error: {marked(refusal)}")
