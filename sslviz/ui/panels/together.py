"""The panels of a run for a place that opens them itself: their words and their styles."""

from typing import Any

from sslviz.feed.scripts import styles
from sslviz.ui.panels.collapse import collapse_data
from sslviz.ui.panels.curves import curves_data
from sslviz.ui.panels.embedding import embedding_data
from sslviz.ui.panels.histogram import histogram_data
from sslviz.ui.panels.matrix import matrix_data
from sslviz.ui.panels.status import status_data

HEIGHT = 190  # pixels; the place's own styles decide


def words_of_panels() -> dict[str, dict[str, Any]]:
    """Panel -> its data in the visitor's language, without the run and the colours."""
    curves = {name: curves_data("", HEIGHT, name) for name in ("loss", "knn", "probes")}
    panels = {
        "status": status_data(""),
        "embedding": embedding_data("", HEIGHT),
        "matrix": matrix_data("", HEIGHT),
        "histogram": histogram_data("", HEIGHT),
        "collapse": collapse_data("", HEIGHT),
    }
    return {name: own(data) for name, data in (panels | curves).items()}


def own(data: dict[str, Any]) -> dict[str, Any]:
    """A panel's data without what all panels share."""
    return {name: value for name, value in data.items() if name not in ("run", "colours")}


def styles_of_panels(*names: str) -> dict[str, str]:
    """Panel -> its CSS; `kit` has what all of them need."""
    return {"kit": styles("", framed=True)} | {name: styles(name, framed=False) for name in names}
