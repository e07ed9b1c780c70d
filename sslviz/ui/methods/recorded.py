"""What every method reached with its preset on the built-in shapes, measured alike and recorded."""

import json
from functools import cache
from html import escape
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

from sslviz.methods import FAMILIES, METHODS, card
from sslviz.methods.about import line
from sslviz.ui.methods.tree import href
from sslviz.ui.text import _
from sslviz.ui.theme import FAMILIES as HUES

RECORDED = Path(__file__).parents[3] / "assets" / "recorded"
WIDE, HIGH = 300, 22  # of the drawing in each row, from accuracy 0 to 1
TICKS = (0, 0.25, 0.5, 0.75, 1)
PLACE = ("date", "machine", "torch")


@cache
def recorded(name: str) -> dict[str, Any]:
    """A measurement that `benchmarks` wrote: its machine, its day and its rows."""
    return json.loads((RECORDED / f"{name}.json").read_text(encoding="utf-8"))


def where(measured: dict[str, Any], rows: list[dict[str, Any]]) -> str:
    """When and on what the rows were recorded; methods measured elsewhere or later by name."""
    places: dict[tuple[str, ...], list[str]] = {}
    for row in rows:
        place = tuple(row.get("measured", measured)[key] for key in PLACE)
        places.setdefault(place, []).append(card(row["method"]).title)
    first, *others = sorted(places, key=lambda place: -len(places[place]))
    words = _("Recorded on {date} on {machine}, torch {torch}.")
    sentences = [words.format(**dict(zip(PLACE, first, strict=True)))]
    for place in others:
        words = _("{methods}: recorded on {date} on {machine}, torch {torch}.")
        names = ", ".join(dict.fromkeys(places[place]))
        sentences.append(words.format(methods=names, **dict(zip(PLACE, place, strict=True))))
    return " ".join(sentences)


def reached(chosen: str) -> str:
    """One row a method: kNN and linear probe as marks on one scale, and the numbers."""
    measured = recorded("methods")
    rows = {row["method"]: row for row in measured["rows"]}
    drawn = [line(which) for which in ("untrained", "labels")]
    lines = [fmean(rows[name]["knn"]) for name in drawn if name in rows]
    first, *others = [
        _("Method"), _("kNN from h"), _("linear probe"), _("background hue"), _("position"),
        _("rank of h"), _("steps"), _("minutes"),
    ]  # fmt: skip
    heads = [escape(first), _scale(), *map(escape, others)]
    head = "".join(f'<th scope="col">{cell}</th>' for cell in heads)
    body = []
    for family, title in FAMILIES.items():
        names = [n for n in METHODS if n in rows and card(n).family == family]
        body.append(
            f'<tr class="group" style="--hue:{HUES[family]}"><th colspan="{len(heads)}" '
            f'scope="rowgroup">{escape(_(title))}</th></tr>'
        )
        body += [_row(rows[name], lines, HUES[family], name == chosen) for name in names]
    return (
        f'<table class="parts reach"><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(body)}</tbody></table>"
    )


def reading() -> str:
    """What stands in the table, and how it was measured."""
    measured = recorded("methods")
    words = _(
        "Each method's own preset on the shapes, one core, mean and standard deviation over {n} "
        "seeds. Disc: kNN from h (k = 20, cosine, temperature 0.1); diamond: logistic regression "
        "on standardised h; 4,096 training and 1,024 test images, 8 classes. Dashed: kNN of a "
        "random and of a supervised encoder. Background hue and position: how well neighbours in "
        "h tell them (R²), that is, what an encoder kept. RotNet's shapes are upright, which makes "
        "a random encoder better as well."
    )
    seeds = max(len(row["seeds"]) for row in measured["rows"])
    return f"{words.format(n=seeds)} {where(measured, measured['rows'])}"


def _row(row: dict[str, Any], lines: list[float], colour: str, chosen: bool) -> str:
    name = row["method"]
    title = _(card(name).title)
    link = f'<a href="{href(name)}" data-method="{name}">{escape(title)}</a>'
    numbers = [
        *(_spread(row[key]) for key in ("knn", "linear")),
        *(f"{fmean(row[key]):.2f}" for key in ("probe_bg_hue_h", "probe_pos_x_h")),
        f"{fmean(row['effective_rank_h']):.0f}",
        str(row["steps"]),
        f"{fmean(row['minutes']):.1f}",
    ]
    cells = "".join(f"<td>{cell}</td>" for cell in numbers)
    marks = f'<td class="marks">{_marks(row, lines, colour)}</td>'
    whole = f'<th scope="row">{link}</th>{marks}{cells}'
    return f"<tr{' class=chosen' if chosen else ''}>{whole}</tr>"


def _spread(values: list[float]) -> str:
    spread = f" <small>± {stdev(values):.2f}</small>" if len(values) > 1 else ""
    return f"{fmean(values):.2f}{spread}"


def _marks(row: dict[str, Any], lines: list[float], colour: str) -> str:
    """The accuracies on a line from 0 to 1: a disc for kNN, a diamond for the linear probe."""
    parts = [f'<path class="ruler" d="M0 {HIGH / 2}H{WIDE}"/>']
    parts += [f'<path class="level" d="M{x * WIDE:.1f} 0V{HIGH}"/>' for x in lines]
    for key, y in (("linear", HIGH * 0.66), ("knn", HIGH * 0.34)):
        mean = fmean(row[key]) * WIDE
        spread = stdev(row[key]) * WIDE if len(row[key]) > 1 else 0
        parts.append(f'<path class="spread" d="M{mean - spread:.1f} {y}H{mean + spread:.1f}"/>')
        shape = f'<circle cx="{mean:.1f}" cy="{y}" r="4.6"/>'
        if key == "linear":
            shape = f'<path d="M{mean:.1f} {y - 5.2}l5.2 5.2l-5.2 5.2l-5.2 -5.2z"/>'
        parts.append(f'<g class="{key}" style="--hue:{colour}">{shape}</g>')
    return f'<svg viewBox="-6 0 {WIDE + 12} {HIGH}" aria-hidden="true">{"".join(parts)}</svg>'


def _scale() -> str:
    ticks = "".join(
        f'<text x="{tick * WIDE}" y="15" text-anchor="middle">{tick:g}</text>' for tick in TICKS
    )
    return f'<svg viewBox="-6 0 {WIDE + 12} {HIGH}" aria-hidden="true">{ticks}</svg>'
