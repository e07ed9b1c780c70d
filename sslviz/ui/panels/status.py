"""The line that says what runs and how far it is: its words, and its place on a page."""

# ruff: noqa: E501

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sslviz.data.catalogue import DATASETS
from sslviz.methods import METHODS, card
from sslviz.runs.store import read_events, read_status
from sslviz.ui.panels.mount import component, panel_data
from sslviz.ui.run_words import state_words
from sslviz.ui.text import _

_status = component("status")

# paths of 16 x 16 icons; a state without one has that of "starting"
ICONS = {
    "starting": "M4 2.5h8M4 13.5h8M5 2.5c0 4 6 7 6 11M11 2.5c0 4-6 7-6 11",
    "queued": "M3 4h10M3 8h10M3 12h6",
    "training": "M5 3l8 5-8 5z",
    "paused": "M5.5 3v10M10.5 3v10",
    "held": "M2.5 9.5h11v4h-11zM4 9.5l1.5-7h5l1.5 7M11 11.5v.2",
    "finished": "M3 8.5l3.2 3.2L13 4.8",
    "stopped": "M4 4h8v8H4z",
    "failed": "M8 2.2L14.5 13.5H1.5zM8 6.5v3.2M8 11.6v.2",
    "interrupted": "M9.5 1.5L4.5 8.5h4l-2 6 5-7.5h-4z",
    "silent": "M8 2a6 6 0 1 0 .01 0zM8 4.8V8l2.2 1.6",
    "offline": "M3 3l10 10M2 7c1.8-1.7 3.8-2.5 6-2.5M14 7a9 9 0 0 0-2.2-1.6M5 10c.9-.8 1.9-1.2 3-1.2M8 12.8v.2",
}
FILLED = ("training",)
MOVING = ("training", "silent")
INKS = {
    "training": "calm",
    "finished": "good",
    "paused": "waiting",
    "held": "waiting",
    "silent": "waiting",
    "offline": "waiting",
    "failed": "bad",
    "interrupted": "bad",
}


def status_strip(run: str, key: str, title: str = "", drawn: str = "") -> None:
    """One line: what runs, its state, how far it is, how fast, on what, and what went wrong.

    `title`: what the run is called, plain text; its method and data where there is none. `drawn`:
    `affairs` of what stands around the line; it is run again as soon as they are others.
    """
    data = status_data(run, title, drawn)
    _status(key=key, data=data, height="content", on_affairs_change=lambda: None)


def status_data(run: str, title: str = "", drawn: str = "") -> dict[str, Any]:
    return panel_data(run, _words(), states=_states(), now={"title": title, "drawn": drawn})


def affairs(*folders: Path) -> str:
    """How things stand with runs: the browser compares it to know whether a page of them is old
    (assets/feed/affairs.js)."""
    return " | ".join(_affairs(read_status(folder), read_events(folder)) for folder in folders)


def _affairs(status: dict[str, Any], events: Sequence[Any]) -> str:
    told = len(status["notes"]), int(bool(status["error"])), int(bool(status["message"]))
    return " ".join(map(str, (status["state"], len(events), *told)))


def _states() -> dict[str, dict[str, Any]]:
    """State -> word, help ("" for none), icon and ink; `moving`: it has a speed now."""
    helps = _helps()
    return {
        name: {
            "word": word,
            "help": helps.get(name, ""),
            "icon": ICONS.get(name, ICONS["starting"]),
            "ink": INKS.get(name, "quiet"),
            "solid": name in FILLED,
            "moving": name in MOVING,
        }
        for name, word in state_words().items()
    }


# fmt: off


def _helps() -> dict[str, str]:
    return {
        "interrupted": _("The training process is gone. Resume goes on from the newest checkpoint."),
        "queued": _("All places are taken by runs that train or pause; this one starts when one is free."),
        "silent": _("The training process is alive but has not reported for 30 seconds."),
        "offline": _("The app's server does not answer; reconnecting. What is shown is the last known state."),
    }


def _words() -> dict[str, Any]:
    return {
        "method_on_data": _("{method} on {data}"),
        "methods": {name: card(name).title for name in METHODS},
        "data": {name: _(info.title) for name, info in DATASETS.items()},
        "place": _("All places are taken by runs that train or pause. Place in the queue: {n}."),
        "place_eta": _("All places are taken by runs that train or pause. Place in the queue: {n}; it starts in about {time}."),
        "facts": {
            "step": _("step"), "speed": _("speed"), "eta": _("remaining"), "elapsed": _("elapsed"), "device": _("device"), "seed": _("seed"),
        },
        "fact_helps": {
            "step": _("Batches trained on, of all there will be."),
            "speed": _("Training images a second; each gives two views."),
            "eta": _("Estimated time until the last step, at the present speed."),
            "elapsed": _("From the start of the run to its last report."),
            "device": _("What the run computes on."),
            "seed": _("Decides weights, data order and augmentation draws. The same seed repeats the run on the same machine, with as many threads and the same precision."),
        },
        "images_per_second": _("{n} img/s"),
        "seconds": _("{s} s"),
        "minutes": _("{m} min {s} s"),
        "hours": _("{h} h {m} min"),
    }
