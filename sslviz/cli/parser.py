"""The words of the command line: flags, the list of knobs, a config from flags, a progress bar."""

import argparse
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from sslviz.augment.view import ViewConfig
from sslviz.cli.evaluate import add_evaluate
from sslviz.cli.export import add_export
from sslviz.cli.replay import add_replay
from sslviz.cli.sweep import add_sweep
from sslviz.cli.talk import add_talk
from sslviz.config import RunConfig, live_settings, read_config
from sslviz.data.catalogue import DATASETS
from sslviz.data.paths import located
from sslviz.knobs import Knob, knobs
from sslviz.methods import METHODS, card
from sslviz.presets.catalogue import PRESETS, default, home
from sslviz.refusal import Refusal
from sslviz.runs.read import find_run, runs_root
from sslviz.runs.read import read_config as read_run_config

FLAGS = ("method", "data", "backbone", "steps", "batch_size", "seed", "device")


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One sentence and exit code 2, without the usage in front of it."""
        self.exit(2, f"{message[:1].upper()}{message[1:]}. Try: {self.prog} --help\n")


def parser() -> Parser:
    top = Parser("sslviz", description="Self-supervised learning, trained without the app.")
    where = Parser(add_help=False)
    where.add_argument("--runs", metavar="DIR", type=Path, help="where runs live (SSLVIZ_RUNS)")
    on_run = Parser(add_help=False, parents=[where])
    on_run.add_argument("run", metavar="RUN", help="a run's id or folder")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(
        name: str, help: str, parent: Parser = where, **more: Any
    ) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=help, description=help, parents=[parent], **more)

    raw = argparse.RawDescriptionHelpFormatter
    train = command("train", "train a run", epilog=knob_list(), formatter_class=raw)
    source = add_recipe(train)
    source.add_argument("--repeat", metavar="RUN", help="a run, with what was changed in it")
    train.add_argument("--background", action="store_true", help="start a worker and return")

    command("list", "list the runs, newest first").add_argument("--json", action="store_true")
    called = command("rename", "give a run a name", on_run)
    called.add_argument(
        "name", metavar="NAME", help='"" for the name that follows from its settings'
    )
    command("delete", "delete a run; for a week `restore` brings it back", on_run)
    back = command("restore", "bring a deleted run back")
    back.add_argument("run", metavar="RUN", help="the run's id")
    show = command("show", "a run's state and newest measurements", on_run)
    show.add_argument("--json", action="store_true", help="config, status and metrics as JSON")
    command("pause", "hold a run", on_run)
    command("stop", "end a run after a checkpoint", on_run)
    resume = command("resume", "wake a paused run, or go on from the newest checkpoint", on_run)
    resume.add_argument("--background", action="store_true", help="start a worker and return")
    over = "begin at step 0 where no checkpoint can be loaded; what was written is set aside"
    resume.add_argument("--start-over", action="store_true", help=over)
    command("snapshot", "take a snapshot of a run now", on_run)
    turn = command("set", "change a live setting of a run while it trains", on_run)
    turn.add_argument("key", metavar="KEY", help="e.g. lr, method.tau, view1.hue, view.hue (both)")
    turn.add_argument("value", metavar="VALUE")
    add_export(command("export", "make a file of runs: a replay to open in any browser"))
    add_replay(command("replay", "look into a replay file, and make it anew"))
    add_talk(command("talk", "give a talk: slides beside recorded runs"))
    add_evaluate(command("evaluate", "put a run's encoder to use, with labels", on_run))
    sweep = commands.add_parser("sweep", help="many runs: axes over knobs, and seeds")
    add_sweep(sweep, where, add_recipe)
    return top


def add_recipe(command: argparse.ArgumentParser) -> Any:
    """The flags that say what to train; returns the group of those that name a starting point."""
    for flag in FLAGS:
        entry = knobs(RunConfig)[flag]
        command.add_argument(
            f"--{flag.replace('_', '-')}", metavar=flag.upper(), help=entry.help.replace("%", "%%")
        )
    source = command.add_mutually_exclusive_group()
    source.add_argument("--preset", metavar="NAME", help=f"one of {', '.join(PRESETS)}")
    source.add_argument("--config", metavar="FILE", type=Path, help="a config.json")
    command.add_argument("--set", metavar="KEY=VALUE", action="append", default=[], dest="settings")
    command.add_argument("--name", help="words for the run's id")
    return source


def knob_list() -> str:
    """Every knob with its bounds and meaning: of a run, of each method, of the two views."""
    lines = ["settings for --set KEY=VALUE ([live]: may change while a run trains)", ""]
    lines += [_line(name, entry, entry.live) for name, entry in knobs(RunConfig).items()]
    for method in METHODS:
        lines += ["", f"{card(method).title} (--method {method})"]
        live = live_settings(RunConfig(method=method))
        own = {f"method.{n}": entry for n, entry in knobs(card(method).config).items()}
        lines += [_line(name, entry, name in live) for name, entry in own.items()]
    lines += [
        "",
        "views (view1.KEY, view2.KEY, or view.KEY for both)",
    ]
    live = live_settings(RunConfig())
    for name, entry in knobs(ViewConfig).items():
        lines.append(_line(f"view.{name}", entry, f"view1.{name}" in live))
    return "\n".join(lines)


def _line(name: str, entry: Knob, may_change: bool) -> str:
    live = " [live]" if may_change else ""
    meaning = entry.help or entry.label
    return f"  {name:<28}{meaning}{live} {_sentence(str(entry.allowed()))} Default {entry.default}."


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def config_of(args: argparse.Namespace) -> RunConfig:
    """The config that the flags of `train` describe. Raises Refusal."""
    flags = {name: value for name in FLAGS if (value := getattr(args, name)) is not None}
    extra = dict(_pair(text) for text in args.settings)
    start = _starting_point(args, flags | extra)
    data = flags.get("data")
    if data is not None and data not in DATASETS:
        with suppress(Refusal):  # whoever trains it says what is wrong
            flags["data"] = str(located(data))
    return start.with_settings({**flags, **extra})


def _starting_point(args: argparse.Namespace, settings: dict[str, str]) -> RunConfig:
    if args.preset is not None:
        if args.preset not in PRESETS:
            raise Refusal(
                "There is no preset {preset}; presets: {allowed}.",
                preset=repr(args.preset),
                allowed=", ".join(PRESETS),
            )
        return PRESETS[args.preset].config
    if getattr(args, "repeat", None) is not None:
        return read_run_config(run_folder(args.repeat, args.runs or runs_root()))
    if args.config is not None:
        try:
            return read_config(args.config.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise Refusal(
                "The config {path} cannot be read ({reason}).",
                path=str(args.config),
                reason=str(error),
            ) from None
    method = settings.get("method", RunConfig.method)
    if method not in METHODS:
        raise Refusal(
            "method is {method}; it must be one of {allowed}.",
            method=repr(method),
            allowed=", ".join(METHODS),
        )
    return default(method, settings.get("data", home(method)))


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not (key and equals):
        raise Refusal(
            "--set takes KEY=VALUE, for example method.tau=0.1, not {text}.", text=repr(text)
        )
    return key, value


def run_folder(run: str, root: Path) -> Path:
    """The folder that RUN names: a path to a run folder, or an id below `root`."""
    folder = Path(run)
    if "\0" not in run and (folder / "config.json").is_file():
        return folder.absolute()
    return find_run(run, root)
