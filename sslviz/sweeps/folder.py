"""A sweep's folder, `<runs>/sweeps/<id>/`, which only lists its runs.

Each run's about.json says the same of itself, so that a lost folder is made anew from them.

sweep.json        the sweep, and which engine trains it; written once
members/00037     the id of run 37, once it has begun
claims/00037      which job has taken run 37, so that no other does; gone where it may be taken
jobs/<job>.json   by which engine a worker was started, and under which name there
conductor.json    the process that keeps workers going
stop              the sweep has been told to stop
trouble.json      why its last conductor gave up
"""

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from re import sub
from secrets import token_hex
from typing import Any

from sslviz.refusal import Refusal
from sslviz.runs.create import create_run
from sslviz.runs.files import label, read_json, read_plain, replaced, write_json
from sslviz.runs.read import is_name
from sslviz.runs.room import CannotWrite
from sslviz.sweeps.sweep import Member, Sweep

HOME = "sweeps"
MOST_NAME = 200  # bytes of a member's file


def create_sweep(sweep: Sweep, root: Path, executor: str = "local") -> Path:
    """A new sweep folder, which appears whole or not at all. Raises CannotWrite."""
    words = sub(r"[^A-Za-z0-9]+", "-", sweep.name or sweep.base.method).strip("-")[:60] or "sweep"
    name = f"{time.strftime('%Y%m%d-%H%M%S')}-{words}-{token_hex(3)}"
    return _write(sweep, root / HOME / name, executor)


def _write(sweep: Sweep, folder: Path, executor: str) -> Path:
    half = folder.with_name(f".{folder.name}")
    try:
        for name in ("members", "claims", "jobs"):
            (half / name).mkdir(parents=True, exist_ok=True)
        facts = {"created_at": time.time(), "executor": executor, "sweep": sweep.to_json()}
        write_json(half / "sweep.json", facts)
        os.rename(half, folder)
    except OSError as error:
        raise CannotWrite(error, folder.parent) from error
    return folder


def find_sweep(sweep: str, root: Path) -> Path:
    """The folder of a sweep by its path or id; a lost one is made anew from its runs. Refusal."""
    path = Path(sweep) if "\0" not in sweep else root
    if (path / "sweep.json").is_file():
        return path.absolute()
    return named_sweep(path.name, root)


def named_sweep(sweep: str, root: Path) -> Path:
    """`find_sweep` by the id alone. Raises Refusal for unknown ids and for all that is none."""
    folder = root / HOME / sweep
    if is_name(sweep) and ((folder / "sweep.json").is_file() or _rebuilt(folder)):
        return folder
    raise Refusal("There is no sweep {sweep}.", sweep=repr(sweep[:120]))


def _rebuilt(folder: Path) -> bool:
    """Makes a lost folder from what its runs say of it; False where none says anything."""
    found = {}
    for run, facts in _groups(folder.parent.parent):
        if facts.get("id") == folder.name and type(facts.get("index")) is int:
            found[facts["index"]] = (run, facts)
    if not found:
        return False
    facts = next(iter(found.values()))[1]
    _write(Sweep.from_json(facts.get("sweep") or {}), folder, str(facts.get("executor", "local")))
    for index, (run, _) in found.items():
        _note(folder, index, run)
    return True


def _groups(root: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """(run, what its about.json says of its sweep) of the runs that belong to one."""
    for folder in root.iterdir() if root.is_dir() else ():
        facts = group_of(folder)
        if facts:
            yield folder.name, facts


def group_of(folder: Path) -> dict[str, Any]:
    """What a run's about.json says of its sweep: `id`, `index`, `executor`, `sweep`; else {}."""
    if not (folder / "about.json").is_file():
        return {}
    with suppress(Refusal):
        group = read_json(folder / "about.json").get("group")
        return group if isinstance(group, dict) else {}
    return {}


def read_sweep(folder: Path) -> Sweep:
    """The sweep in a folder. Raises Refusal for a damaged one."""
    values = read_json(folder / "sweep.json").get("sweep")
    if not isinstance(values, dict):
        raise Refusal("{name} holds no sweep.", name=label(folder / "sweep.json"))
    return Sweep.from_json(values)


def about_sweep(folder: Path) -> dict[str, Any]:
    """`created_at` (seconds since 1970) and `executor`. Raises Refusal."""
    values = read_json(folder / "sweep.json")
    created, name = values.get("created_at"), values.get("executor")
    return {
        "created_at": float(created) if isinstance(created, int | float) else 0.0,
        "executor": name if isinstance(name, str) else "local",
    }


def list_sweeps(root: Path) -> list[Path]:
    """The folders of all sweeps, newest first."""
    home = root / HOME
    found = [f for f in home.iterdir() if is_name(f.name)] if home.is_dir() else []
    return sorted((f for f in found if (f / "sweep.json").is_file()), reverse=True)


def members(folder: Path) -> dict[int, Path]:
    """Index -> run folder, of the runs that have begun and are still there."""
    root = folder.parent.parent
    found = {}
    with suppress(OSError):
        for file in (folder / "members").iterdir():
            with suppress(Refusal, ValueError):
                run = read_plain(file, MOST_NAME).decode()
                if is_name(run) and (root / run / "config.json").is_file():
                    found[int(file.name)] = root / run
    return found


def member_run(folder: Path, sweep: Sweep, member: Member) -> Path:
    """The run folder of a member, made where there is none yet; call it under its claim."""
    known = members(folder).get(member.index)
    if known is not None:
        return known
    facts = about_sweep(folder)
    group = {"id": folder.name, "index": member.index, "executor": facts["executor"]}
    run = create_run(
        member.config,
        folder.parent.parent,
        sweep.name or None,
        {"group": group | {"sweep": sweep.to_json()}},
    )
    _note(folder, member.index, run.name)
    return run


def _note(folder: Path, index: int, run: str) -> None:
    replaced(folder / "members" / f"{index:05d}", lambda file: _written(file, run), sync=False)


def _written(file: Path, text: str) -> None:
    file.write_text(text)
