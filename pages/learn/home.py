"""Home: what self-supervised learning is, and where to go from here."""

import streamlit as st

from sslviz.ui.text import _

st.title(_("Self-supervised learning, while it happens"))
