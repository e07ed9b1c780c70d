"""The points of a map and the names of their classes, as films draw them."""

from typing import Any

import numpy as np
from PIL import Image

from sslviz.export.arrays import Recorded
from sslviz.export.marks import polygon
from sslviz.export.pen import Box, Pen, Point, fitted, width
from sslviz.export.said import Said

FILL = 0.92  # of the room, which almost all points take
UNKNOWN = "#8a8f98"  # of an image without a class


class Points:
    """The probe images of `run` as marks of their classes in a room of `size` pixels."""

    def __init__(self, run: Recorded, look: dict[str, Any], size: tuple[int, int]) -> None:
        self.names, labels = run.probe["class_names"], run.probe["labels"]
        self._look, self._size = look, size
        self._palette = look["classes"] if len(self.names) <= len(look["classes"]) else look["many"]
        n = run.probe["n"]
        self._radius = 3.6 * min(1.0, (1000 / max(1, n)) ** 0.5)  # more points are smaller
        known = labels if len(labels) == n and self.names else [0] * n
        self._labels = [label if 0 <= label < max(1, len(self.names)) else -1 for label in known]

    def placed(self, places: np.ndarray) -> np.ndarray:
        """Coordinates N x 2 as pixels: almost all points fill the room, the few that lie farther
        out stand at its edge."""
        room = np.array(self._size, np.float32)
        low, high = np.quantile(places, (0.01, 0.99), axis=0)
        scale = float((FILL * room / np.maximum(high - low, 1e-9)).min())
        pixels = (places - (low + high) / 2) * scale
        return room / 2 + np.clip(pixels, 8 - room / 2, room / 2 - 8) * (1, -1)

    def picture(self, places: np.ndarray) -> Image.Image:
        """The room with the points at these pixels."""
        pen = Pen(self._size, self._look["background"])
        for at, label in zip(places, self._labels, strict=True):
            self._mark(pen, at, self._radius, label)
        return pen.finished()

    def legend(self, pen: Pen, said: Said, box: Box, size: int) -> None:
        """The classes' marks and names in rows, as many as there is room for."""
        x, y, right, bottom = box
        for i, name in enumerate(self.names):
            words = fitted(said.names.get(name, name), size, 9 * size)
            wide = size * 1.4 + width(words, size)
            if x + wide > right and x > box[0]:
                x, y = box[0], y + size * 1.6
            if y + size > bottom:
                break
            self._mark(pen, (x + size * 0.45, y + size * 0.62), size * 0.38, i)
            pen.write((x + size * 1.15, y), words, size, self._look["text"])
            x += wide + size * 0.8

    def _mark(self, pen: Pen, at: Point, r: float, label: int) -> None:
        ink = self._palette[label % len(self._palette)] if label >= 0 else UNKNOWN
        outline = polygon(max(0, label), self.names[label] if self.names and label >= 0 else "")
        pen.shape([(at[0] + r * x, at[1] + r * y) for x, y in outline], ink)
