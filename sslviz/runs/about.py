"""about.json: facts about a run that its config must not hold. Older runs have none."""

import time
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from math import isfinite
from pathlib import Path
from typing import Any

from sslviz.refusal import Refusal
from sslviz.runs.files import locked, read_json, write_json
from sslviz.runs.room import CannotWrite

LONGEST_NAME = 120  # characters


def write_about(folder: Path, name: str | None, facts: Mapping[str, Any] | None = None) -> None:
    """When the run was made, what a person called it, and what whoever made it adds: `group` (the
    sweep it belongs to) or `paired_with` (the run it is a copy of)."""
    known = {"created_at": time.time(), "name": checked_name(name or "")}
    write_json(folder / "about.json", known | dict(facts or {}))


def read_about(folder: Path) -> dict[str, Any]:
    """`created_at` (seconds since 1970; the config file's own where it is missing), `name` (""
    where nobody gave one), `pinned`, and `paired_with`: the run it was copied from, "" for none."""
    written = _written(folder)
    created, name = written.get("created_at"), written.get("name")
    paired = written.get("paired_with")
    if isinstance(created, bool) or not isinstance(created, int | float) or not isfinite(created):
        created = _made(folder)
    return {
        "created_at": float(min(max(0.0, created), 2.0**40)),
        "name": _plain(name)[:LONGEST_NAME] if isinstance(name, str) else "",
        "pinned": written.get("pinned") is True,
        "paired_with": paired[:LONGEST_NAME] if isinstance(paired, str) else "",
    }


def rename(folder: Path, name: str) -> None:
    """What the run is called from now on; "" for the name that follows from its settings.

    Raises Refusal for a name that is too long, or where it cannot be written.
    """
    _change(folder, name=checked_name(name))


def pin(folder: Path, pinned: bool) -> None:
    """Whether the run stands at the top of lists. Raises Refusal where it cannot be written."""
    _change(folder, pinned=pinned)


def checked_name(name: str) -> str:
    """`name` on one line, without characters that nobody sees. Raises Refusal where it is longer
    than any list can show."""
    plain = _plain(name)
    if len(plain) > LONGEST_NAME:
        raise Refusal(
            "The name has {n} characters; a name may have at most {most}.",
            n=len(plain),
            most=LONGEST_NAME,
        )
    return plain


def _plain(name: str) -> str:
    """Controls and marks of direction could turn the line around them; a joiner makes one emoji."""
    seen = (c if c == "\u200d" or unicodedata.category(c)[0] != "C" else " " for c in name)
    return " ".join("".join(seen).split())


def _change(folder: Path, **facts: Any) -> None:
    try:
        with locked(folder.parent / ".queue" / "about"):  # what another writes at once is kept
            known = {"created_at": read_about(folder)["created_at"]}
            write_json(folder / "about.json", known | _written(folder) | facts)
    except OSError as error:
        raise CannotWrite(error, folder) from error


def _written(folder: Path) -> dict[str, Any]:
    with suppress(Refusal):
        return read_json(folder / "about.json")
    return {}


def _made(folder: Path) -> float:
    try:
        return (folder / "config.json").stat().st_mtime
    except OSError:
        return 0.0
