"""All that a visitor reads, with the places where it is written: what a catalogue must hold.

A text is marked where it stands, `_("...")`, `say("...")` or `Refusal("...")`, or it is an entry of
a table that pages look up: `tables` names those. The command line speaks English.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import IO, Any

from babel.messages.extract import extract

from sslviz.augment.catalogue import OPS
from sslviz.augment.view import ViewConfig
from sslviz.config import RunConfig
from sslviz.data.catalogue import DATASETS, DRAWN
from sslviz.evaluate.protocols import PROTOCOLS, EvaluationConfig
from sslviz.knobs import knobs
from sslviz.methods import METHODS, about, card
from sslviz.presets.catalogue import PRESETS
from sslviz.presets.views import VIEW_PRESETS
from sslviz.refusal import SLOT
from sslviz.sweeps.classics import CLASSICS
from sslviz.ui.drawing import labels
from sslviz.ui.glossary import terms

ROOT = Path(__file__).parents[2]
MARKS = {"_": None, "say": None, "Refusal": None, "Unreadable": None}
ENGLISH = {"cli", "__main__.py"}  # printed to a terminal
Found = Iterator[tuple[str, str]]  # "file" or "file:line" below ROOT, English text


def all_texts() -> dict[str, list[tuple[str, int]]]:
    """English text -> the places (file below ROOT, line) where it stands, sorted."""
    found: dict[str, set[tuple[str, int]]] = {}
    kinds = (marked, settings, methods, tables, experiments, meanings, pictures)
    for place, text in (found for kind in kinds for found in kind()):
        if re.search("[A-Za-z]", SLOT.sub("", text)):
            path, _, line = place.partition(":")
            found.setdefault(text, set()).add((path, int(line or _lines(path).get(text, 0))))
    return {text: _known(places) for text, places in found.items()}


def _known(places: set[tuple[str, int]]) -> list[tuple[str, int]]:
    """A text that a table puts together stands on no line: its table's file, where all are so."""
    return sorted(place for place in places if place[1]) or sorted((p, 1) for p, _ in places)


def marked() -> Found:
    """Every text that is the first argument of a mark."""
    files = [*ROOT.glob("sslviz/**/*.py"), *ROOT.glob("pages/**/*.py"), ROOT / "app.py"]
    for path in files:
        if not ENGLISH & set(path.parts):
            with path.open("rb") as file:
                for line, text, *_ in extract(in_python, file, MARKS):
                    yield f"{path.relative_to(ROOT)}:{line}", str(text)


def in_python(
    file: IO[bytes], keywords: Any, comments: Any, options: Any
) -> Iterator[tuple[int, str, str, list[str]]]:
    """The texts of the marks in a file, as Babel takes them: (line, mark, text, no comments).

    Babel's own reader misses a mark inside an f-string and takes `state.say("key", ...)` for one.
    """
    for node in ast.walk(ast.parse(file.read())):
        mark = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
        if isinstance(node, ast.Call) and mark in keywords and node.args:
            text = node.args[0]
            if isinstance(text, ast.Constant) and isinstance(text.value, str):
                yield text.lineno, mark, text.value, []


def settings() -> Found:
    """What knobs say of themselves, and the words to choose from.

    Methods and protocols are chosen by their titles.
    """
    configs = {
        "sslviz/config.py": RunConfig,
        "sslviz/augment/view.py": ViewConfig,
        "sslviz/evaluate/protocols.py": EvaluationConfig,
    }
    configs |= {f"sslviz/methods/{card(n).family}/{n}.py": card(n).config for n in METHODS}
    for path, config in configs.items():
        for knob in knobs(config).values():
            words = () if knob.name in ("method", "protocol") else knob.choices
            yield from ((path, text) for text in (knob.label, knob.help, knob.zero, *words))


def methods() -> Found:
    """Titles, families, losses, and the words for the terms of the formulas."""
    yield from ((f"sslviz/methods/{card(n).family}/{n}.py", card(n).title) for n in METHODS)
    yield from about.texts()


def tables() -> Found:
    """Titles and descriptions of what there is to choose, and words that are looked up."""
    shown: dict[str, Iterable[str]] = {
        "sslviz/data/catalogue.py": [
            *(text for data in DATASETS.values() for text in (data.title, data.description)),
            *(name for data in DRAWN for name in DATASETS[data].class_names),
        ],
        "sslviz/presets/catalogue.py": [
            text for p in PRESETS.values() for text in (p.title, p.description)
        ],
        "sslviz/presets/views.py": [
            text for p in VIEW_PRESETS.values() for text in (p.title, p.description)
        ],
        "sslviz/evaluate/protocols.py": [
            text for p in PROTOCOLS.values() for text in (p.title, p.help, p.words)
        ],
        "sslviz/augment/catalogue.py": [word.title for op in OPS.values() for word in op.words],
    }
    for path, texts in shown.items():
        yield from ((path, text) for text in texts)


def experiments() -> Found:
    """What the classic experiments ask, how it was measured, and what their cells are called."""
    for name, classic in CLASSICS.items():
        texts = [classic.title, classic.room, classic.question, classic.setting, classic.ours]
        texts += [claim.said for claim in classic.claims]
        for arm in classic.arms:
            texts += [arm.name, arm.sweep.name]
            axes = [axis.name for axis in arm.sweep.axes]  # a knob has its own label
            texts += [name for name in axes if len(axes) == 1 and "." not in name]
        labels = [p.label for p in classic.points if classic.picture != "grid"]
        texts += [str(x) for x in (*labels, *(p.series for p in classic.points))]
        yield from ((f"sslviz/sweeps/classics/{name}.toml", text) for text in texts)


def meanings() -> Found:
    """What the glossary says of its terms."""
    yield from (("assets/locale/glossary.toml", term.meaning) for term in terms())


def pictures() -> Found:
    for path in sorted((ROOT / "assets" / "pictures").glob("*.svg")):
        yield from ((str(path.relative_to(ROOT)), text) for text in labels(path.stem))


@cache
def _lines(path: str) -> dict[str, int]:
    """Line of each whole text in a file: of the constants of Python, of what stands in quotes."""
    content = (ROOT / path).read_text(encoding="utf-8")
    if path.endswith(".py"):
        nodes = [n for n in ast.walk(ast.parse(content)) if isinstance(n, ast.Constant)]
        return {n.value: n.lineno for n in reversed(nodes) if isinstance(n.value, str)}
    return {
        text: number
        for number, line in reversed([*enumerate(content.splitlines(), 1)])
        for text in re.findall(r'[>"]([^<>"]+)[<"]', line)
    }
