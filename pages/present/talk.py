"""Talk: slides beside recorded runs, and runs that train while one speaks."""

import streamlit as st

from sslviz.ui.present import talk

st.set_page_config(initial_sidebar_state="collapsed")
talk.show()
