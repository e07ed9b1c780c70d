"""`streamlit run app.py`: the server and the script it runs for each visitor."""

import streamlit as st

app = st.App("sslviz/ui/main.py")
