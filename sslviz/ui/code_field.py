"""At the top right, where a visitor may only look: why, and the field for the code."""

from html import escape

import streamlit as st

from sslviz.refusal import Refusal
from sslviz.ui import access, state
from sslviz.ui.text import _, told


def show() -> None:
    """Nothing where the visitor may act."""
    try:
        access.require()
    except Refusal as refusal:
        with st.popover(_("Look only"), icon=":material/visibility:", type="tertiary"):
            st.text(told(refusal))
            if access.code():
                st.html(_form())


def _form() -> str:
    """A form of the browser's own: what it sends never passes through Streamlit."""
    wrong = f"<p>{escape(_('That was not the code.'))}</p>" if state.wrong_code() else ""
    return (
        f'{wrong}<form action="sslviz/code" method="post" class="code-field">'
        f'<input type="password" name="code" aria-label="{escape(_("Code"))}" required '
        f'maxlength="200"><button type="submit">{escape(_("Enter"))}</button></form>'
    )
