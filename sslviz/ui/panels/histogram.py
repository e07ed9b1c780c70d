"""The cosines of positive and of negative pairs: words, and place on a page."""

# ruff: noqa: E501

from typing import Any

from sslviz.ui.panels.mount import component, heading, panel_data
from sslviz.ui.text import _

_histogram = component("histogram")


def histogram_view(run: str, key: str, height: int) -> None:
    """Cosines of positive pairs over those of negative pairs."""
    _histogram(key=key, data=histogram_data(run, height), height=height)


def histogram_data(run: str, height: int) -> dict[str, Any]:
    return panel_data(run, _words(), height)


# fmt: off


def _words() -> dict[str, Any]:
    return heading(_("Pair cosines"), _(
        "How alike positives (two views of one image) and negatives (views of different images) are "
        "in z, over a larger fixed batch. Each shape is scaled to its own highest bin. The less they "
        "overlap, the easier the task has become. Same-class images count as negatives here.")) | {
        "table": _("As a table"),
        "cosine": _("cosine"),
        "positive": _("positives"),
        "negative": _("negatives"),
        "bin": _("cosine {low} to {high}\npositives: {positive}%\nnegatives: {negative}%"),
        "means": _("Means: {positive} and {negative}. For {found}% of the views, the nearest other view is their positive."),
        "reading": _("Step {step}: histograms of positive and negative cosines overlap by {overlap}%."),
    }
