"""What a person can do to a run: start, pause, resume, stop it, change its live settings."""

import time
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from sslviz.config import RunConfig, changed_live, differences
from sslviz.refusal import Refusal
from sslviz.runs.changes import Changes, check_plan, config_now, write_plan
from sslviz.runs.files import dumps, locked
from sslviz.runs.process import busy, kill
from sslviz.runs.queue import advance, join, leave
from sslviz.runs.read import send
from sslviz.runs.status import IN_WORDS, read_status
from sslviz.runs.store import create_run

SAME_PRESS = 2.0  # seconds within which a second Start with the same key and config is the same


def start(
    config: RunConfig,
    root: Path,
    key: str | None = None,
    name: str | None = None,
    plan: Changes | None = None,
) -> Path:
    """Creates a run and starts its worker, or queues it. Returns the run's folder.

    `plan`: changes that the run makes by itself, as those of a run that it repeats.

    Two presses with one `key` and one config within SAME_PRESS seconds give one run.
    """
    with locked(root / ".queue" / "presses"):
        press = _press(root, config, key)
        if press is not None and abs(time.time() - _pressed_at(press)) < SAME_PRESS:
            return root / press.read_text()
        folder = create_planned(config, root, name, plan)
        join(folder)
        if press is not None:
            press.write_text(folder.name)
    advance(root, wait=True)
    return folder


def create_planned(config: RunConfig, root: Path, name: str | None, plan: Changes | None) -> Path:
    """A new run folder with the changes it is to make. Raises Refusal for those it cannot make."""
    check_plan(config, plan or [])
    folder = create_run(config, root, name)
    if plan:
        write_plan(folder, plan)
    return folder


def _press(root: Path, config: RunConfig, key: str | None) -> Path | None:
    if key is None:
        return None
    digest = sha256(key.encode() + b"\n" + dumps(config.to_json())).hexdigest()
    for old in (root / ".queue").glob("press-*"):
        if abs(time.time() - _pressed_at(old)) > 60:
            old.unlink(missing_ok=True)
    return root / ".queue" / f"press-{digest[:24]}"


def _pressed_at(press: Path) -> float:
    return press.stat().st_mtime if press.exists() else 0.0


def resume(folder: Path) -> None:
    """Wakes a paused run, or goes on with an ended one from its newest checkpoint."""
    state = read_status(folder)["state"]
    if state == "paused":
        send(folder, "resume")
        return
    ready_to_resume(folder, state)
    join(folder)
    advance(folder.parent, wait=True)


def ready_to_resume(folder: Path, state: str) -> None:
    """Refuses runs that train or have finished; drops commands meant for an earlier worker."""
    if state == "finished":
        raise Refusal(
            "The run {run} has finished; there is nothing left to train.", run=folder.name
        )
    if state == "queued" or busy(folder):
        raise Refusal("The run {run} is {state} already.", run=folder.name, state=IN_WORDS[state])
    for old in folder.glob("inbox/*"):
        old.unlink(missing_ok=True)


def pause(folder: Path) -> None:
    _refuse_unless_live(folder)
    send(folder, "pause")


def stop(folder: Path) -> None:
    """Ends a run after a last checkpoint; a queued one leaves the line, a silent one is killed."""
    state = read_status(folder)["state"]
    if state == "queued":
        leave(folder)
        return
    _refuse_unless_live(folder)
    send(folder, "stop")
    if state == "silent":
        kill(folder)


def snapshot(folder: Path) -> str:
    """Asks for a picture of the step the run is at; returns the command's id."""
    _refuse_unless_live(folder)
    return send(folder, "snapshot")


def change(folder: Path, changes: Mapping[str, Any]) -> str | None:
    """Changes live settings of a run by dotted name (see `config.live_settings`), all at once.

    Returns the id by which `changes.answer` finds what came of it; None where all of them hold
    already. Raises Refusal for what cannot be changed or does not fit together.
    """
    before = config_now(folder)
    made = differences(before, changed_live(before, changes))
    _refuse_unless_live(folder)
    return send(folder, "set", changes={name: new for name, _, new in made}) if made else None


def _refuse_unless_live(folder: Path) -> None:
    if not busy(folder):
        state = read_status(folder)["state"]
        raise Refusal(
            "The run {run} is not training: it is {state}.", run=folder.name, state=IN_WORDS[state]
        )
