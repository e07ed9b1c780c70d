"""The whole view of a run at one snapshot: what a film shows beside the moving points."""

from typing import Any

import numpy as np

from sslviz.export.arrays import Recorded
from sslviz.export.cosines import draw_matrix, draw_pairs
from sslviz.export.measured import Curve, draw_curve, draw_gauges, draw_verdict, is_number
from sslviz.export.pen import SMALL, Box, Pen, width
from sslviz.export.said import Said

# in pixels of a picture of 1280 x 720; titles stand above
MATRIX: Box = (704, 130, 948, 374)
PAIRS: Box = (984, 130, 1256, 374)
GAUGES: Box = (704, 446, 1256, 570)
LOSS: Box = (704, 616, 962, 698)
KNN: Box = (998, 616, 1256, 698)


def draw_panels(
    pen: Pen,
    run: Recorded,
    look: dict[str, Any],
    said: Said,
    step: int,
    arrays: dict[str, np.ndarray],
) -> None:
    """The matrix, the pairs' cosines, the gauges with their verdict, two curves up to `step`. What
    a run has not measured stays empty."""
    draw_matrix(pen, look, said, arrays, MATRIX)
    draw_pairs(pen, look, said, arrays, PAIRS)
    left, top, right, _bottom = GAUGES
    now, first = run.row(step), run.row(run.steps[0])
    pen.write((left, top - 20), said.collapse, SMALL, look["text"], "lm")
    start = left + width(said.collapse, SMALL) + 20
    draw_verdict(pen, look, said, now, (start, top - 20), right - start)
    widths = {s: len(arrays[f"spectrum_{s}"]) for s in "hz" if f"spectrum_{s}" in arrays}
    draw_gauges(pen, look, said, (now, first), widths, GAUGES)
    draw_curve(pen, look, _loss(run, said, step), LOSS)
    draw_curve(pen, look, _knn(run, said, step), KNN)


def _loss(run: Recorded, said: Said, step: int) -> Curve:
    known = _known(run, "loss")
    chance = next((row["chance_loss"] for row in run.rows if row.get("chance_loss")), None)
    values = [value for _step, value in known] + ([chance] if chance is not None else [])
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    lines = {"blue": [point for point in known if point[0] <= step]}
    return Curve(said.loss, lines, _end(run), low, high, (chance, said.chance), 3)


def _knn(run: Recorded, said: Said, step: int) -> Curve:
    """The level is what the network of step 0, which knows nothing, already reads."""
    known = {space: _known(run, f"knn_{space}") for space in "zh"}
    random = next((value for at, value in known["h"] if at == 0), None)
    lines = {s: [point for point in points if point[0] <= step] for s, points in known.items()}
    return Curve(said.knn, lines, _end(run), 0, 1, (random, said.random), 2)


def _known(run: Recorded, name: str) -> list[tuple[int, float]]:
    return [(row["step"], row[name]) for row in run.rows if is_number(row.get(name))]


def _end(run: Recorded) -> int:
    return run.config.steps or run.steps[-1]
