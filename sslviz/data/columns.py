"""A table beside a person's images: what its columns say of each, to colour the map by.

Nothing is trained on it and no probe asks for it. Whatever does not fit is a note, not an end.
"""

import csv
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import islice
from math import isfinite

from sslviz.data.names import decoded, printable
from sslviz.data.sources import Entry, Source, Unreadable
from sslviz.refusal import Sentence, say

SUFFIXES = (".csv", ".tsv")
MOST_BYTES, MOST_ROWS, MOST_COLUMNS, MOST_VALUES = 20 << 20, 500_000, 24, 40
SAMPLE = 100_000  # bytes that tell an encoding
OTHER = "other"  # values beyond the most frequent


@dataclass(frozen=True)
class Column:
    """`kind` "categorical": values index `names`; "continuous": values 0..1 of the range from
    names[0] to names[1]. -1 where the table says nothing."""

    kind: str
    names: tuple[str, ...]
    values: tuple[float, ...]


def columns(
    source: Source, shown: Sequence[Entry]
) -> tuple[dict[str, Column], tuple[Sentence, ...]]:
    """Column name -> what it says of the images `shown`, from the first table that names some of
    them, and notes on it or on those that do not fit."""
    notes: list[Sentence] = []
    for entry in source.left_out:
        if not entry.parts or not entry.parts[-1].casefold().endswith(SUFFIXES):
            continue
        try:
            rows = _rows(source, entry)
        except (Unreadable, csv.Error, ValueError) as error:
            reason = getattr(error, "sentence", str(error))
            unread = say(
                "The table {name} beside the images cannot be read ({reason}).",
                name=entry.name,
                reason=reason,
            )
            notes.append(unread)
            continue
        which, found = _matched(rows, source.entries, shown)
        if found:
            known = _columns(rows, which, [found.get(place) for place in range(len(shown))])
            told = say(
                "The map can be coloured by {columns} of the table {name}, which names {n} of "
                "{total} held-out images.",
                columns=", ".join(known) or "-",
                name=entry.name,
                n=len(found),
                total=len(shown),
            )
            return known, (*notes, told)
        unused = say(
            "The table {name} beside the images is not used: none of its columns holds their file "
            "names.",
            name=entry.name,
        )
        notes.append(unused)
    return {}, tuple(notes)


def _rows(source: Source, entry: Entry) -> list[list[str]]:
    """Head and rows of a table in any usual encoding, parted by comma, semicolon, tab or bar."""
    if entry.length > MOST_BYTES:
        raise Unreadable("it is larger than {most} MB", most=MOST_BYTES >> 20)
    text = _text(source.read(entry))
    first = text.partition("\n")[0]
    delimiter = max(",;\t|", key=first.count)
    rows = [
        row for row in islice(csv.reader(StringIO(text), delimiter=delimiter), MOST_ROWS) if row
    ]
    if len(rows) < 2:
        raise Unreadable("it has no rows")
    return rows


def _text(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        sample = raw[:SAMPLE]
        whole = sample.rpartition(b"\n")[0] if len(raw) > SAMPLE else sample
        return raw.decode(decoded([whole])[1], "replace")


def _matched(
    rows: list[list[str]], entries: Sequence[Entry], shown: Sequence[Entry]
) -> tuple[int, dict[int, list[str]]]:
    """The column with file names, and place in `shown` -> row; the column that names most."""
    places = {entry.parts: place for place, entry in enumerate(shown)}
    owners = Counter(key for entry in entries for key in set(_keys(entry.parts)))
    known = {
        key: places[entry.parts]
        for entry in shown
        for key in _keys(entry.parts)
        if owners[key] == 1
    }
    best: tuple[int, dict[int, list[str]]] = (0, {})
    for which in range(min(len(rows[0]), MOST_COLUMNS)):
        found = {
            known[key]: row
            for row in rows[1:]
            if which < len(row) and (key := _key(row[which])) in known
        }
        if len(found) > len(best[1]):
            best = which, found
    return best


def _keys(parts: tuple[str, ...]) -> list[str]:
    """What a table may call a file: its path, or the end of it, with or without its suffix."""
    ends = [_key("/".join(parts[at:])) for at in range(len(parts))]
    return ends + [end.rpartition(".")[0] for end in ends]


def _key(text: str) -> str:
    plain = unicodedata.normalize("NFC", text).strip().replace("\\", "/").removeprefix("./")
    return plain.casefold()


def _columns(
    rows: list[list[str]], which: int, found: Sequence[list[str] | None]
) -> dict[str, Column]:
    known: dict[str, Column] = {}
    for at, head in islice(enumerate(rows[0]), MOST_COLUMNS):
        if at == which:
            continue
        cells = [row[at].strip() if row and at < len(row) else "" for row in found]
        name = _name(head, at, known)
        if any(cells):
            known[name] = _numbers(cells) or _words(cells)
    return known


def _name(head: str, at: int, taken: dict[str, Column]) -> str:
    """A name that a link, a menu and a file of arrays can hold."""
    plain = "".join(c if c.isalnum() or c in " _.()%-" else " " for c in printable(head))
    name = " ".join(plain.split())[:50] or f"column {at + 1}"
    return f"{name} {at + 1}" if name in taken or name in ("class", "none") else name


def _numbers(cells: Sequence[str]) -> Column | None:
    """None where some cell is no number, or where there are so few values that they are names."""
    values: list[float | None] = []
    for cell in cells:
        try:
            values.append(float(cell) if cell else None)
        except ValueError:
            return None
    there = [value for value in values if value is not None]
    if not all(map(isfinite, there)) or len(set(there)) <= 2:
        return None
    low, high = min(there), max(there)
    share = tuple(-1.0 if v is None else (v - low) / (high - low) for v in values)
    return Column("continuous", (f"{low:.6g}", f"{high:.6g}"), share)


def _words(cells: Sequence[str]) -> Column:
    words = [printable(cell) for cell in cells]
    common = [word for word, _n in Counter(filter(None, words)).most_common()]
    names = sorted(common[: MOST_VALUES - 1] if len(common) > MOST_VALUES else common)
    names += [OTHER] if len(common) > MOST_VALUES else []
    number = {word: place for place, word in enumerate(names)}
    values = tuple(-1 if not word else number.get(word, len(names) - 1) for word in words)
    return Column("categorical", tuple(names), values)
