"""Try it with one change: the same run once more, beside the present one, but for one setting.

It is called paired only where `runs.paired` finds that the two saw the same images with the same
draws and were computed alike.
"""

from pathlib import Path

import streamlit as st

from sslviz.config import RunConfig, settings_of
from sslviz.knobs import Scalar
from sslviz.refusal import Refusal
from sslviz.runs.about import read_about
from sslviz.runs.changes import recorded
from sslviz.runs.paired import DRAWS, SUMS, Pairing, paired
from sslviz.runs.states import STATES
from sslviz.runs.store import find_run, read_config, read_status
from sslviz.ui import acting, frame, state
from sslviz.ui.ablations.words import label, settings, value
from sslviz.ui.compare.beside import comparable
from sslviz.ui.controls import knob_widget
from sslviz.ui.run_list import title_of
from sslviz.ui.text import _, literal, marked, told

PRESS = "paired"
NO_PAIR = (*DRAWS, *SUMS, "snapshot_every", "backbone", "method")  # they change more than one thing


def partner(folder: Path) -> Path | None:
    """The run that this one is a copy of, or its newest copy; None where there is neither."""
    asked = read_about(folder)["paired_with"]
    copies = (run["id"] for run in comparable(str(folder)) if run["paired_with"] == folder.name)
    for run in filter(None, (asked, next(copies, ""))):
        try:
            return find_run(run, folder.parent)
        except Refusal:
            continue
    return None


Found = tuple[Path, Pairing]


def pairing(folder: Path) -> Found | None:
    """The partner of a run and whether they are a pair now."""
    other = partner(folder)
    try:
        return (other, paired(other, folder)) if other else None
    except Refusal:
        return None


def undecided(found: Found | None) -> bool:
    """Whether a partner trains of which it is not known yet that they are a pair."""
    return bool(found and not found[1] and not STATES[read_status(found[0])["state"]].over)


def one_change(folder: Path) -> None:
    """The menu: what a copy is to differ in, and what is known of the pair there is."""
    found = pairing(folder)
    title = _("Try it with one change")
    name = f"*{title}*"  # read aloud; only the icon is shown
    if found and found[1]:
        name = _("Paired: {setting}").format(setting=_named(folder, found[1]))
    with st.popover(name, icon=":material/call_split:", help=title, key="live.paired"):
        st.markdown(f"**{title}**")
        if found:
            _about_pair(folder, *found)
        _new_copy(folder)


def _named(folder: Path, pair: Pairing) -> str:
    name = pair.differs[0]
    return label(name, settings(read_config(folder)).get(name))


def _about_pair(folder: Path, other: Path, pair: Pairing) -> None:
    """Whether it is a pair, in words, and the way to the other run."""
    frame.link(
        frame.train_live(), literal(title_of(other)), ":material/arrow_forward:", run=other.name
    )
    copied = read_about(folder)["paired_with"] == other.name
    frame.compare_with(*((other.name, folder.name) if copied else (folder.name, other.name)))
    if not pair:
        st.caption(_("Not a pair: {reason}").format(reason=told(pair.why_not)))
        return
    name = pair.differs[0]
    here, there = (settings_of(read_config(run)).get(name, "") for run in (folder, other))
    words = _(
        "Paired: the same images in the same order with the same draws; {setting} is {here} here "
        "and {there} there."
    )
    facts = {"here": value(name, here), "there": value(name, there)}
    st.caption(words.format(setting=_named(folder, pair), **facts))


def _new_copy(folder: Path) -> None:
    config = read_config(folder)
    offered = {
        name: knob
        for name, knob in settings(config).items()
        if name not in NO_PAIR and not name.startswith("view.")
    }
    name = st.selectbox(
        _("What changes"),
        list(offered),
        key=f"paired.name.{folder.name}",
        format_func=lambda name: label(name, offered[name]),
    )
    held = settings_of(config)[name]
    asked = knob_widget(offered[name], f"paired.{folder.name}.{name}", held)
    press = state.press(PRESS)
    st.button(
        _("Start beside this run"),
        key=f"paired.start.{press}",
        type="primary",
        icon=":material/play_arrow:",
        disabled=asked == held,
        help=_("Everything else stays equal: seed, images, their order, every draw."),
        on_click=_start,
        args=(folder, config, {name: asked}, press),
    )
    said = state.said("paired")
    if said:
        st.markdown(f":material/error: {said}")


def _start(folder: Path, config: RunConfig, change: dict[str, Scalar], press: str) -> None:
    """Starts the copy, with the changes that were made to the run meanwhile; for callbacks."""
    facts = {"paired_with": folder.name}
    try:
        made = config.with_settings(change)
        copy = acting.start(made, folder.parent, press, recorded(folder), facts)
    except (Refusal, OSError) as refusal:
        state.say("paired", marked(refusal))
        return
    if press == state.press(PRESS):
        state.pressed(PRESS)
    comparable.clear()
    beside = [run for run in state.listed("against") if run != copy.name]
    state.set_listed("against", [copy.name, *beside][:3])
