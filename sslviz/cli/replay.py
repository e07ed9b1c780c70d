"""`python -m sslviz replay FILE`: what a replay file holds, and the same made anew to look at."""

import argparse
import webbrowser
from pathlib import Path

from sslviz.export.opened import opened
from sslviz.export.page import write_page
from sslviz.refusal import Refusal
from sslviz.runs.read import newest_values


def add_replay(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", metavar="FILE", type=Path, help="an HTML replay or a bundle")
    command.add_argument("--out", metavar="FILE", type=Path, help="write it anew")
    command.add_argument("--open", action="store_true", help="open what was written in a browser")
    command.add_argument("--lang", metavar="LANGUAGE", default="en", help="shown first: en or ko")


def replay(args: argparse.Namespace, root: Path) -> int:
    """Prints what it holds; nothing of the file but its numbers is used. Raises Refusal."""
    try:
        data = args.file.read_bytes()
    except OSError as error:
        raise Refusal(
            "{path} cannot be read ({reason}).", path=str(args.file), reason=str(error.strerror)
        ) from None
    from sslviz.ui.replay.make import replay_again
    from sslviz.ui.text import named_language

    body = replay_again(data, named_language(args.lang))
    for run in opened(data):
        config, steps = run.held.config, list(run.held.snapshots)
        print(
            f"{run.run}: {config.get('method')} on {config.get('data')}, seed {config.get('seed')}"
        )
        print(
            f"  {len(steps)} snapshots, step {steps[0]} to {steps[-1]}"
            if steps
            else "  no snapshots"
        )
        for name, value in newest_values(run.held.rows).items():
            print(
                f"  {name:<28} {value:.4g}" if isinstance(value, float) else f"  {name:<28} {value}"
            )
    if args.out or args.open:
        out = (args.out or args.file.with_suffix(".again.html")).absolute()
        write_page(out, body)
        print(out)
        if args.open:
            webbrowser.open(out.as_uri())
    return 0
