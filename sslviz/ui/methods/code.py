"""A method's source with colours."""

import io
import keyword
import tokenize
from html import escape

PLAIN = {tokenize.NEWLINE, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}


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
