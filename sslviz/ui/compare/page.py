"""The page Compare: which runs, and those runs side by side."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import streamlit as st

from sslviz.refusal import Refusal
from sslviz.runs.store import read_events, read_status, runs_root
from sslviz.ui import frame, state
from sslviz.ui.compare.facts import MOST
from sslviz.ui.compare.stage import stage
from sslviz.ui.run_list import named_runs
from sslviz.ui.run_words import one_line
from sslviz.ui.text import _, literal, marked, told

LISTED = 500  # runs to choose from
OFFERED = 4  # pairs that are offered before anything is chosen


def show() -> None:
    root = runs_root()
    known = {run["id"]: run for run in named_runs(root)}
    chosen = chosen_of(known)
    if len(chosen) < 2:
        _empty(known, chosen)
        return
    folders = [root / run for run in chosen]
    with st.container(key="compare-top", horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{_('Compare')}**", width="content")
        _sentence()
        words = _("Runs ({n} of {most})").format(n=len(chosen), most=MOST)
        with st.popover(words, icon=":material/checklist:", key="compare.runs"):
            _picker(known, chosen)
            for run in chosen:
                title = literal(known[run]["title"])
                frame.link(frame.train_live(), title, ":material/arrow_forward:", run=run)
    if len(chosen) > 2:
        st.html(f'<i class="compare-{"many" if len(chosen) < 5 else "most"}"></i>')
    titles = {run: known[run]["title"] for run in chosen}
    st.fragment(_stage)(folders, titles, _drawn(folders))


def chosen_of(known: dict[str, dict[str, Any]]) -> list[str]:
    """The runs of `?runs=a,b`, at most MOST; one sentence is left for those that do not fit."""
    asked = list(dict.fromkeys(state.listed("runs")))
    fitting = [run for run in asked if run in known and known[run]["state"] != "broken"]
    wrong = next((run for run in asked if run not in fitting), None)
    if wrong is not None:
        reason = told(known[wrong]["error"]) if wrong in known else _("There is no such run here.")
        words = _("{run} is not compared. {reason}")
        state.say("compare", words.format(run=literal(wrong[:80]), reason=literal(reason)))
    elif len(fitting) > MOST:
        words = _("At most {most} runs stand side by side; the first {most} are shown.")
        state.say("compare", words.format(most=MOST))
    if fitting[:MOST] != asked:
        state.set_listed("runs", fitting[:MOST])
    return fitting[:MOST]


def _picker(known: dict[str, dict[str, Any]], chosen: Sequence[str]) -> None:
    """The list to choose from: names, never ids."""
    runs = [run for run in known if known[run]["state"] != "broken"][:LISTED]
    key = "compare.chosen"
    if state.widget(key) != list(chosen):
        state.set_widget(key, list(chosen))
    st.multiselect(
        _("Runs to compare"),
        list(dict.fromkeys([*chosen, *runs])),
        format_func=lambda run: one_line(known[run]),
        max_selections=MOST,
        placeholder=_("Choose two to {most} runs").format(most=MOST),
        key=key,
        on_change=lambda: state.set_listed("runs", state.widget(key)),
    )


def _empty(known: dict[str, dict[str, Any]], chosen: Sequence[str]) -> None:
    """What to do while there is nothing to compare."""
    with st.container(key="compare-empty"):
        st.title(
            _("Compare"),
            help=_(
                "Two to six runs under one clock: their maps side by side, the same point the same "
                "image; curves in one plot; what differs in their recipes, and what each reaches."
            ),
        )
        _sentence()
        usable = [run for run in known.values() if run["state"] != "broken"]
        if len(usable) < 2:
            st.markdown(_("There are fewer than two runs on this machine. Train one first."))
            frame.link(frame.train_live(), _("Train live"), ":material/play_arrow:")
            return
        words = (
            _("Choose one more run.")
            if chosen
            else _("Choose two to {most} runs, from any page or from this list.").format(most=MOST)
        )
        st.markdown(words)
        _picker(known, chosen)
        if not chosen:
            _offers(known)


def _offers(known: dict[str, dict[str, Any]]) -> None:
    """The newest copies with the runs they are copies of."""
    copies = [run for run in known.values() if run.get("paired_with") in known]
    if copies:
        st.caption(_("Copies with one change, beside what they were copied from"))
    for run in copies[:OFFERED]:
        first = known[run["paired_with"]]
        words = f"{literal(first['title'])} | {literal(run['title'])}"
        frame.link(frame.compare(), words, ":material/compare:", runs=f"{first['id']},{run['id']}")


def _sentence() -> None:
    said = state.said("compare")
    if said:
        st.markdown(f":material/error: {said}")


def _drawn(folders: Sequence[Path]) -> tuple[Any, ...]:
    """What the words of the page are made from."""
    return tuple((read_status(folder)["state"], len(read_events(folder))) for folder in folders)


def _stage(folders: Sequence[Path], titles: dict[str, str], drawn: tuple[Any, ...]) -> None:
    """The runs, which have themselves drawn again when they change; redraws the page then."""
    try:
        stage(folders, titles)
    except Refusal as refusal:
        st.markdown(f":material/error: {marked(refusal)}")
        return
    with suppress(Refusal):
        if _drawn(folders) == drawn:
            return
    st.rerun()
