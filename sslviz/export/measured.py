"""The measurements of a run for films: gauges with their verdict, and curves over the steps."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sslviz.export.inks import quiet, trough
from sslviz.export.pen import PLAIN, SMALL, Box, Pen, Point, fitted, width
from sslviz.export.said import Bar, Said

VERDICT = 26  # pixels of type
NUMBER = 78  # pixels kept for the number beside a bar
Row = Mapping[str, Any]


def draw_verdict(
    pen: Pen, look: dict[str, Any], said: Said, row: Row, at: Point, room: float
) -> None:
    """One word that ends at the right of `room`, and a block in its ink before it."""
    word, ink = said.verdicts.get(str(row.get("verdict")), said.verdicts["starting"])
    tone = look["inks"].get(ink, quiet(look))
    size = next((s for s in range(VERDICT, SMALL, -1) if width(word, s) <= room - 20), SMALL)
    word = fitted(word, size, room - 20)
    right, y = at[0] + room, at[1]
    start = right - width(word, size)
    pen.box((start - 20, y - size / 2, start - 10, y + size / 2), tone)
    pen.write((right, y), word, size, tone, "rm")


def draw_gauges(
    pen: Pen, look: dict[str, Any], said: Said, rows: tuple[Row, Row], widths: Row, box: Box
) -> None:
    """A line a gauge, a bar for h and one for z. `rows`: of now and of the first snapshot, whose
    values are the ticks; `widths`: of the spaces."""
    left, top, right, _bottom = box
    names = max(width(bar.label, PLAIN) for bar in said.bars) + 18
    half = (right - left - names) / 2
    for i, bar in enumerate(said.bars):
        y = top + 34 + 32 * i
        pen.write((left, y), bar.label, PLAIN, look["text"], "lm")
        for space, x in (("h", left + names), ("z", left + names + half)):
            ink = look["inks"][space]
            if i == 0:
                pen.write((x, top + 8), space, PLAIN, ink, "lm")
            now, first = (row.get(f"{bar.name}_{space}") for row in rows)
            wide = widths.get(space, 64)
            _bar(pen, look, bar, (now, first, wide), (x, y - 7, x + half - 10, y + 7), ink)


def _bar(pen: Pen, look: Any, bar: Bar, values: tuple[Any, Any, int], box: Box, ink: str) -> None:
    now, first, wide = values
    left, top, right, bottom = box
    end = right - NUMBER
    pen.box((left, top, end, bottom), trough(look))
    if not is_number(now):
        return
    pen.box((left, top, left + (end - left) * _fullness(bar, *values), bottom), ink)
    if is_number(first):
        tick = left + (end - left) * _fullness(bar, first, first, wide)
        pen.line([(tick, top - 4), (tick, bottom + 4)], look["text"], 2)
    said = {"plain": f"{now:.{bar.digits}f}", "share": f"{now:.{bar.digits}f}/{wide}"}
    if is_number(first) and first > 0:
        said["change"] = f"x{now / first:.2g}"
    pen.write((end + 8, (top + bottom) / 2), said.get(bar.kind, ""), SMALL, look["text"], "lm")


def _fullness(bar: Bar, now: float, first: Any, wide: int) -> float:
    """0 for an empty bar, 1 for a full one."""
    at = now / wide if bar.kind == "share" else now
    if bar.kind == "change":
        known = is_number(first) and first > 0 and now > 0
        at = float(np.log10(now / first)) if known else bar.low
    return min(1.0, max(0.0, (at - bar.low) / (bar.high - bar.low)))


@dataclass(frozen=True)
class Curve:
    """`lines`: name of an ink -> (step, value) up to now; `end`: the last step; `low` and `high`:
    the axis; `level`: the value of a dashed line and its name; `digits` of the newest values."""

    title: str
    lines: Mapping[str, list[tuple[int, float]]]
    end: int
    low: float
    high: float
    level: tuple[float | None, str]
    digits: int


def draw_curve(pen: Pen, look: dict[str, Any], curve: Curve, box: Box) -> None:
    left, top, right, bottom = box

    def at(step: float, value: float) -> Point:
        share = (value - curve.low) / ((curve.high - curve.low) or 1)
        x = left + (right - left) * min(1.0, step / max(1, curve.end))
        return x, bottom - (bottom - top) * min(1.0, max(0.0, share))

    pen.write((left, top - 30), curve.title, SMALL, look["text"])
    pen.line([(left, bottom), (right, bottom)], quiet(look))
    value, name = curve.level
    if value is not None:
        y = at(0, value)[1]
        pen.dashes(left, right, y, quiet(look))
        below = y < top + SMALL
        pen.write(
            (right, y + 4 if below else y - 5), name, SMALL, quiet(look), "ra" if below else "rs"
        )
    x = right
    for name, points in curve.lines.items():
        if points:
            ink = look["inks"][name]
            places = [at(step, value) for step, value in points]
            pen.line(places, ink, 1.5 if name == "z" else 3.5)  # told apart in grey too
            pen.dot(places[-1], 5, ink)
            newest = f"{points[-1][1]:.{curve.digits}f}"
            if len(curve.lines) > 1:
                newest = f"{name} {newest}"
            pen.write((x, top - 30), newest, SMALL, ink, "ra")
            x -= width(newest, SMALL) + 14


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and bool(np.isfinite(value))
