"""The commands that train: train, resume, pause, stop, set, snapshot."""

import os
import signal
import sys
import time
from argparse import Namespace
from pathlib import Path
from typing import Any

from sslviz.cli.parser import config_of, run_folder
from sslviz.cli.progress import Progress, progress_words
from sslviz.data.catalogue import DATASETS
from sslviz.data.paths import located
from sslviz.refusal import Refusal
from sslviz.runs import launch
from sslviz.runs.changes import answer, recorded, refused
from sslviz.runs.lease import read_lease
from sslviz.runs.process import busy
from sslviz.runs.queue import advance, join, leave, waiting
from sslviz.runs.room import CannotWrite
from sslviz.runs.states import STATES
from sslviz.runs.store import read_status

PATIENCE = 5.0  # seconds to wait for a worker's answer


def train(args: Namespace, root: Path) -> int:
    config = config_of(args)
    if config.data not in DATASETS:
        located(config.data)
    plan = recorded(run_folder(args.repeat, root)) if args.repeat else None
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotWrite(error, root) from None
    if args.background:
        print(launch.start(config, root, name=args.name, plan=plan))
        return 0
    return in_foreground(launch.create_planned(config, root, args.name, plan))


def resume(args: Namespace, root: Path) -> int:
    folder = run_folder(args.run, root)
    state = read_status(folder)["state"]
    if args.background or (state == "paused" and busy(folder)):
        launch.resume(folder, args.start_over)
        print(folder)
        return 0
    launch.ready_to_resume(folder, state, args.start_over)
    return in_foreground(folder)


def in_foreground(folder: Path) -> int:
    """Trains in this process once it is this run's turn, for it takes a place as all others do.

    Ctrl-C asks for a last checkpoint, a second one ends it at once.
    """
    from sslviz.training.ending import Ended, Ending

    ending = Ending()
    with ending.listening(signal.SIGINT, signal.SIGTERM):
        try:
            with Progress(lambda: progress_words(read_status(folder))):
                _await_turn(folder)
                from sslviz.training.worker import run

                code = run(folder, ending)
        except (Ended, KeyboardInterrupt):
            leave(folder)
            code = 130
    advance(folder.parent)
    status = read_status(folder)
    for note in status["notes"]:
        print(note, file=sys.stderr)
    if STATES[status["state"]].can_resume and status["state"] != "failed":
        print(f"Resume with: python -m sslviz resume {folder}", file=sys.stderr)
    print(folder)
    return 128 + ending.asked if ending.asked else code


def _await_turn(folder: Path) -> None:
    """Stands in line until it is announced as the next to train."""
    join(folder, os.getpid())
    while folder.name in waiting(folder.parent):
        failed = advance(folder.parent, wait=True)
        if folder.name in failed:
            leave(folder)
            raise CannotWrite(failed[folder.name], folder)
        time.sleep(0.2)
    launched = read_lease(folder / "launch.json")
    if launched is None or launched.pid != os.getpid():
        raise Refusal("The run {run} was taken out of the queue.", run=folder.name)


def control(args: Namespace, root: Path) -> int:
    """pause and stop: one sentence on what was asked of the worker."""
    folder = run_folder(args.run, root)
    if args.command == "pause":
        launch.pause(folder)
    else:
        launch.stop(folder)
    print(f"Asked {folder.name} to {args.command}.")
    return 0


def change(args: Namespace, root: Path) -> int:
    """Changes a live setting and tells what the worker made of it. Raises Refusal."""
    folder = run_folder(args.run, root)
    command = launch.change(folder, {args.key: args.value})
    if command is None:
        print(f"{args.key} is {args.value} already.")
        return 0
    for event in _answer(folder, command):
        print(f"Step {event['step']}: {event['knob']} {event['old']} -> {event['new']}.")
    return 0


def snapshot(args: Namespace, root: Path) -> int:
    """Takes a snapshot of a run and tells its step. Raises Refusal."""
    folder = run_folder(args.run, root)
    for event in _answer(folder, launch.snapshot(folder)):
        print(f"Snapshot of step {event['step']}.")
    return 0


def _answer(folder: Path, command: str) -> list[dict[str, Any]]:
    """What the worker answers within PATIENCE. Raises the Refusal that it answers with."""
    events = answer(folder, command, PATIENCE)
    refusal = refused(events)
    if refusal:
        raise Refusal("{reason}", reason=refusal)
    if not events:
        print("The worker has not answered yet; it will, within a step.", file=sys.stderr)
    return events
