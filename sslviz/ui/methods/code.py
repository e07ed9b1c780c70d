"""A method's source with colours, and which of its lines compute which term of its formula."""

import io
import json
import keyword
import re
import tokenize
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

from sslviz.methods import card

TERMS = Path(__file__).parents[3] / "assets" / "lessons" / "terms.json"
OBJECTIVE = re.compile(r"\$\$(.+?)\$\$", re.S)
PLAIN = {tokenize.NEWLINE, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}


@dataclass(frozen=True)
class Term:
    """A term of the objective: how it is written (`tex`), in `words`, and the `code` snippets."""

    tex: list[str]
    words: str
    code: list[str]


@cache
def all_terms() -> dict[str, list[Term]]:
    """The terms of every method, as `assets/lessons/terms.json` names them."""
    values = json.loads(TERMS.read_text(encoding="utf-8"))
    return {name: [Term(**term) for term in terms] for name, terms in values.items()}


def terms(name: str) -> list[Term]:
    """The annotated terms of a method's objective; [] for a method without annotations."""
    return all_terms().get(name, [])


def objective(name: str) -> str:
    """The LaTeX of the first displayed formula in the lesson."""
    found = OBJECTIVE.search(card(name).lesson)
    return " ".join(found[1].split()) if found else ""


def lines_of(source: str, snippet: str) -> int:
    """Number (from 1) of the one line that holds the snippet. ValueError for none or several."""
    found = [i for i, line in enumerate(source.splitlines(), 1) if snippet in line]
    if len(found) != 1:
        raise ValueError(f"{snippet!r} stands in {len(found)} lines; it must stand in one.")
    return found[0]


def term_lines(name: str) -> list[list[int]]:
    """For each term the lines of the method's file that compute it, sorted."""
    source = card(name).source
    return [sorted({lines_of(source, s) for s in term.code}) for term in terms(name)]


def coloured(source: str) -> list[str]:
    """One piece of HTML a line, in which keywords, strings, comments ... are spans.

    Without its tags it is the source, character by character.
    """
    marks: list[list[tuple[int, int, str]]] = [[] for _ in range(source.count("\n") + 2)]
    before = ""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in PLAIN:
            continue
        kind = _kind(token, before)
        before = token.string
        if kind:
            _mark(marks, token.start, token.end, kind)
    lines = source.splitlines()
    return [_line(text, spans) for text, spans in zip(lines, marks, strict=False)]


def _mark(
    marks: list[list[tuple[int, int, str]]], start: tuple[int, int], end: tuple[int, int], kind: str
) -> None:
    for row in range(start[0], end[0] + 1):
        left = start[1] if row == start[0] else 0
        right = end[1] if row == end[0] else 10_000
        marks[row - 1].append((left, right, kind))


def _kind(token: tokenize.TokenInfo, before: str) -> str:
    name = tokenize.tok_name[token.type]
    if name == "STRING":
        return "doc" if token.string.lstrip("rRbB").startswith('"""') else "str"
    if name.startswith("FSTRING"):
        return "str"
    if name == "COMMENT":
        return "com"
    if name == "NUMBER":
        return "num"
    if name == "NAME":
        if keyword.iskeyword(token.string):
            return "key"
        if before in ("def", "class"):
            return "def"
        if before == "@":
            return "def"
        if token.string == "self":
            return "self"
    return "def" if token.string == "@" and before.endswith((")", ":", '"""')) else ""


def _line(text: str, spans: list[tuple[int, int, str]]) -> str:
    parts, place = [], 0
    for left, right, kind in spans:
        left, right = max(left, place), min(right, len(text))
        if left >= right:
            continue
        parts.append(escape(text[place:left], quote=False))
        parts.append(f'<i class="{kind}">{escape(text[left:right], quote=False)}</i>')
        place = right
    return "".join(parts) + escape(text[place:], quote=False)
