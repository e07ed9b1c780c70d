"""The app's colours, and the few rules of style that Streamlit's theme file cannot express."""

from pathlib import Path
from typing import Any

import streamlit as st

ASSETS = Path(__file__).parents[2] / "assets"

# name -> (on a light page, on a dark one); a panel's styles know each as --<name>
INKS = {
    "h": ("#00735c", "#3fcfa8"),
    "z": ("#a8478d", "#e59ccb"),
    "blue": ("#0060a8", "#5ab0ea"),
    "orange": ("#d35400", "#f0932b"),
    "positive": ("#d35400", "#f0932b"),
    "negative": ("#0060a8", "#5ab0ea"),
    "wrong": ("#b84a00", "#ff9b52"),
    # how a run or its embedding fares, from well to lost
    "calm": ("#0072b2", "#56b4e9"),
    "good": ("#00735c", "#3fcfa8"),
    "waiting": ("#a86a00", "#f2b632"),
    "bad": ("#c23a00", "#ff8b3d"),
    "healthy": ("#0072b2", "#56b4e9"),
    "contracting": ("#c98500", "#f2b632"),
    "dimensional": ("#d55e00", "#ff8b3d"),
    "complete": ("#b3245c", "#ff7aa8"),
}

# Okabe and Ito's eight; the grey is the one that a dark page needs lighter
BLUE, ORANGE, GREEN, VERMILION = "#0072b2", "#e69f00", "#009e73", "#d55e00"
PURPLE, SKY, YELLOW = "#cc79a7", "#56b4e9", "#f0e442"
GREY = "#8a8f98"  # whatever is compared with: baselines, spreads
_EIGHT = (BLUE, ORANGE, GREEN, VERMILION, PURPLE, SKY, YELLOW)
_GREYS = ("#5b5b5b", "#c9ccd3")
# these are too pale for a thin line on a light page, which needs three times its background's light
_DARKER = {ORANGE: "#c07f00", SKY: "#2f93cc", PURPLE: "#c0659a", YELLOW: "#9a8700"}
# what colours a family of methods; its name stands beside it
FAMILIES = {
    "pretext": ORANGE,
    "generative": GREEN,
    "instance": SKY,
    "contrastive": BLUE,
    "siamese": PURPLE,
    "clustering": VERMILION,
    "redundancy": "#b7a400",
    "baseline": GREY,
}
# Petroff's ten, for more classes than eight
_TEN = (
    *("#3f90da", "#ffa90e", "#bd1f01", "#94a4a2", "#832db6"),
    *("#a96b59", "#e76300", "#b9ac70", "#717581", "#92dadd"),
)
_CIVIDIS = (
    *("#00224e", "#123570", "#3b496c", "#575d6d", "#707173"),
    *("#8a8678", "#a59c74", "#c3b369", "#e1cc55", "#fee838"),
)
# blue (-1) over the page's own grey (0) to orange (+1): cosines, correlations
_DIVERGING = (
    ("#08519c", "#4a90c9", "#a9cde5", "#f4f2ef", "#f6c58c", "#e08a2e", "#a04a00"),
    ("#8cc8f5", "#3f86c2", "#234a69", "#24292f", "#6a451c", "#c27624", "#ffb765"),
)
# the same from dark to light, for pictures that may be printed in grey
_PRINTED = ("#08306b", "#2f5f9e", "#7c8794", "#d9a066", "#ffe2b8")


def colours() -> dict[str, dict[str, Any]]:
    """What panels draw with, for "light" and "dark": `inks` by name, and lists of "#rrggbb":
    `classes` (up to 8), `many` (10), `lines` (classes as thin lines), ramps `sequential`,
    `diverging`."""
    return {name: _on(page) for page, name in enumerate(("light", "dark"))}


def _on(page: int) -> dict[str, Any]:
    classes = [*_EIGHT, _GREYS[page]]
    lines = [_DARKER.get(c, c) if page == 0 else c for c in classes]
    return {
        "inks": {name: both[page] for name, both in INKS.items()},
        "classes": classes,
        "many": list(_TEN),
        "lines": lines,
        "sequential": list(_CIVIDIS),
        "diverging": list(_DIVERGING[page]),
    }


def style(name: str = "style") -> str:
    """A `<style>` element with `assets/<name>.css`."""
    return f"<style>{(ASSETS / name).with_suffix('.css').read_text(encoding='utf-8')}</style>"


def page_theme() -> str:
    """ "light" or "dark": what the visitor's pages have now."""
    return "dark" if st.context.theme.type == "dark" else "light"


def drawn_with(page: str) -> dict[str, Any]:
    """The colours of "light" or "dark" pages for pictures drawn without a browser."""
    text, ground = {"light": ("#1c2127", "#fcfcfa"), "dark": ("#e8ebee", "#14181d")}[page]
    own = {"text": text, "background": ground, "printed": list(_PRINTED)}
    return colours()[page] | own
