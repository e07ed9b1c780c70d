"""The pictures and the table of a sweep: their facts, their words, their place on the page."""

# ruff: noqa: E501

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from sslviz.sweeps.rows import WAITING, Row
from sslviz.sweeps.table import Table
from sslviz.ui.ablations.words import axis_facts, metric_facts, ordered, value
from sslviz.ui.compare.facts import MOST
from sslviz.ui.panels.mount import component
from sslviz.ui.run_list import titles
from sslviz.ui.run_words import state_words
from sslviz.ui.text import _, language
from sslviz.ui.theme import colours

MOST_COLUMNS = 6

_ablation = component("ablation")


def picture(table: Table, metric: str) -> None:
    """Draws the sweep; the browser alone sorts, filters and brushes."""
    data = {
        "strings": picture_words(),
        "colours": colours(),
        "file": table.id,
        "now": facts(table, metric),
    }
    _ablation(key=f"ablations.{table.id}", data=data)


def facts(table: Table, metric: str) -> dict[str, Any]:
    """All that the browser draws: axes, cells and rows, in words and numbers."""
    config = table.sweep.base
    names = [name for name in ordered(table.metrics()) if name != metric]
    columns = [metric, *names][:MOST_COLUMNS]
    words = state_words() | {WAITING: _("Waiting")}
    begun = tuple(row.run for row in table.rows if row.run)
    named = _titles(str(table.folder.parent.parent), begun, language())
    return {
        "id": table.id,
        "axes": [axis_facts(axis, config) for axis in table.sweep.axes],
        "unordered": table.sweep.unordered,
        "metric": metric_facts(metric),
        "columns": [metric_facts(name) for name in columns],
        "cells": [_cell(table, cell, metric) for cell in table.cells()],
        "rows": [
            _row(table, row, metric, columns, words) | {"name": named.get(row.run, row.run)}
            for row in table.rows
        ],
        "compare": f"compare?{urlencode({'lang': language()})}&runs=",
        "most_compared": MOST,
    }


@st.cache_data(ttl=60, max_entries=20, show_spinner=False)
def _titles(root: str, begun: tuple[str, ...], to: str) -> dict[str, str]:
    """Titles of the runs that have `begun`; found anew when another one begins, for all viewers,
    because each of 500 runs has to be read."""
    known = titles(Path(root))
    return {run: known.get(run, run) for run in begun}


def _places(table: Table, labels: list[Any]) -> list[int]:
    """The place of each label on its axis."""
    return [
        [choice.label for choice in axis.choices].index(label)
        for axis, label in zip(table.sweep.axes, labels, strict=True)
    ]


def _labels(axes: dict[str, Any]) -> list[str]:
    return [value(name, held) for name, held in axes.items()]


def _cell(table: Table, cell: dict[str, Any], metric: str) -> dict[str, Any]:
    numbers = cell["metrics"].get(metric, {"mean": None, "deviation": None, "n": 0})
    labels = _labels(cell["axes"])
    return numbers | {
        "cell": cell["cell"],
        "at": _places(table, list(cell["axes"].values())),
        "label": " · ".join(labels) or _("base"),
        "runs": cell["runs"],
        "finished": cell["finished"],
        "training": cell["training"] > 0,
    }


def _row(
    table: Table, row: Row, metric: str, columns: list[str], words: dict[str, str]
) -> dict[str, Any]:
    axes = table.axes(row)
    link = f"train_live?{urlencode({'lang': language(), 'run': row.run})}"
    return {
        "run": row.run,
        "href": link if row.run else "",
        "cell": row.member.cell.index,
        "at": _places(table, list(axes.values())),
        "labels": _labels(axes),
        "seed": row.member.seed,
        "word": words[row.state],
        "finished": row.finished,
        "value": row.metrics.get(metric),
        "loss": row.metrics.get("loss"),
        "knn": row.metrics.get("knn_h"),
        "numbers": {name: row.metrics[name] for name in columns if name in row.metrics},
    }


# fmt: off


def picture_words() -> dict[str, Any]:
    """What the browser says of any sweep."""
    return {
        "about": _("What does this show?"),
        "titles": {
            "curve": _("{metric}: mean and deviation over seeds"), "dots": _("{metric}: mean and deviation over seeds"),
            "heat": _("{metric}: mean over seeds"), "facets": _("{metric}: mean over seeds"), "parallel": _("{metric}: a line a run"),
        },
        "picture_help": _("Only runs that have finished count. Bars: one standard deviation over seeds; small rings are single runs. A cell without a finished run stays empty and says how many it has. With three axes and more each run is a line: drag along an axis (or use the arrow keys on it) to keep the runs that pass there, in the table too. Click a cell or a mark to see its runs below, and from there compare them; click a line to open its run."),
        "scatter": _("Lower loss is not better"),
        "scatter_help": _("One point a run: its loss against the kNN accuracy of h. Losses of different temperatures, batch sizes, methods or augmentations measure different tasks and cannot be compared; here one sees how little they say. Filled: finished; open: still training. Click a point to open its run."),
        "scatter_reading": _("Loss against kNN accuracy of {n} runs."),
        "reading": _("{metric}: {list}"),
        "base": _("base"),
        "loss": _("loss"), "knn": _("kNN accuracy of h"),
        "seed_is": _("{label}, seed {seed}: {value}"),
        "cell_is": _("{label}: {value} ± {deviation} ({n} seeds)"),
        "cell_one": _("{label}: {value} (1 seed)"),
        "run_is": _("{label}, seed {seed}\nloss {loss}, kNN {knn} · {state}").replace("\n", "<br>"),
        "row_mean": _("mean"), "row_mean_of": _("mean of the row {label}"),
        "training_now": _("training"),
        "brush": _("Arrow keys choose a value, Escape all of them."),
        "find": _("Find in the table"), "count": _("{n} of {total} runs"), "all": _("Show all"),
        "facet": "{axis}: {value}",
        "shown_as": {"facets": _("As heat maps"), "parallel": _("As lines")},
        "compare": _("Compare these {n} runs"),
        "table": _("All runs of the sweep"),
        "run": _("Run"), "seed": _("Seed"), "state": _("State"), "not_begun": _("not begun"),
    }
