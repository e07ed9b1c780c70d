"""Presenter mode of the pages: its words, its keys, and its place on a page."""

import re
from pathlib import Path
from typing import Any

import streamlit as st

from sslviz.config import settings_of
from sslviz.methods import card
from sslviz.runs.store import read_config
from sslviz.ui.panels.mount import component, panel_data
from sslviz.ui.panels.task import parts
from sslviz.ui.recipe.draft import Draft
from sslviz.ui.run_list import title_of
from sslviz.ui.text import _, language
from sslviz.ui.theme import style

MARKS = re.compile(r"[*`]+")  # of Markdown

_presenter = component("presenter", framed=False)


def presenter(folder: Path) -> None:
    """`F` and `?present=1` show the panels of Train live one by one, `1` to `8`, in large type."""
    st.html(style("present"))
    config = read_config(folder)
    data = panel_data(
        folder.name,
        _strings(),
        panels=_panels(bool(parts(config.method))),
        title=title_of(folder),
        note=_idea(config.method),
        command=Draft("", config).command(),
        settings=[[name, str(value)] for name, value in settings_of(config).items()],
    )
    _presenter(key="live.presenter", data=data, height="content")


def framed_presenter() -> None:
    """The same for a page whose picture is a page of its own in a frame: keys go there."""
    st.html(style("present"))
    data = panel_data("", _strings(), panels=[], title="", note="", command="", settings=[])
    _presenter(key="frame.presenter", data=data, height="content")


def _idea(method: str) -> str:
    """The first paragraph of the method's lesson, as plain words."""
    first = card(method).told(language()).partition("\n\n")[0]
    return MARKS.sub("", " ".join(first.split()))


def _panels(own: bool) -> list[dict[str, str]]:
    """The panels in the order of their keys: name, where it stands, title."""
    titles = {
        "embedding": _("Map of the images"),
        "matrix": _("Similarity of all views"),
        "histogram": _("Pair cosines"),
        "collapse": _("Is it collapsing?"),
        "knn": _("kNN accuracy"),
        "loss": _("Loss"),
        "probes": _("What h and z still tell"),
    }
    titles |= {"task": _("What the method itself does")} if own else {}
    return [
        {"name": name, "place": f".st-key-live-{name}", "title": title}
        for name, title in titles.items()
    ]


def _strings() -> dict[str, Any]:
    return {
        "caption": _("step {step} of {steps} · seed {seed} · {device}"),
        "recipe": _("Recipe"),
        "keys": _("Keys"),
        "notes": _("Notes"),
        "close": _("Close"),
        "key_list": [
            ["1 … 8", _("One panel alone")],
            [_("← → or a clicker"), _("One snapshot back or on")],
            [_("Space"), _("Play or pause")],
            ["L", _("Class names on the map")],
            ["R", _("Recipe of the run")],
            ["B", _("Blank screen")],
            ["D", _("A dot that follows the pointer")],
            ["N", _("Notes and clock in a second window")],
            ["Esc", _("Leave")],
        ],
    }
