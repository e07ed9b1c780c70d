"""The markers that tell classes apart beside their colours: assets/kit/markers.js, for Python."""

from functools import cache
from math import cos, pi, sin

# fmt: off
MARKERS = ("circle", "square", "triangle", "diamond", "cross", "plus",
           "down", "star", "hexagon", "bar")
OWN = {"disc": "circle", "square": "square", "triangle": "triangle", "star": "star",
       "cross": "plus", "ring": "ring", "heart": "heart", "moon": "moon"}
PLUS = ((-0.36, -1), (0.36, -1), (0.36, -0.36), (1, -0.36), (1, 0.36), (0.36, 0.36), (0.36, 1),
        (-0.36, 1), (-0.36, 0.36), (-1, 0.36), (-1, -0.36), (-0.36, -0.36))
# fmt: on
Outline = tuple[tuple[float, float], ...]


@cache
def polygon(i: int, name: str = "") -> Outline:
    """Corners of class i's marker around (0, 0), y down, about 1 wide each way."""
    kind = OWN.get(name) or MARKERS[i % len(MARKERS)]
    return OUTLINES[kind]


def _corners(n: int, turn: float, *radii: float) -> Outline:
    angles = [turn + 2 * pi * i / n for i in range(n)]
    return tuple(
        (radii[i % len(radii)] * cos(a), radii[i % len(radii)] * sin(a))
        for i, a in enumerate(angles)
    )


def _ring() -> Outline:
    """Round outside, back along the inside."""
    outer, inner = _corners(25, 0, 1.05), _corners(25, 0, 0.5)
    return (*outer, outer[0], inner[0], *reversed(inner))


def _moon() -> Outline:
    outer = [(1.08 * cos(a), 1.08 * sin(a)) for a in _angles(0.95, 2 * pi - 0.95)]
    inner = [(0.62 + 0.86 * cos(a), 0.86 * sin(a)) for a in _angles(1.5 * pi, 0.5 * pi)]
    return (*outer, *inner)


def _heart() -> Outline:
    points = []
    for a in _angles(0, 2 * pi):
        x = 16 * sin(a) ** 3
        y = 13 * cos(a) - 5 * cos(2 * a) - 2 * cos(3 * a) - cos(4 * a)
        points.append((x / 15, -y / 15))
    return tuple(points)


def _angles(low: float, high: float, n: int = 24) -> list[float]:
    return [low + (high - low) * i / (n - 1) for i in range(n)]


OUTLINES: dict[str, Outline] = {
    "circle": _corners(24, 0, 0.98),
    "square": ((-0.84, -0.84), (0.84, -0.84), (0.84, 0.84), (-0.84, 0.84)),
    "triangle": tuple((1.15 * x, 1.15 * y + 0.18) for x, y in _corners(3, -pi / 2, 1)),
    "down": tuple((1.15 * x, 1.15 * y - 0.18) for x, y in _corners(3, pi / 2, 1)),
    "diamond": _corners(4, -pi / 2, 1.12),
    "plus": PLUS,
    "cross": tuple((0.72 * (x - y), 0.72 * (x + y)) for x, y in PLUS),
    "star": _corners(10, -pi / 2, 1.2, 0.5),
    "hexagon": _corners(6, -pi / 2, 1.05),
    "bar": ((-0.45, -1.05), (0.45, -1.05), (0.45, 1.05), (-0.45, 1.05)),
    "ring": _ring(),
    "moon": _moon(),
    "heart": _heart(),
}
