"""How soon a run shows something, and what being watched costs it."""

import os
import time
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.parts.report import Asked
from benchmarks.parts.started import config_of, counted, ended, until, while_watched
from sslviz.runs import launch
from sslviz.runs.looks import GLANCES, SNAPSHOTS, look_path, look_steps
from sslviz.runs.status import read_status
from sslviz.runs.warm import STOVE


def _looks(folder: Path) -> list[int]:
    return sorted(look_steps(folder, SNAPSHOTS) + look_steps(folder, GLANCES))


def press(asked: Asked, root: Path) -> Mapping[str, Any]:
    """Seconds from the press to the first picture and to the first of another step, in the folder:
    what a page adds is not in them."""
    found = {}
    config = config_of(asked)
    for way in ("cold", "warm"):
        os.environ["SSLVIZ_WARM"] = "1" if way == "warm" else "0"
        if way == "warm":
            until(lambda: STOVE.ready(config) or STOVE.pid)
            time.sleep(asked.sized(20, 3))
        began = time.monotonic()
        folder = launch.start(config, root)
        with while_watched(folder):
            until(lambda f=folder: _looks(f))
            found[f"{way}_picture"] = round(time.monotonic() - began, 2)
            until(lambda f=folder: len(_looks(f)) > 1)
            found[f"{way}_motion"] = round(time.monotonic() - began, 2)
        ended(folder)
    os.environ["SSLVIZ_WARM"] = "0"
    return found


def watching(asked: Asked, root: Path) -> Mapping[str, Any]:
    """Steps a second watched and not, in turn within one run; seconds between looks."""
    folder = launch.start(config_of(asked), root)
    until(lambda: read_status(folder)["step"] > asked.sized(300, 3))
    speeds: dict[str, list[float]] = {"watched": [], "unwatched": []}
    gaps: list[float] = []
    window = asked.sized(4, 1)
    for _ in range(asked.sized(3, 1)):
        with while_watched(folder):
            time.sleep(asked.sized(1, 0))
            speeds["watched"].append(_speed(folder, window))
            gaps += _gaps(folder, window)
        time.sleep(asked.sized(9, 1) / 2)
        speeds["unwatched"].append(_speed(folder, window))
    looking = read_status(folder)["looking_share"]
    ended(folder)
    watched, not_watched = (median(speeds[way]) for way in ("watched", "unwatched"))
    return {
        "steps_per_second": {way: [round(x, 1) for x in each] for way, each in speeds.items()},
        "lost": round(1 - watched / not_watched, 3),
        "by_its_books": looking,
        "longest_gap": round(max(gaps), 2),
        "median_gap": round(median(gaps), 2),
    }


def _speed(folder: Path, window: float) -> float:
    step, began = counted(folder), time.monotonic()
    time.sleep(window)
    return (counted(folder) - step) / (time.monotonic() - began)


def _gaps(folder: Path, window: float) -> list[float]:
    """Seconds between the newest looks, by the times of their files."""
    times = []
    for kind in (SNAPSHOTS, GLANCES):
        for step in look_steps(folder, kind):
            times.append(look_path(folder, kind, step).stat().st_mtime)
    newest = sorted(x for x in times if x > time.time() - window)
    return [b - a for a, b in zip(newest, newest[1:], strict=False)] or [window]
