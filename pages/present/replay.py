"""Replay: recorded runs, or a replay file that somebody hands in, to look at."""

import streamlit as st

from sslviz.ui.replay import page

st.set_page_config(initial_sidebar_state=272)
page.show()
