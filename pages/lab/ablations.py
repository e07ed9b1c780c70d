"""Ablations: many runs that differ in what one chooses, and whether the difference matters."""

import streamlit as st

from sslviz.ui.ablations import page as ablations
from sslviz.ui.text import _
from sslviz.ui.theme import style

st.html(style("ablations"))
st.title(
    _("Does it matter?"),
    help=_(
        "A sweep trains the same recipe many times, with some settings changed and with several "
        "seeds. Runs of one seed see the same images in the same order with the same draws, so "
        "their difference comes from the settings."
    ),
)
ablations.show()
