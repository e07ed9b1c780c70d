"""What the encoder is shown: random views of one image, and what they give away."""

import streamlit as st

from sslviz.ui.text import _

st.title(_("Augmentations"))
