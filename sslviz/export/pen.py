"""A pen for films: draws large and makes small, and writes in any language there is a font for."""

import os
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

SMALL, PLAIN = 18, 20  # pixels of type
SHARP = 2  # drawn this many times larger, then made small: smooth edges
Point = tuple[float, float]
Box = tuple[float, float, float, float]  # left, top, right, bottom in pixels
# what Debian, Fedora, Windows and macOS call a font with Korean letters, and its place in the file
WIDE = (
    ("NotoSansCJK-Regular.ttc", 1),
    ("NotoSansKR-Regular.otf", 0),
    ("NotoSansKR-Regular.ttf", 0),
    ("NanumGothic.ttf", 0),
    ("malgun.ttf", 0),
    ("AppleSDGothicNeo.ttc", 0),
    ("AppleGothic.ttf", 0),
)
FONT = "SSLVIZ_FONT"  # names another font file


class Pen:
    """All places and sizes in pixels of the finished picture; (0, 0) is the top left."""

    def __init__(self, size: tuple[int, int], ground: str) -> None:
        self.size = size
        self._picture = Image.new("RGB", (size[0] * SHARP, size[1] * SHARP), ground)
        self._draw = ImageDraw.Draw(self._picture)

    def finished(self) -> Image.Image:
        return self._picture.resize(self.size, Image.Resampling.BOX)

    def write(self, at: Point, text: str, size: int, ink: str, anchor: str = "la") -> None:
        """`anchor` as Pillow has it: l, m or r, then a (top), m or s (base line)."""
        self._draw.text(_large(at), _drawable(text), ink, _font(text, size * SHARP), anchor)

    def line(self, points: Iterable[Point], ink: str, width: float = 1.5) -> None:
        places = [_large(point) for point in points]
        if len(places) < 2:
            return
        self._draw.line(places, ink, round(width * SHARP), joint="curve")

    def dashes(self, left: float, right: float, y: float, ink: str) -> None:
        """A level dashed line."""
        for x in np.arange(left, right, 9):
            self.line([(x, y), (min(right, x + 5), y)], ink)

    def shape(self, outline: Sequence[Point], ink: str) -> None:
        self._draw.polygon([_large(point) for point in outline], fill=ink)

    def dot(self, at: Point, r: float, ink: str) -> None:
        (x, y), r = _large(at), r * SHARP
        self._draw.ellipse((x - r, y - r, x + r, y + r), fill=ink)

    def box(self, box: Box, ink: str) -> None:
        left, top, right, bottom = (round(side * SHARP) for side in box)
        if right > left and bottom > top:
            self._draw.rectangle((left, top, right - 1, bottom - 1), fill=ink)

    def paste(self, picture: Image.Image, box: Box) -> None:
        """`picture` made as large as `box`, its pixels left square."""
        left, top, right, bottom = (round(side * SHARP) for side in box)
        large = picture.resize((right - left, bottom - top), Image.Resampling.NEAREST)
        self._picture.paste(large, (left, top))


def fitted(text: str, size: int, room: float) -> str:
    """`text`, its end cut off where it is wider than `room` pixels."""
    if width(text, size) <= room:
        return text
    while text and width(f"{text}...", size) > room:
        text = text[:-1]
    return f"{text.rstrip()}..."


def width(text: str, size: int) -> float:
    """Pixels."""
    return _font(text, size * SHARP).getlength(_drawable(text)) / SHARP


def writable(text: str) -> bool:
    """Whether this machine has a font with these letters."""
    return _latin(text) or wide_font() is not None


@cache
def wide_font() -> tuple[str, int] | None:
    """(file, place in it) of the first font found with Korean letters."""
    own = [(os.environ[FONT], 0)] if os.environ.get(FONT) else []
    for file, index in (*own, *WIDE):
        try:
            ImageFont.truetype(file, 20, index)
        except OSError:
            continue
        return file, index
    return None


def _latin(text: str) -> bool:
    """The font that Pillow brings has Latin letters only."""
    return text == text.encode("latin-1", "replace").decode("latin-1")


def _drawable(text: str) -> str:
    line = " ".join(text.split())
    return line if writable(line) else line.encode("latin-1", "replace").decode("latin-1")


def _font(text: str, size: int) -> Any:
    return _sized(size, not _latin(text))


@cache
def _sized(size: int, wide: bool) -> Any:
    found = wide_font() if wide else None
    return ImageFont.truetype(found[0], size, found[1]) if found else ImageFont.load_default(size)


def _large(point: Point) -> Point:
    return point[0] * SHARP, point[1] * SHARP
