"""Files of runs for pages: made once for all who ask, anew when the run has gone on."""

from pathlib import Path

import streamlit as st

from sslviz.export.arrays import Recorded
from sslviz.export.film import FILMS
from sslviz.export.formats import FORMATS, Wanted, made
from sslviz.runs.read import snapshot_steps
from sslviz.ui.replay.film_words import film_words
from sslviz.ui.replay.make import replay, replay_again
from sslviz.ui.theme import drawn_with

KEPT = 12  # files


def version(folder: Path) -> tuple[int, ...]:
    """Another one whenever the run has measured, drawn or said anything new."""
    names = ("metrics.jsonl", "events.jsonl", "images.npz", "status.json")
    sizes = [path.stat().st_size if (path := folder / name).exists() else 0 for name in names]
    return (*sizes, len(snapshot_steps(folder)))


@st.cache_data(max_entries=KEPT, ttl=600, show_spinner=False)
def replay_file(folders: tuple[str, ...], versions: tuple[tuple[int, ...], ...], to: str) -> bytes:
    """The replay of these runs, shown in language `to` first. Raises Refusal."""
    return replay([Path(folder) for folder in folders], to)


@st.cache_data(max_entries=KEPT, ttl=600, show_spinner=False)
def file_again(data: bytes, to: str) -> bytes:
    """A replay made anew from one that was handed in. Raises Refusal."""
    return replay_again(data, to)


@st.cache_data(max_entries=KEPT, ttl=600, show_spinner=False)
def other_file(
    folder: str, known: tuple[int, ...], kind: str, asked: tuple[str, int | None, str], to: str
) -> bytes:
    """The run as `kind` of FORMATS, in language `to` where it has words; `asked`: panel, step and
    space of Wanted. Raises Refusal."""
    path = Path(folder)
    said = film_words(path, to) if kind in FILMS else None
    return made(Recorded(path), kind, Wanted(drawn_with("light"), *asked, said))


def size_of(data: bytes) -> str:
    """`1.3 MB`, `42 kB`."""
    return f"{len(data) / 1e6:.1f} MB" if len(data) >= 100_000 else f"{len(data) / 1e3:.0f} kB"


def file_name(run: str, kind: str, panel: str = "") -> str:
    suffix = FORMATS[kind].suffix if kind in FORMATS else kind
    return ".".join(filter(None, [run, panel, suffix]))
