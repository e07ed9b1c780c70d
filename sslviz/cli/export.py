"""`python -m sslviz export RUN ...`: what can be made of runs, and where it is put. Torch-free."""

import argparse
from pathlib import Path

from sslviz.export.arrays import Recorded
from sslviz.export.figures import PANELS
from sslviz.export.film import FILMS
from sslviz.export.formats import FORMATS, WHOLE, Wanted, made
from sslviz.export.page import write_page
from sslviz.export.pen import FONT
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
        "--panel",
        default="",
        help=f"of a figure: {panels}; of a table: coordinates; of a film: embedding or {WHOLE}",
    )
    command.add_argument("--step", type=int, help="the snapshot at or before it; else the last")
    command.add_argument("--space", default="h", help="h or z")
    command.add_argument("--theme", default="light", choices=("light", "dark"), help="of a picture")


def export(args: argparse.Namespace, folders: list[Path]) -> int:
    """Writes one file and says where. Raises Refusal."""
    from sslviz.ui.text import named_language  # the words stand with the pages

    language = named_language(args.lang)
    if args.to == REPLAY:
        from sslviz.ui.replay.make import replay

        body, suffix = replay(folders, language), REPLAY
    elif len(folders) > 1:
        raise Refusal("Only a replay (--to html) holds several runs.")
    else:
        body = made(Recorded(folders[0]), args.to, _wanted(args, folders[0], language))
        suffix = FORMATS[args.to].suffix
    out = args.out or Path(f"{folders[0].name}.{suffix}")
    write_page(out, body)
    print(f"{out}  {len(body) / 1e6:.2f} MB")
    return 0


def _wanted(args: argparse.Namespace, folder: Path, language: str) -> Wanted:
    from sslviz.ui.replay.film_words import film_language, film_words
    from sslviz.ui.theme import drawn_with

    said = None
    if args.to in FILMS:
        if film_language(language) != language:
            print(
                f"No font with these letters is here, so the film speaks English; {FONT} names one."
            )
        said = film_words(folder, language)
    return Wanted(drawn_with(args.theme), args.panel, args.step, args.space, said)
