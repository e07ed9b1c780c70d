"""Train live: the recipe at the left, a real encoder learning at the right."""

import streamlit as st

from sslviz.ui.live import page as live
from sslviz.ui.live import welcome
from sslviz.ui.recipe import column as recipe
from sslviz.ui.recipe.start import get_ready
from sslviz.ui.theme import style

st.set_page_config(initial_sidebar_state=272)
st.html(style("train_live"))
folder = live.chosen_run()
if folder is not None:
    live.show(folder)  # before the recipe: it is what somebody waits for
with st.sidebar:
    recipe.show()
if folder is None:
    welcome.show()
get_ready()
