"""The terms of a method's objective: where they stand in the formula, and in the code."""

import re
from dataclasses import dataclass

from sslviz.refusal import Refusal

TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\s+|[^\s\\]")
TEXT = re.compile(r"\\text\{([^}]*)\}")
OBJECTIVE = re.compile(r"\$\$(.+?)\$\$", re.S)


@dataclass(frozen=True)
class Term:
    """A term of the objective: in `words`, how it is written (`tex`), and the `code` snippets."""

    words: str
    tex: tuple[str, ...]
    code: tuple[str, ...]


def objective(lesson: str) -> str:
    """The LaTeX of the first displayed formula in a lesson; "" where there is none."""
    found = OBJECTIVE.search(lesson)
    return " ".join(found[1].split()) if found else ""


def line_of(source: str, snippet: str) -> int:
    """Number (from 1) of the one line that holds the snippet. Refusal for none or several."""
    found = [i for i, line in enumerate(source.splitlines(), 1) if snippet in line]
    if len(found) != 1:
        raise Refusal(
            "{snippet} stands in {n} lines; it must stand in one.",
            snippet=repr(snippet),
            n=len(found),
        )
    return found[0]


def lines_of(source: str, term: Term) -> list[int]:
    """The lines of a source that compute the term, sorted. Refusal as `line_of`."""
    return sorted({line_of(source, snippet) for snippet in term.code})


def tokens(latex: str) -> list[str]:
    r"""LaTeX in pieces, without its spaces; `\text{...}` stays whole."""
    found: list[str] = []
    place = 0
    for match in TEXT.finditer(latex):
        found += TOKEN.findall(latex[place : match.start()]) + [match[0]]
        place = match.end()
    return [t for t in found + TOKEN.findall(latex[place:]) if not t.isspace()]


def marked(latex: str, terms: list[tuple[str, ...]]) -> list[str]:
    r"""The formula's tokens, each term number i within `\term:i { }`; longer terms hold shorter.

    Raises Refusal for a term that is not in the formula.
    """
    line = tokens(latex)
    parts = sorted(
        ((tokens(tex), i) for i, several in enumerate(terms) for tex in several),
        key=lambda part: -len(part[0]),
    )
    for part, i in parts:
        place, found = 0, False
        while place < len(line):
            window = _window(line, place, part)
            if window is None:
                place += 1
                continue
            line[place : place + window] = [
                f"\\term:{i}", "{", *line[place : place + window], "}",
            ]  # fmt: skip
            place, found = place + 2 + max(1, window), True
        if not found:
            raise Refusal("The objective does not contain {tex}.", tex="".join(part))
    return line


def _window(line: list[str], start: int, part: list[str]) -> int | None:
    """How many tokens from `start` are `part`; None where it does not stand there."""
    if start and line[start - 1] in ("_", "^") and len(part) > 1:
        return None
    return len(part) if line[start : start + len(part)] == part else None
