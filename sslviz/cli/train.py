"""The commands that train: train, resume, pause, stop, set."""

import os
import signal
import sys
from argparse import Namespace
from pathlib import Path
from types import FrameType

from sslviz.cli.parser import config_of, run_folder
from sslviz.cli.progress import Progress
from sslviz.data.catalogue import DATASETS
from sslviz.data.paths import located
from sslviz.runs import launch
from sslviz.runs.process import announce
from sslviz.runs.queue import advance
from sslviz.runs.store import (
    create_run,
    read_status,
    send,
)


def train(args: Namespace, root: Path) -> int:
    config = config_of(args)
    if config.data not in DATASETS:
        located(config.data)
    root.mkdir(parents=True, exist_ok=True)
    if args.background:
        print(launch.start(config, root, name=args.name))
        return 0
    return in_foreground(create_run(config, root, args.name))


def resume(args: Namespace, root: Path) -> int:
    folder = run_folder(args.run, root)
    state = read_status(folder)["state"]
    if args.background or state == "paused":
        launch.resume(folder)
        print(folder)
        return 0
    launch.ready_to_resume(folder, state)
    return in_foreground(folder)


def in_foreground(folder: Path) -> int:
    """Trains in this process; Ctrl-C asks for a last checkpoint, a second one ends it at once."""
    announce(folder, os.getpid())
    interrupts: list[int] = []

    def interrupt(number: int, frame: FrameType | None) -> None:
        interrupts.append(number)
        if len(interrupts) > 1:
            raise KeyboardInterrupt
        send(folder, "stop")

    before = {n: signal.signal(n, interrupt) for n in (signal.SIGINT, signal.SIGTERM)}
    try:
        with Progress(folder):
            from sslviz.training.worker import run

            code = run(folder)
    except KeyboardInterrupt:
        code = 130
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    advance(folder.parent)
    status = read_status(folder)
    for note in status["notes"]:
        print(note, file=sys.stderr)
    if status["state"] not in ("finished", "failed"):
        print(f"Resume with: python -m sslviz resume {folder}", file=sys.stderr)
    print(folder)
    return 128 + interrupts[0] if interrupts else code


def control(args: Namespace, root: Path) -> int:
    """pause, stop and set: one sentence on what was asked of the worker."""
    folder = run_folder(args.run, root)
    if args.command == "set":
        value = launch.set_knob(folder, args.key, args.value)
        print(f"{args.key} becomes {value} within a step.")
        return 0
    if args.command == "pause":
        launch.pause(folder)
    else:
        launch.stop(folder)
    print(f"Asked {folder.name} to {args.command}.")
    return 0
