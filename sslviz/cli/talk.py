"""`python -m sslviz talk FILE`: opens a talk, checks it, or makes it one file."""

import argparse
import tempfile
import webbrowser
from pathlib import Path

from sslviz.export.page import write_page
from sslviz.export.talk import read_talk, runs_of

SEMINAR = Path(__file__).parents[2] / "assets" / "talks" / "seminar.toml"


def add_talk(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "file", metavar="FILE", type=Path, nargs="?", default=SEMINAR, help="else the seminar"
    )
    command.add_argument("--check", action="store_true", help="only say whether it is whole")
    command.add_argument("--to", default="html", choices=("html",), help="one offline file")
    command.add_argument("--out", metavar="FILE", type=Path, help="where to put it")
    command.add_argument("--lang", metavar="LANGUAGE", default="en", help="shown first: en or ko")


def talk(args: argparse.Namespace, root: Path) -> int:
    """Raises Refusal with one sentence for a talk that names a missing run or slide."""
    file = args.file.absolute()
    if args.check:
        read = read_talk(file)
        runs = runs_of(read, file, root)
        print(f"{file.name}: {len(read.slides)} slides, {len(runs)} runs, all there")
        return 0
    from sslviz.ui.replay.make import talk as made
    from sslviz.ui.text import named_language

    body = made(file, root, named_language(args.lang))
    out = args.out or Path(tempfile.mkdtemp(prefix="sslviz-talk-")) / f"{file.stem}.html"
    write_page(out.absolute(), body)
    print(f"{out}  {len(body) / 1e6:.2f} MB")
    if args.out is None:
        webbrowser.open(out.as_uri())
    return 0
