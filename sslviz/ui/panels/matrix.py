"""The 2N x 2N matrix of cosines: its words, and its place on a page."""

# ruff: noqa: E501

from typing import Any

from sslviz.ui.panels.mount import component, heading, panel_data
from sslviz.ui.text import _

_matrix = component("matrix")


def matrix_view(run: str, key: str, height: int) -> None:
    """The 2N x 2N cosines of the diagnostic batch; hover shows both views of a cell."""
    _matrix(key=key, data=matrix_data(run, height), height=height)


def matrix_data(run: str, height: int) -> dict[str, Any]:
    return panel_data(run, _words(), height)


# fmt: off


def _words() -> dict[str, Any]:
    return heading(_("Similarity of all views"), _(
        "Cosine similarity of z for every pair among the 2N views of a fixed batch. Orange: alike "
        "(+1), blue: opposite (−1); the scale never changes. The diagonal, each view with itself, "
        "is hatched. Outlined cells are positive pairs: two views of one image. Every other cell is "
        "a negative, even where both images show the same class. Hover, or use the arrow keys; Home and End: ends of the row; P: its positive.")) | {
        "order": _("Order of the views"),
        "order_view": _("By view"),
        "order_view_help": _("First view 1 of all images, then view 2: positives form two lines beside the diagonal."),
        "order_pairs": _("Interleaved"),
        "order_pairs_help": _("The two views of an image stand together: positives form 2 × 2 blocks."),
        "order_cluster": _("Clustered"),
        "order_cluster_help": _("Similar views stand together (average linkage of the cosines). Labels play no part."),
        "peek": _("Peek at labels"),
        "badge": _("Labels shown for display only"),
        "cosine": _("cosine"),
        "outlined": _("positive pair"),
        "view_of": _("view {view} of image {image}"),
        "self": _("A view with itself: no information"),
        "positive": _("Positive pair"),
        "negative": _("Negative pair"),
        "cosine_is": _("cosine {value}"),
        "weight_is": _("softmax weight {weight}% (τ = {tau}, within this batch)"),
        "reading": _("Step {step}: positive pairs have a mean cosine of {positive}, negative pairs of {negative}."),
    }
