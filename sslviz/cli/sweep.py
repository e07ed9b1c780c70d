"""`python -m sslviz sweep run|classics|show|export|stop|resume`: many runs, as one thing."""

import argparse
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from sslviz.cli.classics import classic_sweep, show_classics
from sslviz.cli.progress import Progress, duration
from sslviz.cli.words import in_words
from sslviz.evaluate.protocols import EvaluationConfig
from sslviz.refusal import Refusal
from sslviz.runs.about import checked_name
from sslviz.runs.files import dumps
from sslviz.runs.room import CannotWrite
from sslviz.sweeps.axes import parse_axis
from sslviz.sweeps.compose import BRANCHES, composition
from sslviz.sweeps.conduct import conduct, stop_sweep
from sslviz.sweeps.executors import EXECUTORS, check_executor
from sslviz.sweeps.export import FORMATS, export
from sslviz.sweeps.folder import create_sweep, find_sweep
from sslviz.sweeps.sweep import Sweep, seeds, unfold
from sslviz.sweeps.table import Table, progress, read_table

SHOWN = ("knn_h", "knn_z", "loss", "effective_rank_h")


def add_sweep(
    command: argparse.ArgumentParser,
    where: argparse.ArgumentParser,
    add_recipe: Callable[[argparse.ArgumentParser], None],
) -> None:
    """The commands below `sweep` and their flags; `add_recipe` adds those of `train`."""
    below = command.add_subparsers(dest="action", required=True, metavar="ACTION")

    def action(name: str, help: str) -> argparse.ArgumentParser:
        return below.add_parser(name, help=help, description=help, parents=[where])

    run = action("run", "train all runs of a sweep")
    add_recipe(run)
    axis = "a knob and its values, as method.tau=0.1,0.5; give it once for each axis"
    run.add_argument("--axis", metavar="KEY=VALUES", action="append", default=[], help=axis)
    run.add_argument("--seeds", default="0", help="each cell is trained once with each, as 0,1,2")
    run.add_argument("--evaluate", default="", help="protocols, as knn,linear")
    run.add_argument("--compose", metavar="OPS", help="ops alone and in pairs, as crop,jitter,blur")
    own = "an experiment of `sweep classics`, as temperature or crop_colour/BYOL"
    run.add_argument("--classic", metavar="NAME", help=own)
    run.add_argument("--branches", default=BRANCHES[0], help=f"one of {', '.join(BRANCHES)}")
    run.add_argument("--executor", default="local", help=f"one of {', '.join(EXECUTORS)}")
    classics = action("classics", "experiments of the field, and what came of them here")
    classics.add_argument("names", metavar="NAME", nargs="*", help="what one of them claims")
    classics.add_argument("--json", action="store_true", help="all claims with their numbers")
    for name, help in (
        ("show", "the runs of a sweep and what each cell comes to"),
        ("export", "a sweep as a file for other programs"),
        ("stop", "end the runs of a sweep after a checkpoint"),
        ("resume", "go on with a sweep, and fill it up where runs failed"),
    ):
        one = action(name, help)
        one.add_argument("sweep", metavar="SWEEP", help="a sweep's id or folder")
        if name == "show":
            one.add_argument("--json", action="store_true", help="all rows and cells as JSON")
        if name == "export":
            one.add_argument("--to", default="csv", help=f"one of {', '.join(FORMATS)}")
            one.add_argument("--out", type=Path, required=True, help="a file; a folder for events")
            every = "a row for each step, not only the newest"
            one.add_argument("--every-step", action="store_true", help=every)


def sweep(args: argparse.Namespace, root: Path, base: Callable[[], Any]) -> int:
    """Runs one of the commands; `base` reads the recipe from the flags. Raises Refusal."""
    if args.action == "run":
        return run(sweep_of(args, base), root, args.executor)
    if args.action == "classics":
        return show_classics(args.names, args.json)
    folder = find_sweep(args.sweep, root)
    if args.action == "show":
        return show(read_table(folder), args.json)
    if args.action == "export":
        export(read_table(folder), args.to, args.out, args.every_step)
        print(args.out)
        return 0
    if args.action == "stop":
        stop_sweep(folder)
        print(f"Asked {folder.name} to stop.")
        return 0
    return in_foreground(folder)


