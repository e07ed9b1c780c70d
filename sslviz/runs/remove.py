"""Deleting runs, and bringing them back: a deleted run lies in `<root>/.deleted` for a week."""

import os
import shutil
import time
from pathlib import Path

from sslviz.refusal import Refusal
from sslviz.runs.files import locked, read_json
from sslviz.runs.lease import lease_from, read_lease
from sslviz.runs.process import busy
from sslviz.runs.queue import waiting
from sslviz.runs.read import is_name
from sslviz.runs.room import CannotWrite

KEPT_SECONDS = 7 * 24 * 3600.0


def delete(folder: Path) -> None:
    """Takes a run out of every list; `restore` brings it back.

    Raises Refusal for a run that trains, waits in the queue or is being evaluated, and where it
    cannot be moved.
    """
    root = folder.parent
    try:
        with locked(root / ".queue" / "lock"):  # nobody starts it meanwhile
            if busy(folder) or folder.name in waiting(root) or _evaluated_now(folder):
                raise Refusal(
                    "The run {run} is at work; stop it before you delete it.", run=folder.name
                )
            _forget_old(root)
            _place(root).mkdir(exist_ok=True)
            os.rename(folder, _place(root) / folder.name)
            os.utime(_place(root) / folder.name)
    except OSError as error:
        raise CannotWrite(error, folder) from error


def restore(run: str, root: Path) -> Path:
    """The folder of a deleted run, back in its place. Raises Refusal where there is none."""
    kept = _place(root) / run
    if not is_name(run) or not kept.is_dir() or (root / run).exists():
        raise Refusal("There is no deleted run {run}.", run=repr(run[:120]))
    try:
        os.rename(kept, root / run)
    except OSError as error:
        raise CannotWrite(error, root) from error
    return root / run


def _place(root: Path) -> Path:
    return root / ".deleted"


def _forget_old(root: Path) -> None:
    for kept in _place(root).glob("*"):
        if time.time() - kept.stat().st_mtime > KEPT_SECONDS:
            shutil.rmtree(kept, ignore_errors=True)


def _evaluated_now(folder: Path) -> bool:
    """Whether a process that evaluates the run is alive."""
    leases = [read_lease(path) for path in folder.glob("evaluations/*.launch")]
    for path in folder.glob("evaluations/*.json"):
        try:
            record = read_json(path)
        except Refusal:
            continue
        held = lease_from(record.get("lease"))
        leases.append(held if held and held.attempt and record.get("state") == "running" else None)
    return any(lease is not None and lease.alive() for lease in leases)
