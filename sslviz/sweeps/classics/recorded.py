"""What was measured of the classic experiments: one line a run, by its settings and its seed."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from sslviz.config import RunConfig, settings_of
from sslviz.knobs import Scalar
from sslviz.sweeps.classics.classic import Asked, Classic

FILE = Path(__file__).parents[3] / "assets" / "recorded" / "classics.jsonl"
PLACE = ("seed", "device", "precision", "snapshot_every")  # what a run is not known by
Key = tuple[str, int]  # what `key` gives: settings as text, seed


def own_settings(config: RunConfig) -> dict[str, Scalar]:
    """What differs from the defaults, by dotted name, without seed and device: a run's name here.

    A knob that is added later, at a default that changes nothing, leaves it as it is.
    """
    usual = settings_of(RunConfig().with_settings({"method": config.method}))
    own = {k: v for k, v in settings_of(config).items() if v != usual[k] and k not in PLACE}
    return {"method": config.method} | own


def key(settings: Mapping[str, Any], seed: int) -> Key:
    return json.dumps(dict(settings), sort_keys=True), seed


def wanted(
    classics: list[Classic], seeds: tuple[int, ...]
) -> Iterator[tuple[RunConfig, tuple[Asked, ...]]]:
    """Every run that the experiments ask for, once, with all that it is to be measured by; the
    first seed of all of them before the second of any."""
    found: dict[str, tuple[RunConfig, dict[Asked, None]]] = {}
    for classic in classics:
        for arm, _, config in classic.configs():
            name, _ = key(own_settings(config), 0)
            found.setdefault(name, (config, {}))[1].update(dict.fromkeys(arm.asks))
    for seed in seeds:
        for config, asks in found.values():
            yield replace(config, seed=seed), tuple(asks)


def read_lines(path: Path) -> dict[Key, dict[str, Any]]:
    """Key -> the newest line of that run; a line that is torn or damaged counts as none."""
    found: dict[Key, dict[str, Any]] = {}
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    for line in lines:
        try:
            row = json.loads(line)
            found[key(row["settings"], row["seed"])] = row
        except (ValueError, KeyError, TypeError):
            continue
    return found


def complete(row: Mapping[str, Any] | None, asks: tuple[Asked, ...]) -> bool:
    """Whether a line holds all that is asked of its run; a run that failed is to be tried again."""
    if row is None or "error" in row:
        return False
    return all(name in row["metrics"] for asked in asks for name in asked.metrics())
