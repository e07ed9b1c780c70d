"""The chrome around every page: title, language, navigation, style."""

from pathlib import Path

import streamlit as st

from sslviz.ui import state
from sslviz.ui.text import LANGUAGES, _, language
from sslviz.ui.theme import style

ROOT = Path(__file__).parents[2]


def home() -> st.Page:
    return _page("learn/home.py", _("Home"), ":material/home:", "", default=True)


def train_live() -> st.Page:
    if not _written("lab/train_live.py"):
        return None
    return _page("lab/train_live.py", _("Train live"), ":material/play_circle:", "train_live")


def augmentations() -> st.Page:
    return _page("lab/augmentations.py", _("Augmentations"), ":material/flip:", "augmentations")


def _page(path: str, title: str, icon: str, url: str, default: bool = False) -> st.Page:
    place = ROOT / "pages" / path
    return st.Page(place, title=title, icon=icon, url_path=url or None, default=default)


def link(page: st.Page, label: str, **query: str) -> None:
    """A link to a page that keeps the language; `query` is what the page is to show."""
    if page is None:
        return
    st.page_link(page, label=label, query_params={"lang": language(), **query})


def _written(path: str) -> bool:
    return (ROOT / "pages" / path).exists()


def show() -> None:
    """Draws the frame and runs the page the URL names."""
    st.set_page_config(
        page_title="sslviz", page_icon=str(ROOT / "assets" / "pictures" / "icon.png"), layout="wide"
    )
    state.set_language(language())
    st.html(style())
    lab = [train_live(), augmentations()] if _written("lab/train_live.py") else [augmentations()]
    page = st.navigation({_("Learn"): [home()], _("Lab"): lab}, position="top")
    with st.container(key="frame-language"):
        _language_switch()
    page.run()


def _language_switch() -> None:
    def choose() -> None:
        state.set_language(state.widget("language_switch") or language())

    state.set_widget("language_switch", language())
    st.segmented_control(
        "Language",
        list(LANGUAGES),
        format_func=LANGUAGES.__getitem__,
        key="language_switch",
        on_change=choose,
        label_visibility="collapsed",
    )
