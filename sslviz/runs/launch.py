"""What a person can do to a run: start, pause, resume, stop it, turn a live knob."""

import shutil
from pathlib import Path
from typing import Any

from sslviz.augment.view import ViewConfig
from sslviz.config import RunConfig
from sslviz.knobs import Knob, Scalar, knobs
from sslviz.methods import card
from sslviz.refusal import Refusal, Sentence, say
from sslviz.runs.checkpoint import newest_checkpoint
from sslviz.runs.files import dumps, locked
from sslviz.runs.presses import note_press, run_of_press
from sslviz.runs.process import busy, kill
from sslviz.runs.queue import advance, join, leave
from sslviz.runs.read import read_config, read_metrics, send, snapshot_steps
from sslviz.runs.room import trouble
from sslviz.runs.status import read_status
from sslviz.runs.store import create_run

START_OVER = "start-over"  # a file in a run's folder: a person has agreed to begin at step 0


class OnlyFromTheStart(Refusal):
    """Resuming would begin at step 0 again; `start_over` says that this is wanted."""


def start(config: RunConfig, root: Path, key: str | None = None, name: str | None = None) -> Path:
    """Creates a run and starts its worker, or queues it. Returns the run's folder.

    `key` names the press of a button: however often it arrives, it gives one run. Raises Refusal
    where the run cannot be written or started, and then nothing of it is left.
    """
    try:
        with locked(root / ".queue" / "presses"):
            press = None if key is None else key + dumps(config.to_json()).decode()
            made = None if press is None else run_of_press(root, press)
            if made is not None:
                return made
            folder = create_run(config, root, name)
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
        raise Refusal(trouble(error, root)) from error
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
        raise Refusal(trouble(error, folder)) from error


def from_the_start(folder: Path) -> None:
    """`resume`, which may begin at step 0; what was written is set aside."""
    resume(folder, start_over=True)


def ready_to_resume(folder: Path, state: str, start_over: bool = False) -> None:
    """Refuses runs that train or have finished, and to begin at step 0 unless `start_over`; drops
    commands meant for an earlier worker."""
    if state == "finished":
        raise Refusal(f"The run {folder.name} has finished; there is nothing left to train.")
    if state == "queued" or busy(folder):
        raise Refusal(f"The run {folder.name} is {state} already.")
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


def snapshot(folder: Path) -> None:
    """Asks for a snapshot of the step the run is at."""
    _refuse_unless_live(folder)
    send(folder, "snapshot")


def set_knob(folder: Path, name: str, value: Any) -> Scalar:
    """Turns a live knob of a training run; returns the value as checked. Raises Refusal."""
    live = live_knobs(read_config(folder))
    if name not in live:
        allowed = ", ".join(live) or "none"
        raise Refusal(f"{name} cannot change during training; live knobs here: {allowed}.")
    section = name.rpartition(".")[0]
    checked = live[name].checked(value, f"{section}." if section else "")
    _refuse_unless_live(folder)
    send(folder, "set", knob=name, value=checked)
    return checked


def live_knobs(config: RunConfig) -> dict[str, Knob]:
    """Dotted name -> knob, of all that may change while this run trains."""
    named = {**knobs(RunConfig)}
    named |= {f"method.{n}": k for n, k in knobs(card(config.method).config).items()}
    named |= {f"{v}.{n}": k for v in ("view1", "view2") for n, k in knobs(ViewConfig).items()}
    return {name: knob for name, knob in named.items() if knob.live}


def _refuse_unless_live(folder: Path) -> None:
    if not busy(folder):
        state = read_status(folder)["state"]
        raise Refusal(f"The run {folder.name} is not training: it is {state}.")
