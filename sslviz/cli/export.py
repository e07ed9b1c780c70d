"""`python -m sslviz export RUN ...`: what can be made of runs, and where it is put. Torch-free."""

import argparse
from pathlib import Path

from sslviz.export.page import write_page


def add_export(command: argparse.ArgumentParser) -> None:
    command.add_argument("run", metavar="RUN", nargs="+", help="a run's id or folder")
    command.add_argument("--to", metavar="FORMAT", default="html", choices=("html",))
    command.add_argument("--out", metavar="FILE", type=Path, help="where to put it")
    command.add_argument("--lang", metavar="LANGUAGE", default="en", choices=("en", "ko"))


def export(args: argparse.Namespace, folders: list[Path]) -> int:
    """Writes one file and says where. Raises Refusal."""
    from sslviz.ui.replay.make import replay  # the panels' words stand with the pages

    body = replay(folders, args.lang)
    out = args.out or Path(f"{folders[0].name}.{args.to}")
    write_page(out, body)
    print(f"{out}  {len(body) / 1e6:.2f} MB")
    return 0
