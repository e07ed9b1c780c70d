"""One run of a sweep as a row: its state and its newest numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite
from pathlib import Path
from typing import Any

from sslviz.evaluate.records import list_evaluations
from sslviz.refusal import Refusal
from sslviz.runs.read import newest_values, read_metrics
from sslviz.runs.status import read_status
from sslviz.sweeps.sweep import Member

WAITING = "waiting"  # a run that has not begun


@dataclass(frozen=True)
class Row:
    """A run of the sweep. `run`: its id, "" before it has begun. `metrics`: its newest numbers."""

    member: Member
    run: str
    state: str
    step: int
    metrics: Mapping[str, float]
    eta_seconds: float | None = None

    @property
    def finished(self) -> bool:
        return self.state == "finished"


def read_row(member: Member, run: Path | None) -> Row:
    """The row of a member and its run's folder; without one it has not begun."""
    if run is None:
        return Row(member, "", WAITING, 0, {})
    try:
        status, values = _finished(run, *_marks(run)) or _read(run)
    except (Refusal, OSError):
        return Row(member, run.name, "broken", 0, {})
    eta = status["eta_seconds"] if status["state"] == "training" else None
    return Row(member, run.name, status["state"], status["step"], values, eta)


def _read(run: Path) -> tuple[dict[str, Any], dict[str, float]]:
    """(status, newest numbers) of a run. Raises Refusal."""
    status = read_status(run)
    return status, _numbers(run) | _measured(run)


def _numbers(run: Path) -> dict[str, float]:
    """The newest finite number of each name that a run wrote down. Raises Refusal."""
    return {
        name: float(value)
        for name, value in newest_values(read_metrics(run)).items()
        if isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
        if name != "step"
    }


@lru_cache(maxsize=4096)
def _finished(
    run: Path, status: int, measured: int
) -> tuple[dict[str, Any], dict[str, float]] | None:
    """`_read`, remembered for a run that has finished: it changes no more, but for what is measured
    of it. `status`, `measured`: when its files were last written."""
    return _read(run) if read_status(run)["state"] == "finished" else None


def _marks(run: Path) -> tuple[int, ...]:
    return tuple(_written(run / name) for name in ("status.json", "evaluations"))


def _written(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _measured(run: Path) -> dict[str, float]:
    """`evaluate_knn` and so on: the newest accuracy by each protocol."""
    found = {}
    for record in reversed(list_evaluations(run)):
        if record["state"] == "finished" and record["results"]:
            found[f"evaluate_{record['protocol']}"] = float(record["results"][-1]["mean"])
    return found
