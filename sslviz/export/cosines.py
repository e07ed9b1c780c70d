"""How alike the views are, for films: the matrix of cosines, and the shapes of the pairs."""

from typing import Any

import numpy as np
from PIL import Image

from sslviz.export.inks import quiet, rgb
from sslviz.export.pen import SMALL, Box, Pen, fitted, width
from sslviz.export.said import Said

Arrays = dict[str, np.ndarray]


def draw_matrix(pen: Pen, look: dict[str, Any], said: Said, arrays: Arrays, box: Box) -> None:
    """The 2N x 2N cosines of z; the diagonal, each view with itself, is left empty."""
    left, top, right, bottom = box
    pen.write((left, top - 28), fitted(said.matrix, SMALL, right - left), SMALL, look["text"])
    cosines = arrays.get("similarity")
    if cosines is None or cosines.ndim != 2 or not cosines.size:
        return
    pixels = _coloured(cosines.astype(np.float32), look)
    at = np.arange(min(cosines.shape))
    pixels[at, at] = rgb(look["background"])
    pen.paste(Image.fromarray(pixels), box)
    ramp = _coloured(np.linspace(-1, 1, 96, dtype=np.float32)[None], look)
    pen.paste(Image.fromarray(ramp), (left + 32, bottom + 11, right - 32, bottom + 21))
    pen.write((left, bottom + 16), "-1", SMALL, quiet(look), "lm")
    pen.write((right, bottom + 16), "+1", SMALL, quiet(look), "rm")


def draw_pairs(pen: Pen, look: dict[str, Any], said: Said, arrays: Arrays, box: Box) -> None:
    """Each shape is as high as the plot at its own fullest bin. Negatives are filled, positives a
    line: told apart in grey too."""
    left, top, right, floor = box
    pen.write((left, top - 28), fitted(said.pairs, SMALL, right - left), SMALL, look["text"])
    positive, negative = look["inks"]["positive"], look["inks"]["negative"]
    pen.box((left, top + 4, left + 14, top + 18), negative)
    pen.write((left + 20, top), said.negatives, SMALL, quiet(look))
    words = right - width(said.positives, SMALL)
    pen.line([(words - 21, top + 11), (words - 6, top + 11)], positive, 3)
    pen.write((words, top), said.positives, SMALL, quiet(look))
    outline = _outline(arrays.get("histogram_negative"), (left, top + 32, right, floor))
    if outline:
        pen.shape([(left, floor), *outline, (right, floor)], negative)
    outline = _outline(arrays.get("histogram_positive"), (left, top + 32, right, floor))
    pen.line(outline, look["background"], 7)
    pen.line(outline, positive, 3)
    pen.line([(left, floor), (right, floor)], quiet(look))
    middle = (left + right) / 2
    for value, at, anchor in (("-1", left, "lm"), ("0", middle, "mm"), ("+1", right, "rm")):
        pen.write((at, floor + 16), value, SMALL, quiet(look), anchor)


def _coloured(values: np.ndarray, look: dict[str, Any]) -> np.ndarray:
    """H x W values of -1 to 1 -> H x W x 3 bytes."""
    stops = np.array([rgb(stop) for stop in look["printed"]], np.float32)
    places = np.linspace(-1, 1, len(stops))
    mixed = [np.interp(values, places, stops[:, part]) for part in range(3)]
    return np.stack(mixed, axis=-1).round().astype(np.uint8)


def _outline(counts: np.ndarray | None, box: Box) -> list[tuple[float, float]]:
    """The steps along the tops of the bins; [] where nothing was counted."""
    left, top, right, floor = box
    if counts is None or not counts.size or counts.max() <= 0:
        return []
    edges = np.linspace(left, right, len(counts) + 1).repeat(2)[1:-1]
    tops = (floor - (floor - top) * counts / counts.max()).repeat(2)
    return [(float(x), float(y)) for x, y in zip(edges, tops, strict=True)]
