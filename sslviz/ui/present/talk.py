"""The page Talk: the talks of this machine, one of them on the page, ready for its own window."""

from urllib.parse import quote, urlsplit

import streamlit as st

from sslviz.refusal import Refusal
from sslviz.runs.read import runs_root
from sslviz.ui import state
from sslviz.ui.access import may_act
from sslviz.ui.present.presenter import framed_presenter
from sslviz.ui.present.talks import document, live_configs, talk_file, talks
from sslviz.ui.replay.make import talk
from sslviz.ui.text import _, language, marked
from sslviz.ui.theme import page_theme

HEIGHT = 575  # pixels: the page itself fits 1280 x 720


def show() -> None:
    """Which talk, what one can do with it, and the talk itself."""
    name = _chosen(list(talks()))
    try:
        document(name, language())
        lives = len(live_configs(name))
    except Refusal as refusal:
        st.markdown(f":material/error: {marked(refusal)}")
        return
    address = _address(name)
    with st.container(horizontal=True, vertical_alignment="center", key="talk-top"):
        st.link_button(
            _("Give this talk"),
            address,
            type="primary",
            icon=":material/slideshow:",
            help=_("In a window of its own. Press ? there for all keys."),
        )
        st.download_button(
            _("Save as one file"),
            lambda: talk(talk_file(name), runs_root(), language()),
            f"{name}.html",
            "text/html",
            key="talk.save",
            icon=":material/download:",
            help=_("Opens from disk without this app; live slides show their recorded runs there."),
            on_click="ignore",
        )
        if lives:
            words = _("{n} of its slides train a real run on this machine while you speak.")
            st.caption(words.format(n=lives) if may_act() else _("Live slides need the code."))
    st.iframe(address, height=HEIGHT)
    framed_presenter()


def _chosen(names: list[str]) -> str:
    """The talk on the page: that of `?talk=`, else the first; a choice where there are several."""
    asked = next(iter(state.listed("talk")), "")
    if len(names) < 2:
        return names[0]
    return st.selectbox(
        _("Talk"),
        names,
        index=names.index(asked) if asked in names else 0,
        key="talk.name",
        on_change=lambda: state.set_listed("talk", [state.widget("talk.name")]),
    )


def _address(name: str) -> str:
    """Where the talk is served, below whatever path the app stands."""
    prefix = urlsplit(st.context.url or "").path.rpartition("/")[0]
    return f"{prefix}/sslviz/talks/{quote(name, safe='')}?lang={language()}&theme={page_theme()}"
