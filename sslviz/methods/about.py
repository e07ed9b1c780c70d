"""What is known of a method beside its knobs and its lesson: its .toml, its paper, its memory.

Torch-free. Whatever a method's code says itself (its knobs, its year) is read from there; the rest
stands in its .toml, and a test holds both against each other.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache

from sslviz.knobs import knobs
from sslviz.methods import FAMILIES, METHODS, card
from sslviz.methods.card import read_beside
from sslviz.methods.entry import About, file_of, read_about
from sslviz.methods.terms import lines_of


@cache
def about(name: str) -> About:
    """What the method's .toml says. Raises Refusal, naming file, key and what is allowed."""
    return read_about(read_beside(METHODS[name], f"{name}.toml"), card(name))


def texts() -> Iterator[tuple[str, str]]:
    """(place, English text) of the families' titles and all that a .toml holds to be read."""
    yield from (("sslviz/methods/__init__.py", title) for title in FAMILIES.values())
    for name in METHODS:
        lines = read_beside(METHODS[name], f"{name}.toml").splitlines()
        read = about(name)
        found = [read.parts.loss, read.parts.note, *(term.words for term in read.terms)]
        found += [variant.title for variant in read.variants.values()]
        found += [text for one in read.versions.values() for text in (one.title, one.description)]
        for text in filter(None, found):
            line = next((i for i, line in enumerate(lines, 1) if f'"{text}"' in line), 1)
            yield f"sslviz/{file_of(card(name))}:{line}", text


def term_lines(name: str) -> list[list[int]]:
    """For each term the lines of the method's file that compute it, sorted."""
    return [lines_of(card(name).source, term) for term in about(name).terms]


def line(which: str) -> str | None:
    """The method that is drawn beside other runs as "untrained" or with "labels"; None if none."""
    return next((name for name in METHODS if about(name).line == which), None)


def reference(name: str) -> str:
    """Authors, year, title and number of the paper, as the first lines of the method's file say."""
    return " ".join((ast.get_docstring(ast.parse(card(name).source)) or "").split())


def arxiv(name: str) -> str | None:
    """The paper's number on arXiv (of the first version of the method)."""
    found = re.search(r"arXiv (\d{4}\.\d{4,5})", reference(name))
    return found[1] if found else None


def year(name: str) -> int | None:
    """The year of the first preprint, else of the paper; None for what has no paper."""
    number = arxiv(name)
    if number:
        return 2000 + int(number[:2])
    found = re.search(r"\b(?:19|20)\d\d\b", reference(name))
    return int(found[0]) if found else None


def has(name: str, part: str) -> bool:
    """Whether the method has a "momentum" encoder, "predictor", "queue", "bank", "prototypes"."""
    wanted = {"bank": "bank_momentum"}.get(part, part)
    return wanted in knobs(card(name).config)


def memory(name: str) -> str:
    """What the method remembers or learns beside the networks: queue, bank, prototypes or ""."""
    return next((part for part in ("queue", "bank", "prototypes") if has(name, part)), "")


def uses_labels(name: str) -> bool:
    return about(name).parts.against == "label"
