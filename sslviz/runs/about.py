"""about.json: facts about a run that its config must not hold. Older runs have none."""

import time
from collections.abc import Mapping
from math import isfinite
from pathlib import Path
from typing import Any

from sslviz.refusal import Refusal
from sslviz.runs.files import read_json, write_json

LONGEST_NAME = 200  # characters


def write_about(folder: Path, name: str | None, facts: Mapping[str, Any] | None = None) -> None:
    """When the run was made, what a person called it, and what whoever made it adds: `group` (the
    sweep it belongs to) or `paired_with` (the run it is a copy of)."""
    known = {"created_at": time.time(), "name": name or ""}
    write_json(folder / "about.json", known | dict(facts or {}))


def read_about(folder: Path) -> dict[str, Any]:
    """`created_at` (seconds since 1970; the config file's own where it is missing), `name`,
    and `paired_with`: the id of the run it was copied from, "" for none."""
    try:
        written = read_json(folder / "about.json")
    except Refusal:
        written = {}
    created, name = written.get("created_at"), written.get("name")
    paired = written.get("paired_with")
    if isinstance(created, bool) or not isinstance(created, int | float) or not isfinite(created):
        created = _made(folder)
    return {
        "created_at": float(min(max(0.0, created), 2.0**40)),
        "name": name[:LONGEST_NAME] if isinstance(name, str) else "",
        "paired_with": paired[:LONGEST_NAME] if isinstance(paired, str) else "",
    }


def _made(folder: Path) -> float:
    try:
        return (folder / "config.json").stat().st_mtime
    except OSError:
        return 0.0
