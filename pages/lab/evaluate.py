"""Evaluate: what a trained encoder is worth, once labels come in."""

import streamlit as st

from sslviz.ui.evaluate import page as evaluate
from sslviz.ui.text import _
from sslviz.ui.theme import style

st.html(style("evaluate"))
st.title(
    _("How good is the encoder?"),
    help=_(
        "Training used no labels. Here labels come in for the first time, to measure what can be "
        "done with the representation h: read it, fine-tune it, or hand it on."
    ),
)
evaluate.show()
