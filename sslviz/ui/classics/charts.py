"""Pictures of an experiment, the paper's and ours alike: labels along the foot, a mark a number."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10
from statistics import fmean, stdev

WIDE, HIGH = 424, 200
LEFT, RIGHT, TOP, FOOT = 44, 10, 24, 36
INKS = ("blue", "orange", "h", "z", "waiting")  # a series' colour; its mark tells it as well
LETTER = 6.6  # pixels, about, of the labels


@dataclass(frozen=True)
class Mark:
    """One number: where along the foot, of which series, and the values it is the mean of."""

    series: str
    label: str
    values: Sequence[float]

    @property
    def mean(self) -> float:
        return fmean(self.values)


def chart(marks: list[Mark], names: list[str], joined: bool, unit: str, reading: str) -> str:
    """An SVG. `joined`: the labels are in an order, so that a line goes through each series.

    `names`: all series, also such as have no mark here: a series looks the same in every chart.
    `unit` stands above the scale. Labels come in the order of `marks`.
    """
    labels = list(dict.fromkeys(mark.label for mark in marks))
    low, high, step = _scale([value for mark in marks for value in mark.values])
    slot = (WIDE - LEFT - RIGHT) / max(1, len(labels))

    def x(mark: Mark) -> float:
        aside = 0 if joined else (names.index(mark.series) - (len(names) - 1) / 2) * slot * 0.2
        return LEFT + slot * (labels.index(mark.label) + 0.5) + aside

    def y(value: float) -> float:
        return TOP + (HIGH - TOP - FOOT) * (high - value) / (high - low)

    parts = [_axis(low, high, step, y, unit)]
    parts += [_foot(label, LEFT + slot * (i + 0.5), slot) for i, label in enumerate(labels)]
    for number, name in enumerate(names):
        own = [mark for mark in marks if mark.series == name and mark.values]
        path = " ".join(f"{x(mark):.1f},{y(mark.mean):.1f}" for mark in own)
        line = f'<polyline points="{path}"/>' if joined and own else ""
        drawn = "".join(_mark(mark, x(mark), y, number) for mark in own)
        parts.append(f'<g style="--hue:var(--{INKS[number % len(INKS)]})">{line}{drawn}</g>')
    return (
        f'<svg class="chart" viewBox="0 0 {WIDE} {HIGH}" role="img" '
        f'aria-label="{escape(reading)}">{"".join(parts)}</svg>'
    )


def legend(marks: list[Mark], names: list[str]) -> str:
    """The series by colour and mark; nothing where there is one only."""
    there = {mark.series for mark in marks}
    if len(names) < 2:
        return ""
    entries = "".join(
        f'<span style="--hue:var(--{INKS[i % len(INKS)]})"><svg viewBox="-8 -8 16 16" '
        f'aria-hidden="true">{_shape(0, 0, i)}</svg>{escape(name)}</span>'
        for i, name in enumerate(names)
        if name in there
    )
    return f'<p class="series">{entries}</p>'


def grid(names: list[str], values: dict[tuple[int, int], float], reading: str) -> str:
    """Pairs as a heat map: row and column by their place in `names`, each pair once; in percent."""
    side, high, left, top = 42, 28, 124, 84
    most, least = max(values.values()), min(values.values())
    parts = []
    for k, name in enumerate(names):
        x, y = left + side * (k + 0.5) - 4, top - 6
        parts.append(
            f'<text x="{left - 8}" y="{top + (high + 2) * k + 19}" text-anchor="end">'
            f"{escape(name)}</text>"
            f'<text x="{x}" y="{y}" transform="rotate(-30 {x} {y})">{escape(name)}</text>'
        )
    for (i, j), value in values.items():
        share = (value - least) / ((most - least) or 1)
        x, y = left + side * j, top + (high + 2) * i
        parts.append(
            f'<rect x="{x}" y="{y}" width="{side - 2}" height="{high}" '
            f'style="--share:{100 * share:.0f}%"/>'
            f'<text class="{"strong" if share > 0.55 else ""}" x="{x + side / 2 - 1}" '
            f'y="{y + 19}" text-anchor="middle">{value:.1f}</text>'
        )
    size = f"0 0 {left + side * len(names) + 46} {top + (high + 2) * len(names)}"
    return (
        f'<svg class="chart heat" viewBox="{size}" role="img" aria-label="{escape(reading)}">'
        f"{''.join(parts)}</svg>"
    )


def _scale(values: Sequence[float]) -> tuple[float, float, float]:
    """(low, high, step): round ends around the values, three to six steps apart; what begins at
    0 or ends at 100 goes no further."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    wide = (high - low) or abs(high) or 1.0
    power = 10 ** floor(log10(wide / 4))
    step = next(power * k for k in (1, 2, 5, 10) if wide / (power * k) <= 5)
    top = ceil(high / step + 0.05) * step
    bottom = floor(low / step - 0.05) * step
    return 0.0 if bottom < 0 <= low else bottom, 100.0 if high <= 100 < top else top, step


def _axis(low: float, high: float, step: float, y: Callable[[float], float], unit: str) -> str:
    parts = [f'<text x="4" y="12">{escape(unit)}</text>']
    for k in range(floor((high - low) / step + 1e-9) + 1):
        value = low + k * step
        at = y(value)
        parts.append(
            f'<path class="ruler" d="M{LEFT} {at:.1f}H{WIDE - RIGHT}"/>'
            f'<text x="{LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{value:.4g}</text>'
        )
    return "".join(parts)


def _foot(label: str, x: float, slot: float) -> str:
    """A label on as many as two lines."""
    lines, most = [""], max(4, int(slot / LETTER))
    for word in label.split(" "):
        if lines[-1] and len(lines[-1]) + len(word) + 1 > most and len(lines) < 2:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "".join(
        f'<text x="{x:.1f}" y="{HIGH - FOOT + 16 + 14 * i}" text-anchor="middle">'
        f"{escape(line)}</text>"
        for i, line in enumerate(lines)
    )


def _mark(mark: Mark, x: float, y: Callable[[float], float], number: int) -> str:
    """The mean, one standard deviation as a bar, and each value as a small ring."""
    at = y(mark.mean)
    if len(mark.values) < 2:
        return _shape(x, at, number)
    spread = stdev(mark.values)
    ends = [y(mark.mean + way * spread) for way in (-1, 1)]
    rings = "".join(
        f'<circle class="ring" cx="{x + 7:.1f}" cy="{y(v):.1f}" r="2.2"/>' for v in mark.values
    )
    bar = f'<path class="spread" d="M{x:.1f} {ends[0]:.1f}V{ends[1]:.1f}"/>'
    return bar + rings + _shape(x, at, number)


def _shape(x: float, y: float, number: int) -> str:
    """Disc, diamond, square, triangle."""
    if number % 4 == 0:
        return f'<circle class="mark" cx="{x:.1f}" cy="{y:.1f}" r="5"/>'
    d = ("m0 -6.4l6.4 6.4l-6.4 6.4l-6.4 -6.4z", "m-5 -5h10v10h-10z", "m0 -6l6 11h-12z")
    return f'<path class="mark" d="M{x:.1f} {y:.1f}{d[number % 4 - 1]}"/>'
