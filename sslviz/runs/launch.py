"""What a person can do to a run: start, pause, resume, stop it, change its live settings."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sslviz.config import RunConfig, changed_live, differences
from sslviz.refusal import Refusal, Sentence, say
from sslviz.runs.changes import Changes, check_plan, config_now, write_plan
from sslviz.runs.checkpoint import newest_checkpoint
from sslviz.runs.files import dumps, locked
from sslviz.runs.presses import note_press, run_of_press
from sslviz.runs.process import busy, kill
from sslviz.runs.queue import advance, join, leave
from sslviz.runs.read import read_metrics, send, snapshot_steps
from sslviz.runs.room import CannotWrite
from sslviz.runs.status import IN_WORDS, read_status
from sslviz.runs.store import create_run

START_OVER = "start-over"  # a file in a run's folder: a person has agreed to begin at step 0


class OnlyFromTheStart(Refusal):
    """Resuming would begin at step 0 again; `start_over` says that this is wanted."""


def start(
    config: RunConfig,
    root: Path,
    key: str | None = None,
    name: str | None = None,
    plan: Changes | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Path:
    """Creates a run and starts its worker, or queues it. Returns the run's folder.

    `plan`: changes that the run makes by itself, as those of a run that it repeats. `facts` go into
    its about.json.

    `key` names the press of a button: however often it arrives, it gives one run. Raises Refusal
    where the run cannot be written or started, and then nothing of it is left.
    """
    try:
        with locked(root / ".queue" / "presses"):
            press = None if key is None else key + dumps(config.to_json()).decode()
            made = None if press is None else run_of_press(root, press)
            if made is not None:
                return made
            folder = create_planned(config, root, name, plan, facts)
            try:
                if press is not None:
                    note_press(root, press, folder.name)
                join(folder)
                _begin(folder)
            except (OSError, Refusal):
                leave(folder)
                shutil.rmtree(folder, ignore_errors=True)
                raise
    except OSError as error:
        raise CannotWrite(error, root) from error
    return folder


def create_planned(
    config: RunConfig,
    root: Path,
    name: str | None,
    plan: Changes | None,
    facts: Mapping[str, Any] | None = None,
) -> Path:
    """A new run folder with the changes it is to make. Raises Refusal for those it cannot make, or
    where it cannot be written."""
    check_plan(config, plan or [])
    folder = create_run(config, root, name, facts)
    try:
        if plan:
            write_plan(folder, plan)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise CannotWrite(error, root) from error
    return folder


def _begin(folder: Path) -> None:
    failed = advance(folder.parent, wait=True)
    if folder.name in failed:
        raise failed[folder.name]


def resume(folder: Path, start_over: bool = False) -> None:
    """Wakes a paused run, or goes on with an ended one from its newest checkpoint.

    Raises OnlyFromTheStart where there is none and something would be set aside.
    """
    state = read_status(folder)["state"]
    if state == "paused" and busy(folder):
        send(folder, "resume")
        return
    ready_to_resume(folder, state, start_over)
    try:
        join(folder)
        _begin(folder)
    except OSError as error:
        leave(folder)
        raise CannotWrite(error, folder) from error


def from_the_start(folder: Path) -> None:
    """`resume`, which may begin at step 0; what was written is set aside."""
    resume(folder, start_over=True)


def ready_to_resume(folder: Path, state: str, start_over: bool = False) -> None:
    """Refuses runs that train or have finished, and to begin at step 0 unless `start_over`; drops
    commands meant for an earlier worker."""
    if state == "finished":
        raise Refusal(
            "The run {run} has finished; there is nothing left to train.", run=folder.name
        )
    if state == "queued" or busy(folder):
        raise Refusal("The run {run} is {state} already.", run=folder.name, state=IN_WORDS[state])
    lost = lost_by_resuming(folder)
    if lost and not start_over:
        raise OnlyFromTheStart(lost)
    for old in folder.glob("inbox/*"):
        old.unlink(missing_ok=True)
    if start_over and lost:
        (folder / START_OVER).touch()
    else:
        (folder / START_OVER).unlink(missing_ok=True)


def lost_by_resuming(folder: Path) -> Sentence | None:
    """What would be set aside, where no checkpoint can be loaded; None where nothing would."""
    if newest_checkpoint(folder) is not None and not read_status(folder)["only_start_over"]:
        return None
    return written_so_far(folder)


def written_so_far(folder: Path) -> Sentence | None:
    """What starting over sets aside, in a sentence; None for a run that has written nothing."""
    steps, snapshots = read_metrics(folder), snapshot_steps(folder)
    last = max([row["step"] for row in steps] + snapshots, default=0)
    if last <= 0:
        return None
    return say(
        "The run {run} has no checkpoint that can be loaded. It can only start over at step 0; "
        "what it has written ({rows} rows and {snapshots} snapshots up to step {step}) would be "
        "set aside and replaced as it trains. To do that: --start-over.",
        run=folder.name,
        rows=len(steps),
        snapshots=len(snapshots),
        step=last,
    )


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
