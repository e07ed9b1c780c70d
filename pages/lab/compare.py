"""Compare: two to six runs under one clock, the same point the same image."""

import streamlit as st

from sslviz.ui.compare import page as compare
from sslviz.ui.theme import style

st.html(style("compare"))
compare.show()
