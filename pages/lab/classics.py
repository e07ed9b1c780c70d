"""Classic experiments: ablations of the field in small, the papers' numbers beside ours."""

import streamlit as st

from sslviz.ui.classics import page as classics
from sslviz.ui.text import _
from sslviz.ui.theme import style

st.html(style("classics"))
st.title(
    _("Classic experiments"),
    help=_(
        "Each asks one question that a paper has answered on photographs, and asks it again of a "
        "small network on drawn shapes. The numbers here are recorded runs; the verdict beside "
        "each claim is computed from them."
    ),
)
classics.show()
