"""The newest runs as a short table, each a link to its live view."""

from pathlib import Path
from time import time
from typing import Any

import streamlit as st

from sslviz.methods import METHODS, card
from sslviz.refusal import Refusal
from sslviz.runs.store import list_runs, newest_values, read_metrics, runs_root
from sslviz.ui import frame
from sslviz.ui.run_words import ICONS, ago, state_words
from sslviz.ui.text import _, literal, told

WIDTHS = [3.2, 1.8, 1.7, 1.1, 1.4]


def show(most: int) -> None:
    """One row a run: method and data, state, step, kNN accuracy, age."""
    st.subheader(
        _("Recent runs"),
        help=_("kNN: class accuracy by the 20 nearest neighbours in h; labels only measure."),
    )
    runs = list_runs(runs_root())[:most]
    if not runs:
        st.caption(_("Nothing has been trained here yet: open Train live and press Train."))
        return
    for run in runs:
        if run["state"] == "broken":
            _broken(run)
        else:
            _row(run)


def _broken(run: dict[str, Any]) -> None:
    """Plain text: what stands in a damaged run may come from anywhere."""
    with st.container(key=f"recent-{run['id']}", horizontal=True, vertical_alignment="center"):
        st.caption(f"{ICONS['broken']} {state_words()['broken']}", width="content")
        st.text(f"{run['id']} · {told(run['error'])}")


def _row(run: dict[str, Any]) -> None:
    with st.container(key=f"recent-{run['id']}"):
        name, state, step, knn, age = st.columns(WIDTHS, vertical_alignment="center")
    with name:
        title = card(run["method"]).title if run["method"] in METHODS else run["method"]
        data = run["data"].rsplit("/", 1)[-1]
        frame.link(frame.train_live(), f"{title} · {literal(data)}", run=run["id"])
    state.caption(f"{ICONS[run['state']]} {state_words()[run['state']]}")
    step.caption(f"{run['step']:,} / {run['steps']:,}")
    try:
        accuracy = _knn(run["folder"], run["step"])
    except Refusal as refusal:
        knn.text(told(refusal))
    else:
        knn.caption("" if accuracy is None else f"kNN {accuracy:.0%}")
    age.caption(ago(time() - run["created_at"]))


@st.cache_data(max_entries=200, show_spinner=False)
def _knn(folder: str, step: int) -> float | None:
    """The newest kNN accuracy in h of a run that stands at `step`; None without labels. Refusal."""
    value = newest_values(read_metrics(Path(folder))).get("knn_h")
    return float(value) if isinstance(value, int | float) else None
