"""`python -m sslviz export RUN ...`: what can be made of runs, and where it is put. Torch-free."""

import argparse
from pathlib import Path

from sslviz.export.arrays import Recorded
from sslviz.export.figures import PANELS
from sslviz.export.formats import FORMATS, Wanted, made
from sslviz.export.page import write_page
from sslviz.refusal import Refusal

REPLAY = "html"


def add_export(command: argparse.ArgumentParser) -> None:
    panels = ", ".join(PANELS)
    command.add_argument("run", metavar="RUN", nargs="+", help="a run's id or folder")
    command.add_argument(
        "--to", metavar="FORMAT", default=REPLAY, help=f"one of {', '.join([REPLAY, *FORMATS])}"
    )
    command.add_argument("--out", metavar="FILE", type=Path, help="where to put it")
    command.add_argument("--lang", metavar="LANGUAGE", default="en", help="shown first: en or ko")
    command.add_argument(
        "--panel", default="", help=f"of a figure: {panels}; of a table: coordinates"
    )
    command.add_argument("--step", type=int, help="the snapshot at or before it; else the last")
    command.add_argument("--space", default="h", help="h or z")


def export(args: argparse.Namespace, folders: list[Path]) -> int:
    """Writes one file and says where. Raises Refusal."""
    from sslviz.ui.theme import drawn_with  # colours and words stand with the pages

    if args.to == REPLAY:
        from sslviz.ui.replay.make import replay

        body, suffix = replay(folders, args.lang), REPLAY
    elif len(folders) > 1:
        raise Refusal("Only a replay (--to html) holds several runs.")
    else:
        wanted = Wanted(drawn_with("light"), args.panel, args.step, args.space)
        body = made(Recorded(folders[0]), args.to, wanted)
        suffix = FORMATS[args.to].suffix
    out = args.out or Path(f"{folders[0].name}.{suffix}")
    write_page(out, body)
    print(f"{out}  {len(body) / 1e6:.2f} MB")
    return 0
