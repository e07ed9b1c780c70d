"""The commands that tell: list and show."""

import sys
from argparse import Namespace
from pathlib import Path
from typing import Any

from sslviz.cli.parser import run_folder
from sslviz.cli.progress import ago, progress_words
from sslviz.cli.words import in_words
from sslviz.presets.naming import names
from sslviz.refusal import read_sentence
from sslviz.runs.files import dumps
from sslviz.runs.queue import advance
from sslviz.runs.status import called
from sslviz.runs.store import (
    list_runs,
    newest_values,
    read_config,
    read_events,
    read_metrics,
    read_status,
)


def show_list(args: Namespace, root: Path) -> int:
    advance(root)
    runs = list_runs(root)
    titles = titles_of(root)
    if args.json:
        print(dumps(in_words(runs), indent=1).decode())
        return 0
    for run in runs:
        about = f"{run['step']}/{run['steps']}"
        words = f"{run['id']:<44} {run['state']:<12} {about:>12}  {ago(run['created_at']):<12}"
        words = f"{words}  {titles.get(run['id'], '')}"
        print(f"{words}  {run['error']}" if run["error"] else words)
    if not runs:
        print(f"No runs in {root}.", file=sys.stderr)
    return 0


def titles_of(root: Path) -> dict[str, str]:
    """Id -> what a run is called: its given name, else what follows from its settings."""
    runs = called(root)
    derived = names({run: config for run, (_name, config) in runs.items()})
    return {run: name or " · ".join(map(str, derived[run])) for run, (name, _) in runs.items()}


def show(args: Namespace, root: Path) -> int:
    folder = run_folder(args.run, root)
    advance(folder.parent)
    config, status = read_config(folder), read_status(folder)
    metrics, events = newest_values(read_metrics(folder)), read_events(folder)
    if args.json:
        facts = {"run": folder.name, "folder": str(folder), "state": status["state"]}
        facts |= {"status": status, "config": config.to_json(), "metrics": metrics}
        facts["events"] = events
        print(dumps(in_words(facts), indent=1).decode())
        return 0
    print(titles_of(folder.parent).get(folder.name, folder.name))
    print(f"{folder.name}: {config.method} on {config.data}, {config.backbone}, seed {config.seed}")
    print(progress_words(status))
    for sentence in (status["error"], *status["notes"]):
        if sentence:
            print(sentence)
    for event in events:
        print(f"  {_happened(event)}")
    for name, value in metrics.items():
        print(f"  {name:<28} {_shown(value)}")
    return 0


def _happened(event: dict[str, Any]) -> str:
    """`step 200  set view1.jitter 0.8 -> 0`, `step 240  verdict healthy -> contracting`."""
    words = [f"step {event['step']}", str(event.get("kind"))]
    if event.get("knob"):
        words[-1] += f" {event['knob']}"
    if "old" in event:
        words[-1] += f" {event['old']} -> {event.get('new')}"
    message = read_sentence(event.get("message"))
    return "  ".join([*words, str(message)] if message else words)


def _shown(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
