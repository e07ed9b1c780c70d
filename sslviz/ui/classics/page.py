"""The page of the classic experiments: all of them at the left, one of them at the right."""

from functools import lru_cache
from html import escape
from pathlib import Path

import streamlit as st

from sslviz.sweeps.classics import CLASSICS
from sslviz.sweeps.classics import recorded as records
from sslviz.sweeps.classics.classic import Classic
from sslviz.sweeps.classics.verdicts import Recording
from sslviz.ui import state
from sslviz.ui.classics.claims import claims, where
from sslviz.ui.classics.pictures import pictures
from sslviz.ui.classics.rerun import rerun
from sslviz.ui.classics.words import MARKS, counted, verdict_words
from sslviz.ui.drawing import drawing, picked
from sslviz.ui.text import _, literal

LIST = "classics.list"


def show() -> None:
    name = _chosen()
    left, right = st.columns([1, 3], gap="large")
    with left:
        drawing(_list(name), LIST)
        st.caption(_legend())
    with right:
        _experiment(CLASSICS[name])


def _chosen() -> str:
    """The experiment that was picked, else that of the URL, else the first."""
    names = list(CLASSICS)
    number = picked(LIST)
    asked = names[number - 1] if 0 < number <= len(names) else None
    if asked and asked != state.widget("classics.seen"):
        state.set_widget("classics.seen", asked)
        state.set_classic(asked)
        return asked
    name = state.classic()
    if name is not None and name not in CLASSICS:
        sentence = _("There is no experiment {name}; choose one at the left.")
        st.warning(sentence.format(name=literal(repr(name[:60]))), icon=":material/help:")
    name = name if name in CLASSICS else names[0]
    state.set_classic(name)
    return name


def recording(classic: Classic) -> Recording:
    """What is recorded of an experiment; read anew when the file has changed."""
    file = records.FILE
    changed = file.stat().st_mtime_ns if file.exists() else 0
    return _recording(classic.name, file, changed)


@lru_cache(maxsize=64)
def _recording(name: str, file: Path, changed: int) -> Recording:
    return Recording(CLASSICS[name], _lines(file, changed))


@lru_cache(maxsize=2)
def _lines(file: Path, changed: int) -> dict[records.Key, dict]:
    return records.read_lines(file)


def _list(chosen: str) -> str:
    """All experiments by what they are about, each with a mark a claim."""
    parts, room = [], ""
    for number, classic in enumerate(CLASSICS.values(), 1):
        if classic.room != room:
            room = classic.room
            parts.append(f"<h4>{escape(_(room))}</h4>")
        findings = recording(classic).findings()
        marks = "".join(f'<i class="{f.verdict}">{MARKS[f.verdict]}</i>' for f in findings)
        parts.append(
            f'<button data-pick="{number}" aria-pressed="{str(classic.name == chosen).lower()}"'
            f' aria-label="{escape(_(classic.title))}: {escape(counted(findings))}">'
            f"<span>{escape(_(classic.title))}</span><span>{marks}</span></button>"
        )
    return f'<nav class="experiments">{"".join(parts)}</nav>'


def _legend() -> str:
    words = [f"{MARKS[verdict]} {word}" for verdict, word in verdict_words().items()]
    return _("A mark for each thing the paper says: {marks}.").format(marks=", ".join(words))


def _experiment(classic: Classic) -> None:
    found = recording(classic)
    st.subheader(literal(_(classic.question)), anchor=False)
    drawing(pictures(classic, found), f"classics.pictures.{classic.name}")
    drawing(claims(found.findings()), f"classics.claims.{classic.name}")
    st.caption(
        _("Paper: {source}. {setting}.").format(
            source=literal(classic.source), setting=literal(_(classic.setting))
        )
    )
    own = [_(classic.ours)] if classic.ours else []
    own.append(where(classic, found))
    st.caption(literal(_("Here: {words}").format(words=" ".join(filter(None, own)))))
    with st.expander(_("How the verdict comes about")):
        st.markdown(
            _(
                "A claim is a difference that the paper found to be above zero. Here it is taken "
                "for each seed, from runs that saw the same images in the same order. The verdict "
                "follows from Student's 95% interval of its mean: wholly above zero, same "
                "direction; wholly below, the opposite; else it cannot be told with so few seeds. "
                "Of 20 claims about nothing, about one would be judged all the same. Whether a "
                "small network on drawn shapes does as the paper's did on photographs says nothing "
                "about the paper: it says what can be seen here."
            )
        )
    rerun(classic)
