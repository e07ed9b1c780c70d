"""What a sweep has come to: a row a run, a cell for each place of the grid, and the time left."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

from sslviz.refusal import Refusal
from sslviz.runs.queue import places
from sslviz.runs.states import STATES
from sslviz.sweeps.conduct import conducted, trouble_of
from sslviz.sweeps.folder import about_sweep, members, read_sweep
from sslviz.sweeps.rows import WAITING, Row, read_row
from sslviz.sweeps.sweep import Member, Sweep, unfold


@dataclass(frozen=True)
class Table:
    """All rows of a sweep, in the order of its runs."""

    id: str
    folder: Path
    sweep: Sweep
    rows: list[Row]

    def metrics(self) -> list[str]:
        """The names of all numbers that any row has, in the order in which they come up."""
        return list(dict.fromkeys(name for row in self.rows for name in row.metrics))

    def cells(self) -> list[dict[str, Any]]:
        """For each cell its labels and of each metric mean, deviation (n - 1) and n, over the runs
        that have finished; the deviation is null for a single one."""
        grouped: dict[int, list[Row]] = {}
        for row in self.rows:
            grouped.setdefault(row.member.cell.index, []).append(row)
        names = self.metrics()
        return [self._cell(rows, names) for _, rows in sorted(grouped.items())]

    def _cell(self, rows: list[Row], names: list[str]) -> dict[str, Any]:
        finished = [row for row in rows if row.finished]
        metrics = {}
        for name in names:
            values = [row.metrics[name] for row in finished if name in row.metrics]
            if values:
                deviation = stdev(values) if len(values) > 1 else None
                metrics[name] = {
                    "mean": fmean(values),
                    "deviation": deviation,
                    "n": len(values),
                }
        cell = rows[0].member.cell
        facts = {"cell": cell.index, "axes": self.axes(rows[0]), "runs": len(rows)}
        facts["training"] = sum(row.state in ("starting", "training") for row in rows)
        return facts | {"finished": len(finished), "metrics": metrics}

    def axes(self, row: Row) -> dict[str, Any]:
        """Axis -> what the row is called on it."""
        names = [axis.name for axis in self.sweep.axes]
        return dict(zip(names, row.member.cell.labels, strict=True))

    def to_json(self) -> dict[str, Any]:
        """What `sweep show --json` prints."""
        return {
            "sweep": self.id,
            "folder": str(self.folder),
            "name": self.sweep.name,
            "axes": [axis.name for axis in self.sweep.axes],
            "seeds": list(self.sweep.seeds),
            "progress": progress(self),
            "rows": [self.row_json(row) for row in self.rows],
            "cells": self.cells(),
        }

    def row_json(self, row: Row) -> dict[str, Any]:
        return {
            "run": row.run or None,
            "cell": row.member.cell.index,
            "axes": self.axes(row),
            "seed": row.member.seed,
            "state": row.state,
            "step": row.step,
            "metrics": dict(row.metrics),
        }


def read_table(folder: Path) -> Table:
    """The table of the sweep in `folder`.

    Raises Refusal for a damaged sweep, or one whose runs have all been deleted.
    """
    sweep = read_sweep(folder)
    known = members(folder)
    if not known and any((folder / "members").glob("[0-9]*")):
        raise Refusal(
            "The runs of the sweep {sweep} are gone: none of those that it lists is there.",
            sweep=folder.name,
        )
    rows = [read_row(member, known.get(member.index)) for member in unfolded(sweep)]
    return Table(folder.name, folder, sweep, rows)


def unfolded(sweep: Sweep) -> list[Member]:
    """`unfold`, remembered: it checks every config, and a sweep never changes."""
    return _unfolded(json.dumps(sweep.to_json()))


@lru_cache(maxsize=16)
def _unfolded(text: str) -> list[Member]:
    return unfold(Sweep.from_json(json.loads(text)))


def progress(table: Table) -> dict[str, Any]:
    """How far the sweep is: counts by state, whether it is under way, seconds left (or null)."""
    states = [row.state for row in table.rows]
    under_way = conducted(table.folder)
    return {
        "state": "running" if under_way else "finished" if set(states) == {"finished"} else "idle",
        "runs": len(states),
        "finished": states.count("finished"),
        "training": sum(s != WAITING and STATES[s].live and s != "queued" for s in states),
        "failed": sum(s in ("failed", "broken") for s in states),
        "eta_seconds": seconds_left(table) if under_way else None,
        "error": trouble_of(table.folder),
        "executor": about_sweep(table.folder)["executor"],
    }


def seconds_left(table: Table) -> float | None:
    """From how long an image took in the runs that have finished; None before the first has."""
    costs = [
        row.metrics["seconds"] / work(row.member)
        for row in table.rows
        if row.finished and "seconds" in row.metrics
    ]
    training = [row.eta_seconds for row in table.rows if row.eta_seconds is not None]
    if not costs:
        return None
    waiting = [row for row in table.rows if row.state in (WAITING, "queued", "paused", "stopped")]
    left = sum(training) + fmean(costs) * sum(work(row.member) for row in waiting)
    return left / max(1, min(places(), len(training) + len(waiting)))


def is_share(metric: str) -> bool:
    """Whether a metric is a share of 1, so that its differences are percentage points."""
    return metric.startswith(("knn_", "evaluate_")) or metric == "contrastive_accuracy"


def work(member: Member) -> int:
    """Images that a run takes in all its steps."""
    return member.config.steps * member.config.batch_size
