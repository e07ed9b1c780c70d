"""A talk as a file: slides that are text in every language, some beside a panel of a recorded run.

title = {en = "...", ko = "..."}
[[slides]]
title = {en = "...", ko = "..."}
text  = {en = "Markdown with $formulas$", ko = "..."}
notes = {en = "only the speaker sees this", ko = "..."}     # may be left out, as may what follows
run = "simclr"          # a replay or bundle beside the file (simclr.sslviz, simclr.html), or a run
panel = "embedding"     # embedding, matrix, histogram, collapse, task, loss, knn, probes
step = 120              # the snapshot at or before it; without it the last
space = "z"
colour = "class"
play = true             # plays from the first snapshot
live = true             # in the app the run is trained anew when the slide comes, and shown once it
                        # has reached `step`; until then, and in a file, the recorded one is shown
"""

from dataclasses import dataclass
from pathlib import Path

from sslviz.config import RunConfig
from sslviz.data.catalogue import DATASETS
from sslviz.export.opened import opened
from sslviz.export.packed import Packed, packed
from sslviz.methods.tables import one_of, read_toml, table
from sslviz.refusal import Refusal
from sslviz.runs.files import read_plain
from sslviz.runs.read import find_run, is_name
from sslviz.runs.versions import from_any_version

MOST_TOML = 2 << 20  # bytes
MOST_RUN = 64 << 20
MOST_BYTES = 9_000_000  # letters of all runs of a talk
SUFFIXES = ("sslviz", "html")
PANELS = ("embedding", "matrix", "histogram", "collapse", "task", "loss", "knn", "probes")


@dataclass(frozen=True)
class Text:
    en: str
    ko: str


@dataclass(frozen=True)
class Slide:
    title: Text
    text: Text | None = None
    notes: Text | None = None
    run: str = ""
    panel: str = one_of(*PANELS, default="embedding")
    step: int | None = None
    space: str = one_of("h", "z", default="h")
    colour: str = "class"
    play: bool = False
    live: bool = False


@dataclass(frozen=True)
class Talk:
    title: Text
    slides: tuple[Slide, ...]


def read_talk(file: Path) -> Talk:
    """Raises Refusal, naming file and key, for what is no talk."""
    try:
        text = read_plain(file, MOST_TOML).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(
            "The talk {file} cannot be read ({reason}).", file=file.name, reason=str(error)
        ) from None
    talk = table(Talk, read_toml(text, file.name), file.name)
    if not talk.slides:
        raise Refusal("The talk {file} has no slides.", file=file.name)
    return talk


def runs_of(talk: Talk, file: Path, root: Path) -> list[Packed]:
    """The runs that slides name, each once: from beside the file, else from `root`.

    Raises Refusal, naming the slide, for a run that is missing, cannot be read, or has no snapshot
    of the step that a slide shows.
    """
    names = list(dict.fromkeys(slide.run for slide in talk.slides if slide.run))
    found: dict[str, Packed] = {}
    for number, slide in enumerate(talk.slides, 1):
        if slide.run and slide.run not in found:
            found[slide.run] = _run(slide.run, number, file, root, MOST_BYTES // len(names))
        if slide.run:
            _check(slide, number, found[slide.run], file)
        if slide.live:
            _check_live(slide, number, found, file)
    return list(found.values())


def _run(name: str, number: int, file: Path, root: Path, most: int) -> Packed:
    try:
        if not is_name(name):
            raise Refusal("There is no run {run}.", run=repr(name[:120]))
        for suffix in SUFFIXES:
            beside = file.parent / f"{name}.{suffix}"
            if beside.is_file():
                return opened(read_plain(beside, MOST_RUN), name)[0]
        return packed(find_run(name, root), most)
    except Refusal as refusal:
        raise _wrong(file, number, refusal) from None


def _check(slide: Slide, number: int, run: Packed, file: Path) -> None:
    steps = list(run.held.snapshots)
    if not steps:
        trouble = Refusal("The run {run} has no snapshots to play back.", run=slide.run)
        raise _wrong(file, number, trouble)
    if slide.step is not None and not steps[0] <= slide.step <= steps[-1]:
        trouble = Refusal(
            "The run {run} has snapshots from step {first} to {last}, not of {step}.",
            run=slide.run,
            first=steps[0],
            last=steps[-1],
            step=slide.step,
        )
        raise _wrong(file, number, trouble)


def live_config(run: Packed) -> RunConfig:
    """The recipe of a recorded run, to be trained anew on whatever machine this is, looked at as
    often as its cost allows. Raises Refusal where this version or this machine cannot train it."""
    recorded = from_any_version(run.held.config)[0]
    if recorded.data not in DATASETS and not Path(recorded.data).exists():
        raise Refusal(
            "The run {run} cannot be trained anew here: there is no data {data}.",
            run=run.run,
            data=Path(recorded.data).name[:80],
        )
    own = {"device": "auto", "precision": "auto", "snapshot_every": 0}
    return recorded.with_settings(own)


def _check_live(slide: Slide, number: int, found: dict[str, Packed], file: Path) -> None:
    try:
        if slide.run not in found:
            raise Refusal("A live slide needs a recorded run to fall back on.")
        live_config(found[slide.run])
    except Refusal as refusal:
        raise _wrong(file, number, refusal) from None


def _wrong(file: Path, number: int, refusal: Refusal) -> Refusal:
    return Refusal(
        "{file}, slide {number}: {reason}",
        file=file.name,
        number=number,
        reason=refusal.sentence,
    )
