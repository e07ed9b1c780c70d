"""Methods: where each came from, what it is made of, and the code that it is."""

import streamlit as st

from sslviz.ui.methods import page as methods_page
from sslviz.ui.text import _

st.title(_("Methods, taken apart"))
method = methods_page.chosen()
methods_page.overview(method)
methods_page.show(method)
