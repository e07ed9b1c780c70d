"""`streamlit run app.py`: the server, its HTTP routes, and the script it runs for each visitor."""

import streamlit as st
from starlette.middleware import Middleware

from sslviz.ui.frame import failed
from sslviz.ui.hosts import Guard
from sslviz.ui.routes import routes

app = st.App(
    "sslviz/ui/main.py",
    routes=routes,
    middleware=[Middleware(Guard)],
    on_script_error=failed,
)
