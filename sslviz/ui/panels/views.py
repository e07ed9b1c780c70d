"""The live panels of a run. Each mounts a component that reads the run's feed in the browser.

They take a run id, not data: nothing here runs again while the run moves.
"""

from collections.abc import Callable
from typing import Any, Literal

from sslviz.ui.panels import task as task_text
from sslviz.ui.panels import words as text
from sslviz.ui.panels.mount import component

_matrix = component("matrix", "panel", "cells")
_histogram = component("histogram", "panel")
_collapse = component("collapse", "panel", "spectrum")
_plot = component("plot", "panel", "figures", "compare")
_status = component("status", "panel")
_task = component("task", "panel", "cells", "task_pictures", "task_charts")


def matrix_view(run: str, key: str, height: int) -> None:
    """The 2N x 2N cosines of the diagnostic batch; hover shows both views of a cell."""
    _matrix(key=key, data=_data(run, text.matrix(), height), height=height)


def histogram_view(run: str, key: str, height: int) -> None:
    """Cosines of positive pairs over those of negative pairs."""
    _histogram(key=key, data=_data(run, text.histogram(), height), height=height)


def task_view(run: str, key: str, height: int, method: str) -> None:
    """The method's own task, and the switch between it and the similarity panels it covers."""
    first = {"first": task_text.shown_first(method)}
    _task(key=key, data=_data(run, task_text.strings(method), height) | first, height=height)


def collapse_view(run: str, key: str, height: int) -> None:
    """The verdict in words, the gauges behind it, the singular spectra of h and z."""
    _collapse(key=key, data=_data(run, text.collapse(), height), height=height)


def curves_view(
    run: str,
    key: str,
    height: int,
    which: Literal["loss", "knn", "probes"] = "loss",
    beside: dict[str, Any] | None = None,
    train_baseline: Callable[[], None] = lambda: None,
) -> None:
    """One plot over steps: the loss, the kNN accuracy of h and z, or the factor probes.

    `beside` names the runs drawn beside it (see `comparison.beside`); `train_baseline` is called
    when the visitor takes the offer of a baseline.
    """
    data = _data(run, text.curves(which), height) | {"which": which, "beside": beside}
    _plot(key=key, data=data, height=height, on_baseline_change=train_baseline)


def status_strip(run: str, key: str) -> None:
    """One line: what runs, its state, how far it is, how fast, on what, and what went wrong."""
    _status(key=key, data=_data(run, text.status()), height="content")


def _data(run: str, strings: dict[str, Any], height: int | None = None) -> dict[str, Any]:
    data: dict[str, Any] = {"run": run, "strings": strings}
    return data if height is None else data | {"height": height}
