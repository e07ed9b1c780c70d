"""How a panel of `assets/panels/` comes onto a page.

A panel takes a run id, not data: nothing here runs again while the run moves.
"""

from collections.abc import Callable
from typing import Any

from streamlit.components import v2

from sslviz.feed.scripts import styles
from sslviz.ui.assets import loader
from sslviz.ui.text import _
from sslviz.ui.theme import colours

Mount = Callable[..., Any]


def component(name: str, framed: bool = True) -> Mount:
    """Registers `assets/panels/<name>/` and returns what mounts it; call once, at import.

    Mount with `key=`, `data=` and `height=` in pixels. `framed`: it stands in the kit's frame.
    What stands in `data["now"]` may change without the panel being built anew.
    """
    return v2.component(f"sslviz_{name}", js=loader(name), css=styles(name, framed))


def panel_data(
    run: str, strings: dict[str, Any], height: int | None = None, **more: Any
) -> dict[str, Any]:
    """What every panel of a run is given; `{name}` in `strings` is filled in by the browser."""
    data = {"run": run, "strings": strings, "colours": colours()} | more
    return data if height is None else data | {"height": height}


def heading(title: str, help: str) -> dict[str, Any]:
    """The words of a panel's heading."""
    about = _("What does this show?")
    return {"title": title, "help": help, "about": about, "step": _("step {step}")}
