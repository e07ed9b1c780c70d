"""HTML and SVG that Streamlit's own elements would strip: pictures and tiles of images.

They are drawn inside a component's shadow root, in the colours and fonts of the page's theme.
"""

import re
from functools import cache
from html import escape
from pathlib import Path

from sslviz.ui import state
from sslviz.ui.panels.mount import component
from sslviz.ui.text import _
from sslviz.ui.theme import colours

ASSETS = Path(__file__).parents[2] / "assets"
LABEL = re.compile(r"(<text[^>]*>)([^<]+)(</text>)")

_mount = component("drawing", framed=False)


def drawing(html: str, key: str) -> int:
    """Draws `html` as it is: whatever a visitor wrote must have been through `html.escape`.

    Returns the number of the `data-pick` button pressed last, 0 at first.
    """
    data = {"now": {"html": html}, "colours": colours()}
    result = _mount(data=data, key=key, default={"picked": 0}, on_picked_change=lambda: None)
    return int(result.picked or 0)


def picked(key: str) -> int:
    """What `drawing` with that key returned last, known before it is drawn again."""
    return int((state.widget(key) or {}).get("picked") or 0)


@cache
def _source(name: str) -> str:
    return (ASSETS / "pictures" / f"{name}.svg").read_text(encoding="utf-8")


def labels(name: str) -> list[str]:
    """The texts in a picture, each of which is translated."""
    return [text for _open, text, _close in LABEL.findall(_source(name))]


def picture(name: str, reading: str) -> None:
    """Draws `assets/pictures/<name>.svg`; `reading` says in one sentence what it shows."""

    def translated(match: re.Match[str]) -> str:
        return match[1] + escape(_(match[2])) + match[3]

    image = LABEL.sub(translated, _source(name))
    drawing(image.replace("<svg ", f'<svg aria-label="{escape(reading)}" ', 1), f"picture-{name}")
