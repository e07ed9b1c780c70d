"""The line above every page: all pages by name, and what a visitor sets for all of them."""

from html import escape

import streamlit as st
from streamlit.navigation.page import Page

from sslviz.ui import code_field, state
from sslviz.ui.text import LANGUAGES, _, language


def show(groups: dict[str, tuple[str, list[Page]]], here: Page) -> None:
    """Draws the line; `groups`: a group's key -> its title and pages, `here` among them.

    The style sheet shows every name where there is room for all, else the first of the first two
    groups and the menu.
    """
    with st.container(key="frame-top", horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(key="frame-pages", horizontal=True, gap=None, width="content"):
            for key, (_title, pages) in groups.items():
                with st.container(key=f"frame-{key}", horizontal=True, gap=None, width="content"):
                    _names(pages, here)
        _menu(groups, here)
        with st.container(key="frame-right", horizontal=True, gap="small", width="content"):
            code_field.show()
            _size_switch()
            _language_switch()


def _names(pages: list[Page], here: Page) -> None:
    """A link to each page but the one on screen, which is marked."""
    for page in pages:
        name = page.title.partition("(")[0]  # the page itself has the English term in full
        if page.url_path == here.url_path:
            mark = f'<b class="frame-here" aria-current="page">{escape(name)}</b>'
            st.html(mark, width="content")
        else:
            st.page_link(page, label=name, query_params={"lang": language()}, width="content")


def _menu(groups: dict[str, tuple[str, list[Page]]], here: Page) -> None:
    """All pages under the titles of their groups; a key of the page's own closes it on the way."""
    with st.container(key="frame-menu", width="content"):
        menu = st.popover(_("Pages"), icon=":material/menu:", key=f"pages.{here.url_path}")
        with menu, st.container(key="frame-names", horizontal=True, gap="small"):
            for title, pages in groups.values():
                with st.container(gap=None, width="content"):
                    st.caption(title)
                    _names(pages, here)


def _size_switch() -> None:
    """Letters that the back row can read; remembered for the next visit."""
    st.button(
        _("Large"),
        key="frame-size",
        icon=":material/format_size:",
        type="primary" if state.large() else "secondary",
        help=_("For a projector: letters of at least 20 pixels."),
        on_click=lambda: state.set_large(not state.large()),
    )


def _language_switch() -> None:
    def choose() -> None:
        state.set_language(state.widget("language_switch") or language())

    if state.widget("language_switch") != language():  # setting it anew would undo a fresh click
        state.set_widget("language_switch", language())
    st.segmented_control(
        _("Language"),
        list(LANGUAGES),
        format_func=LANGUAGES.__getitem__,
        key="language_switch",
        on_change=choose,
        label_visibility="collapsed",
    )
