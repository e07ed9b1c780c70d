"""The plane of alignment and uniformity: the way of each encoder, first step to last."""

from html import escape
from statistics import fmean
from typing import Any

from sslviz.sweeps.classics.classic import Label
from sslviz.sweeps.classics.verdicts import Recording
from sslviz.ui.classics.charts import INKS
from sslviz.ui.classics.words import shown
from sslviz.ui.text import _

WIDE, HIGH, LEFT, FOOT, TOP = 620, 330, 44, 40, 24
MOST_ALIGNMENT, LEAST_UNIFORMITY = 2.0, -4.0


def plane(recording: Recording) -> str:
    """An SVG: a way a cell, the mean over its seeds at each look; the disc is where it ended."""
    ways, seen = {}, []
    for (arm, cell), runs in recording.runs.items():
        if any(runs is known for known in seen):  # the same runs as a cell of another arm
            continue
        seen.append(runs)
        way = mean_way([line["track"] for line in runs.values() if "track" in line])
        if way:
            ways[_name(arm, cell)] = way
    if not ways:
        return ""
    drawn = "".join(_way(name, way, i) for i, (name, way) in enumerate(ways.items()))
    ends = ", ".join(f"{name} {way[-1][0]:.2f}, {way[-1][1]:.2f}" for name, way in ways.items())
    reading = _("Alignment and uniformity at the end: {list}").format(list=ends)
    return (
        f'<svg class="chart plane" viewBox="0 0 {WIDE} {HIGH}" role="img" '
        f'aria-label="{escape(reading)}">{_axes()}{drawn}</svg>'
    )


def mean_way(tracks: list[list[list[Any]]]) -> list[tuple[float, float]]:
    """(alignment, uniformity) at each look that all runs have, the mean over them.

    A track is a list of looks [step, alignment, uniformity, kNN].
    """
    looks = zip(*tracks, strict=False)
    return [(fmean(x[1] for x in look), fmean(x[2] for x in look)) for look in looks]


def _name(arm: str, cell: Label) -> str:
    label = cell[0] if cell else arm
    return shown(label) if isinstance(label, str) else f"τ {label:g}"


def _x(alignment: float) -> float:
    return LEFT + (WIDE - LEFT - 130) * min(1.0, alignment / MOST_ALIGNMENT)


def _y(uniformity: float) -> float:
    return TOP + (HIGH - TOP - FOOT) * max(0.0, min(1.0, uniformity / LEAST_UNIFORMITY))


def _axes() -> str:
    parts = []
    for k in range(5):
        a, u = MOST_ALIGNMENT * k / 4, LEAST_UNIFORMITY * k / 4 + 0.0
        parts.append(
            f'<path class="ruler" d="M{_x(a):.1f} {TOP}V{HIGH - FOOT}M{LEFT} {_y(u):.1f}'
            f'H{_x(MOST_ALIGNMENT):.1f}"/>'
            f'<text x="{_x(a):.1f}" y="{HIGH - FOOT + 16}" text-anchor="middle">{a:g}</text>'
            f'<text x="{LEFT - 6}" y="{_y(u) + 4:.1f}" text-anchor="end">{u:g}</text>'
        )
    foot, side = _("alignment: pairs agree at the left"), _("uniformity: spread below")
    parts.append(f'<text x="{LEFT}" y="{HIGH - 6}">{escape(foot)}</text>')
    parts.append(f'<text x="{LEFT - 34}" y="12">{escape(side)}</text>')
    return "".join(parts)


def _way(name: str, way: list[tuple[float, float]], number: int) -> str:
    path = " ".join(f"{_x(a):.1f},{_y(u):.1f}" for a, u in way)
    x, y = _x(way[-1][0]), _y(way[-1][1])
    dots = "".join(
        f'<circle class="ring" cx="{_x(a):.1f}" cy="{_y(u):.1f}" r="2.2"/>' for a, u in way[:-1]
    )
    beside = 20 if y < TOP + 12 else -9  # above the disc: the way comes from the right
    return (
        f'<g style="--hue:var(--{INKS[number % len(INKS)]})"><polyline points="{path}"/>{dots}'
        f'<circle class="mark" cx="{x:.1f}" cy="{y:.1f}" r="5"/>'
        f'<text class="name" x="{x - 4:.1f}" y="{y + beside:.1f}">{escape(name)}</text></g>'
    )
