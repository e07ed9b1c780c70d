"""What a person can do to a run: start, pause, resume, stop it, turn a live knob."""

import time
from hashlib import sha256
from pathlib import Path
from typing import Any

from sslviz.augment.view import ViewConfig
from sslviz.config import RunConfig
from sslviz.knobs import Knob, Scalar, knobs
from sslviz.methods import card
from sslviz.refusal import Refusal, say
from sslviz.runs.files import dumps, locked
from sslviz.runs.process import busy, kill
from sslviz.runs.queue import advance, join, leave
from sslviz.runs.read import read_config, send
from sslviz.runs.status import IN_WORDS, read_status
from sslviz.runs.store import create_run

SAME_PRESS = 2.0  # seconds within which a second Start with the same key and config is the same


def start(config: RunConfig, root: Path, key: str | None = None, name: str | None = None) -> Path:
    """Creates a run and starts its worker, or queues it. Returns the run's folder.

    Two presses with one `key` and one config within SAME_PRESS seconds give one run.
    """
    with locked(root / ".queue" / "presses"):
        press = _press(root, config, key)
        if press is not None and abs(time.time() - _pressed_at(press)) < SAME_PRESS:
            return root / press.read_text()
        folder = create_run(config, root, name)
        join(folder)
        if press is not None:
            press.write_text(folder.name)
    advance(root, wait=True)
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


def snapshot(folder: Path) -> None:
    """Asks for a snapshot of the step the run is at."""
    _refuse_unless_live(folder)
    send(folder, "snapshot")


def set_knob(folder: Path, name: str, value: Any) -> Scalar:
    """Turns a live knob of a training run; returns the value as checked. Raises Refusal."""
    live = live_knobs(read_config(folder))
    if name not in live:
        raise Refusal(
            "{name} cannot change during training; live knobs here: {allowed}.",
            name=name,
            allowed=", ".join(live) or say("none"),
        )
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
        raise Refusal(
            "The run {run} is not training: it is {state}.", run=folder.name, state=IN_WORDS[state]
        )
