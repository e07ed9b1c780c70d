"""The component that shows runs side by side: its words, and its place on the page."""

# ruff: noqa: E501

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sslviz.ui.ablations.words import metric_facts
from sslviz.ui.compare.facts import LETTERS, differs, pairs
from sslviz.ui.panels.curves import clock_words, overlay_data
from sslviz.ui.panels.mount import component
from sslviz.ui.panels.status import affairs
from sslviz.ui.panels.together import HEIGHT, own, styles_of_panels, words_of_panels
from sslviz.ui.text import _
from sslviz.ui.theme import colours

PANELS = ("status", "embedding", "matrix", "histogram", "collapse")
# what may stand below the maps: panels of each run, curves of all of them, the table of facts
UNDER: dict[str, dict[str, Any]] = {
    "curves": {"each": [], "joined": ["knn_h", "loss"], "facts": True},
    "pairs": {"each": ["matrix", "histogram"], "joined": [], "facts": False},
    "collapse": {"each": ["collapse"], "joined": [], "facts": False},
    "more": {
        "each": [],
        "joined": ["knn_z", "effective_rank_h", "effective_rank_z", "feature_std_z"],
        "facts": False,
    },
}
REACHED = ("knn_h", "knn_z", "loss", "effective_rank_h", "effective_rank_z")
LOWEST = 600  # pixels; the page's own styles decide

_compare = component("compare")


def stage(folders: Sequence[Path], titles: dict[str, str]) -> None:
    """Draws the runs; the browser alone moves them, and asks for this again when their words are
    old. Raises Refusal for a damaged one."""
    runs = [
        {"run": folder.name, "letter": letter, "title": titles.get(folder.name, folder.name)}
        for folder, letter in zip(folders, LETTERS, strict=False)
    ]
    data = {
        "runs": runs,
        "height": LOWEST,
        "under": UNDER,
        "panels": _panels(),
        "overlays": {
            name: {"metric": metric_facts(name)}
            for view in UNDER.values()
            for name in view["joined"]
        },
        "reached": [metric_facts(name) for name in REACHED],
        "strings": _words(),
        "colours": colours(),
        "styles": styles_of_panels(*PANELS, "curves"),
        "now": {"differs": differs(folders), "pairs": pairs(folders), "drawn": affairs(*folders)},
    }
    _compare(key="compare.stage", data=data, height=LOWEST, on_affairs_change=lambda: None)


def _panels() -> dict[str, Any]:
    words = words_of_panels()
    return {name: words[name] for name in PANELS} | {"overlay": own(overlay_data(HEIGHT))}


# fmt: off


def _words() -> dict[str, Any]:
    return {
        "units": {"step": _("by step"), "images": _("by images seen"), "seconds": _("by seconds")},
        "clock_label": _("What the clock counts"),
        "clock_help": _("All runs are shown at the same time of this clock: each its newest picture by then. Images seen tell runs of different batch sizes apart from runs that train longer; seconds are those of training, looking included. While runs train, the one that is behind decides."),
        "clock": {name: words + " / {steps}" for name, words in clock_words().items()},
        "behind": {name: words + " / {steps}" for name, words in clock_words().items()},
        "knn": _("kNN"),
        "unlinked": _("Other probe images than {run}: what is pointed at or chosen there is not shown here."),
        "under_label": _("Shown below the maps"),
        "under": {"curves": _("Curves and differences"), "pairs": _("Similarity"), "collapse": _("Collapse"), "more": _("More curves")},
        "table": _("What differs, and what each run reaches"),
        "differs": _("Settings that differ"),
        "nothing": _("None: the runs have the same recipe."),
        "reaches": {"step": _("By step {time}"), "images": _("By {time} images seen"), "seconds": _("After {time} s of training")},
        "in_the_end": _("Newest"),
        "newest": "{metric}",
        "at_step": _("{value} at step {step}"),
        "verdict": _("Verdict"),
        "seconds": _("Seconds of training"),
    }
