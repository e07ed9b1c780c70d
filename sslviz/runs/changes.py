"""What was changed while a run trained: read back, summed up, and made again by another run."""

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from sslviz.config import RunConfig, changed_live, live_settings
from sslviz.knobs import Scalar
from sslviz.refusal import Refusal, Sentence, read_sentence
from sslviz.runs.files import read_json, write_json
from sslviz.runs.read import read_config, read_events

PLAN = "changes.json"
Changes = list[tuple[int, dict[str, Scalar]]]  # (step from which they hold, dotted name -> value)


def change_events(folder: Path) -> list[dict[str, Any]]:
    """The "set" events of a run's live settings, as they happened."""
    live = live_settings(read_config(folder))
    changes = [e for e in read_events(folder) if e["kind"] == "set" and e["knob"] in live]
    return [e for e in changes if isinstance(e.get("new"), bool | int | float | str)]


def recorded(folder: Path) -> Changes:
    """The changes made to a run; those of one command together, as they had to fit together."""
    together = groupby(change_events(folder), lambda e: (e["step"], e.get("command", e["knob"])))
    return [(key[0], {e["knob"]: e["new"] for e in events}) for key, events in together]


def in_force(folder: Path) -> dict[str, Scalar]:
    """Dotted name -> the value a live setting was last changed to."""
    return {name: value for _, changes in recorded(folder) for name, value in changes.items()}


def config_now(folder: Path) -> RunConfig:
    """The run's config with all changes so far; without them where they are damaged."""
    config = read_config(folder)
    try:
        return changed_live(config, in_force(folder))
    except Refusal:
        return config


def check_plan(config: RunConfig, plan: Changes) -> None:
    """Raises Refusal for changes that a run of this config cannot make."""
    for _, changes in plan:
        config = changed_live(config, changes)


def write_plan(folder: Path, plan: Changes) -> None:
    """Notes the changes that a new run makes by itself."""
    rows = [{"step": step, "changes": changes} for step, changes in plan]
    write_json(folder / PLAN, {"changes": rows})


def read_plan(folder: Path) -> Changes:
    """What `write_plan` noted; nothing where there is no plan. Raises Refusal for a damaged one."""
    if not (folder / PLAN).exists():
        return []
    try:
        rows = read_json(folder / PLAN)["changes"]
        return [(int(row["step"]), dict(row["changes"])) for row in rows]
    except (KeyError, TypeError, ValueError):
        raise Refusal("The planned changes of {run} are damaged.", run=folder.name) from None


def answer(folder: Path, command: str, patience: float) -> list[dict[str, Any]]:
    """The events that answer a command; empty where the worker says nothing for that long."""
    end = monotonic() + patience
    while True:
        found = [event for event in read_events(folder) if event.get("command") == command]
        if found or monotonic() > end:
            return found
        sleep(0.05)


def refused(events: Iterable[dict[str, Any]]) -> Sentence | None:
    """What the worker had against a command, from the events that answer it."""
    for event in events:
        if event.get("kind") == "error":
            return read_sentence(event.get("message"))
    return None
