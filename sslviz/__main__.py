"""`python -m sslviz`: train, list, show, pause, resume, stop, set and evaluate, without the app.

Exit codes: 0 well, 1 the run failed, 2 a bad request (one sentence on stderr), 130 Ctrl-C.
"""

import os
import signal
import sys
from argparse import Namespace
from pathlib import Path
from types import FrameType
from typing import Any

from sslviz.cli import Progress, ago, config_of, parser, progress_words, run_folder
from sslviz.downstream.cli import evaluate
from sslviz.knobs import ConfigError
from sslviz.runs import launch
from sslviz.runs.files import dumps
from sslviz.runs.process import announce
from sslviz.runs.queue import advance
from sslviz.runs.store import (
    create_run,
    list_runs,
    newest_values,
    read_config,
    read_metrics,
    read_status,
    runs_root,
    send,
)


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; returns the exit code."""
    args = parser().parse_args(arguments)
    root = (args.runs or runs_root()).absolute()
    commands = {"train": train, "list": show_list, "show": show, "resume": resume}
    commands["evaluate"] = lambda args, root: evaluate(args, run_folder(args.run, root))
    try:
        code = commands.get(args.command, control)(args, root)
        sys.stdout.flush()
        return code
    except ConfigError as refusal:
        print(refusal, file=sys.stderr)
        return 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        print(f"{error.filename or root}: {error.strerror}.", file=sys.stderr)
        return 2


def train(args: Namespace, root: Path) -> int:
    config = config_of(args)
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
    if status["state"] not in ("finished", "failed"):
        print(f"Resume with: python -m sslviz resume {folder}", file=sys.stderr)
    print(folder)
    return 128 + interrupts[0] if interrupts else code


def show_list(args: Namespace, root: Path) -> int:
    advance(root)
    runs = list_runs(root)
    if args.json:
        print(dumps(runs, indent=1).decode())
        return 0
    for run in runs:
        about = f"{run['step']}/{run['steps']}"
        words = f"{run['id']:<44} {run['state']:<12} {about:>12}  {ago(run['created_at'])}"
        print(f"{words}  {run['error']}" if run["error"] else words)
    if not runs:
        print(f"No runs in {root}.", file=sys.stderr)
    return 0


def show(args: Namespace, root: Path) -> int:
    folder = run_folder(args.run, root)
    advance(folder.parent)
    config, status = read_config(folder), read_status(folder)
    metrics = newest_values(read_metrics(folder))
    if args.json:
        facts = {"run": folder.name, "folder": str(folder), "state": status["state"]}
        facts |= {"status": status, "config": config.to_json(), "metrics": metrics}
        print(dumps(facts, indent=1).decode())
        return 0
    print(f"{folder.name}: {config.method} on {config.data}, {config.backbone}, seed {config.seed}")
    print(progress_words(status))
    if status["error"]:
        print(status["error"])
    for name, value in metrics.items():
        print(f"  {name:<28} {_shown(value)}")
    return 0


def _shown(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


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


if __name__ == "__main__":
    sys.exit(main())
