"""The live views that run in the browser: JavaScript files joined into one module a component."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from sslviz.ui.text import _

FOLDER = Path(__file__).parents[2] / "assets" / "components"
SHARED = ("common", "feed")

Mount = Callable[..., Any]


def component(name: str, *parts: str) -> Mount:
    """Registers component `name` and returns the function that mounts it; call once, at import.

    Its module is common.js + feed.js + the `parts` + <name>.js (which has the only export), its
    style <name>.css where there is one. Mount with `key=`, `data={"run": ..., "strings": ...}`
    and `height=` in pixels.
    """
    scripts = [FOLDER / f"{part}.js" for part in (*SHARED, *parts, name)]
    style = FOLDER / f"{name}.css"
    return st.components.v2.component(
        f"sslviz_{name}",
        js="\n".join(path.read_text(encoding="utf-8") for path in scripts),
        css=style.read_text(encoding="utf-8") if style.exists() else None,
    )