def sweep_of(args: argparse.Namespace, base: Callable[[], Any]) -> Sweep:
    """The sweep that the flags describe, with every run checked. Raises Refusal."""
    named, name = seeds(args.seeds), checked_name(args.name or "")
    if args.classic is not None:
        if args.axis or args.compose is not None:
            raise Refusal("--classic has its own axes; leave --axis and --compose out.")
        made = classic_sweep(args.classic, named)
        made = replace(made, name=name or made.name)
    elif args.compose is not None:
        if args.axis:
            raise Refusal("--compose makes its own axes; leave --axis out.")
        made = composition(base(), args.compose.split(","), args.branches, named, name)
    else:
        made = Sweep(base(), tuple(map(parse_axis, args.axis)), named, name=name)
    protocols = tuple(dict.fromkeys(word for word in args.evaluate.split(",") if word))
    for protocol in protocols:
        EvaluationConfig.from_json({"protocol": protocol})
    made = replace(made, evaluate=protocols)
    unfold(made)
    return made


def run(made: Sweep, root: Path, executor: str) -> int:
    check_executor(executor)
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotWrite(error, root) from None
    return in_foreground(create_sweep(made, root, executor))


def in_foreground(folder: Path) -> int:
    """Conducts a sweep in this process. Ctrl-C ends its runs after a checkpoint each."""
    asked: list[int] = []

    def stop(number: int, _frame: Any) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(number)
        (folder / "stop").touch()

    before = {n: signal.signal(n, stop) for n in (signal.SIGINT, signal.SIGTERM)}
    try:
        with Progress(Lately(lambda: progress_words(progress(read_table(folder))))):
            conduct(folder)
    except KeyboardInterrupt:
        pass
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    states = [row.state for row in read_table(folder).rows]
    if set(states) != {"finished"}:
        print(f"Go on with: python -m sslviz sweep resume {folder}", file=sys.stderr)
    print(folder)
    return 128 + asked[0] if asked else int(set(states) != {"finished"})


class Lately:
    """A function whose answer is kept for two seconds: the table reads every run's files."""

    def __init__(self, words: Callable[[], str]) -> None:
        self.words, self.said, self.at = words, "", -10.0

    def __call__(self) -> str:
        if time.monotonic() - self.at > 2.0:
            self.said, self.at = self.words(), time.monotonic()
        return self.said


def progress_words(facts: dict[str, Any], width: int = 24) -> str:
    """`[=====     ] 5/12 runs  2 training  1 failed  3 min 20 s left`."""
    done = round(width * facts["finished"] / max(1, facts["runs"]))
    words = [f"[{'=' * done}{' ' * (width - done)}] {facts['finished']}/{facts['runs']} runs"]
    words += [f"{facts[name]} {name}" for name in ("training", "failed") if facts[name]]
    if facts["eta_seconds"]:
        words.append(f"{duration(facts['eta_seconds'])} left")
    return "  ".join(words)


def show(table: Table, as_json: bool) -> int:
    if as_json:
        print(dumps(in_words(table.to_json()), indent=1).decode())
        return 0
    facts = progress(table)
    print(f"{table.id}: {progress_words(facts)}  {facts['state']}")
    if facts["error"]:
        print(facts["error"])
    for cell in table.cells():
        named = ", ".join(f"{k} {v}" for k, v in cell["axes"].items()) or "base"
        numbers = [
            f"{name} {_spread(cell['metrics'][name])}" for name in SHOWN if name in cell["metrics"]
        ]
        print(f"  {named:<44} {cell['finished']}/{cell['runs']}  {'  '.join(numbers)}")
    for row in table.rows:
        if row.run and not row.finished:
            print(f"  {row.run}  {row.state}  seed {row.member.seed}  step {row.step}")
    return 0


def _spread(facts: dict[str, Any]) -> str:
    deviation = facts["deviation"]
    return f"{facts['mean']:.4g}" + (f" ± {deviation:.2g}" if deviation is not None else "")
