"""Which other runs stand beside a run's curves: the supervised baseline, and those one chose."""

from pathlib import Path
from typing import Any

import streamlit as st

from sslviz.methods import card
from sslviz.methods.about import line
from sslviz.refusal import Refusal
from sslviz.runs.states import STATES
from sslviz.runs.store import list_runs, read_config
from sslviz.ui import acting, state
from sslviz.ui.run_list import titles
from sslviz.ui.text import _, literal, marked

MOST = 3  # chosen runs on one plot
SAME = ("data", "train_images", "image_size")


@st.cache_data(ttl=2, max_entries=50, show_spinner=False)
def comparable(folder: str) -> list[dict[str, Any]]:
    """Summaries of the other runs of the same images, newest first."""
    here = read_config(Path(folder))
    found = []
    for run in list_runs(Path(folder).parent):
        if run["state"] == "broken" or run["folder"] == folder:
            continue
        config = read_config(Path(run["folder"]))
        if all(getattr(config, name) == getattr(here, name) for name in SAME):
            found.append(run)
    return found


def baseline(folder: Path) -> dict[str, Any] | None:
    """The newest supervised run of the same images and backbone; one that has begun goes first."""
    here = read_config(folder)
    if here.method == line("labels"):
        return None
    runs = [
        run
        for run in comparable(str(folder))
        if (run["method"], run["backbone"]) == (line("labels"), here.backbone) and not _is_lost(run)
    ]
    return next((run for run in runs if run["step"] > 0), runs[0] if runs else None)


def _is_lost(run: dict[str, Any]) -> bool:
    """Whether it ended before it had a curve."""
    return run["step"] == 0 and STATES[run["state"]].over


def baseline_id(folder: Path) -> str | None:
    run = baseline(folder)
    return run["id"] if run else None


def chosen(folder: Path) -> list[dict[str, Any]]:
    """The runs of `?against=a,b`, at most MOST; one sentence is left for those that do not fit."""
    asked = state.listed("against")
    known = {run["id"]: run for run in comparable(str(folder))}
    wrong = [name for name in asked if name not in known and name != folder.name]
    fitting = [known[name] for name in asked if name in known][:MOST]
    if wrong:
        refusal = _("{run} is not drawn: there is no such run of the same images here.")
        state.say("live", refusal.format(run=literal(wrong[0][:80])))
        state.set_listed("against", [run["id"] for run in fitting])
    return fitting


def beside(folder: Path) -> dict[str, Any]:
    """What the curves draw beside the run's own: `runs`, and whether to offer a baseline."""
    base = baseline(folder)
    others = [run for run in chosen(folder) if base is None or run["id"] != base["id"]]
    named = titles(folder.parent)
    runs = ([_line(base, "", named)] if base else []) + [
        _line(run, letter, named) for run, letter in zip(others, "ABC", strict=False)
    ]
    return {"runs": runs, "offer": base is None and read_config(folder).method != line("labels")}


def _line(run: dict[str, Any], letter: str, named: dict[str, str]) -> dict[str, Any]:
    """`letter` "" is the baseline."""
    names = {"run": run["id"], "name": named.get(run["id"], run["id"]), "letter": letter}
    return names | {"title": _(card(run["method"]).title), "seed": run["seed"]}


def train_baseline(folder: Path) -> None:
    """Queues the same recipe with labels as the teacher; the run on screen stays. For callbacks.

    However often it is asked for: one at a time, and another only where that one came to nothing.
    """
    comparable.clear()
    config = read_config(folder)
    lost = [
        run for run in comparable(str(folder)) if _is_lost(run) and run["method"] == line("labels")
    ]
    try:
        supervised = config.with_settings({"method": line("labels")})
        acting.start(supervised, folder.parent, f"baseline {folder.name} {len(lost)}")
    except (Refusal, OSError) as refusal:
        state.say("live", marked(refusal))
    comparable.clear()


def choose_runs(folder: Path) -> None:
    """The list to choose from, inside the menu of runs."""
    runs = [run["id"] for run in comparable(str(folder))]
    named = titles(folder.parent)
    if not runs:
        st.caption(_("There is no other run of the same images to compare with."))
        return
    key = f"live.against.{folder.name}"
    st.multiselect(
        _("Compare with"),
        runs,
        default=[run["id"] for run in chosen(folder)],
        format_func=lambda run: str(named.get(run, run)),
        max_selections=MOST,
        placeholder=_("Other runs of the same images"),
        help=_("Their kNN curves are drawn beside this run's."),
        key=key,
        on_change=lambda: state.set_listed("against", state.widget(key)),
    )
