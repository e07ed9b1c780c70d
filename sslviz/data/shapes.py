"""Shapes: pictures drawn from known factors, so that one can ask which of them an encoder kept.

Every shape is a signed distance function (negative inside), evaluated for all images and pixels at
once; the distance in pixels gives the anti-aliased coverage. The class is the shape; everything
else is a nuisance, drawn independently of it.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from sslviz.data.catalogue import SHAPE_FACTORS, SHAPES, TEXTURES
from sslviz.data.images import Factor, ImageSet
from sslviz.streams import stream

RADIUS = (0.6, 0.9)  # of half the image's width
SHIFT = 0.25  # largest offset of the centre, of half the width
HUE_GAP = (0.25, 0.75)  # of the colour circle, from background to foreground
FOREGROUND = ((0.6, 1.0), (0.75, 1.0))  # saturation, value
BACKGROUND = ((0.3, 0.7), (0.4, 0.8))
SHADOW = 0.35  # how much darker the background is at the side away from the light
SHADE = 0.75  # brightness of the texture's marks, as a share of the foreground's
TEXTURE_PERIOD = 0.36  # of half the width
SYMMETRY = {"square": 4, "triangle": 3, "star": 5, "cross": 4}  # turns that look alike; else 1
TILT = 15 / 360  # largest tilt of an upright shape, of a whole turn
BLOCK = 1024  # images drawn from one stream: more images never change the first ones


@dataclass(frozen=True)
class Drawing:
    """What to draw, for N images. `shape` and `texture` are class numbers, all else is in 0..1.

    `rotation` runs once through the angles at which a shape looks different: a quarter turn for a
    square, a whole turn for a heart; of a plain disc or ring it cannot be seen.
    """

    shape: Tensor
    texture: Tensor
    fg_hue: Tensor
    bg_hue: Tensor
    size: Tensor
    pos_x: Tensor
    pos_y: Tensor
    rotation: Tensor
    fg_tone: Tensor  # 2 x N: saturation, value
    bg_tone: Tensor
    light: Tensor  # where the background is brightest, as a share of a turn


def shapes(n: int, size: int = 32, split: str = "train", upright: bool = False) -> ImageSet:
    """`n` images of `size` x `size` pixels. Same arguments: same images, on every machine.

    `upright`: tilted by 15 degrees at most, instead of turned to any side.
    """
    blocks = [_draw(split, block) for block in range(math.ceil(n / BLOCK))]
    if upright:
        blocks = [replace(block, rotation=_tilt(block)) for block in blocks]
    images = torch.cat([render(block, size) for block in blocks])[:n]
    values = {
        name: torch.cat([getattr(block, name) for block in blocks])[:n]
        for name in ("shape", *SHAPE_FACTORS)
    }
    labels = values.pop("shape")
    factors = {name: Factor(v, KINDS.get(name, "continuous")) for name, v in values.items()}
    factors["texture"] = Factor(values["texture"], "categorical", TEXTURES)
    return ImageSet(images, labels, SHAPES, factors)


KINDS = {"fg_hue": "circular", "bg_hue": "circular", "rotation": "circular"}


def _draw(split: str, block: int) -> Drawing:
    """BLOCK drawings, with equally many of each shape."""
    draws = stream(0, f"shapes/{split}", block)

    def unit(*shape: int) -> Tensor:
        return torch.rand(*shape, BLOCK, generator=draws)

    bg_hue = unit()
    return Drawing(
        shape=torch.randperm(BLOCK, generator=draws) % len(SHAPES),
        texture=torch.randint(len(TEXTURES), (BLOCK,), generator=draws),
        bg_hue=bg_hue,
        fg_hue=(bg_hue + _between(unit(), HUE_GAP)) % 1,
        size=unit(),
        pos_x=unit(),
        pos_y=unit(),
        rotation=unit(),
        fg_tone=unit(2),
        bg_tone=unit(2),
        light=unit(),
    )


def render(drawing: Drawing, size: int) -> Tensor:
    """The pictures: N x 3 x size x size uint8."""
    ticks = (torch.arange(size) + 0.5) * 2 / size - 1
    x, y, radius = _local_coordinates(drawing, ticks)
    distance = torch.empty_like(x)
    for index, name in enumerate(SHAPES):
        chosen = drawing.shape == index
        distance[chosen] = DISTANCE[name](x[chosen], y[chosen])
    coverage = (0.5 - distance * radius * size / 2).clamp(0, 1)[:, None]
    marks = _texture(x * radius, y * radius, drawing.texture, size / 2)[:, None]
    foreground = _rgb(drawing.fg_hue, drawing.fg_tone, FOREGROUND) * (1 - (1 - SHADE) * marks)
    background = _rgb(drawing.bg_hue, drawing.bg_tone, BACKGROUND) * _lighting(drawing.light, ticks)
    image = background + (foreground - background) * coverage
    return (image * 255).round().to(torch.uint8)


def _symmetry(drawing: Drawing) -> Tensor:
    """N: into how many angles that look alike a whole turn of the shape falls."""
    return torch.tensor([SYMMETRY.get(name, 1) for name in SHAPES])[drawing.shape]


def _tilt(drawing: Drawing) -> Tensor:
    """The same rotations, squeezed into -TILT to TILT of a whole turn; as a share of _symmetry."""
    return _between(drawing.rotation, (-TILT, TILT)) * _symmetry(drawing) % 1


def _local_coordinates(drawing: Drawing, ticks: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """x (right), y (up): N x S x S where the shape is upright with radius 1; N x 1 x 1 radius."""
    angle = (math.tau * drawing.rotation / _symmetry(drawing))[:, None, None]
    radius = _between(drawing.size, RADIUS)[:, None, None]
    x = ticks - _between(drawing.pos_x, (-SHIFT, SHIFT))[:, None, None]
    y = _between(drawing.pos_y, (-SHIFT, SHIFT))[:, None, None] - ticks[:, None]
    sin, cos = angle.sin() / radius, angle.cos() / radius
    return x * cos + y * sin, y * cos - x * sin, radius


def _lighting(light: Tensor, ticks: Tensor) -> Tensor:
    """Brightness of the background: N x 1 x S x S, 1 towards the light."""
    angle = (math.tau * light)[:, None, None, None]
    towards = (angle.cos() * ticks + angle.sin() * ticks[:, None]) / math.sqrt(2)
    return 1 - SHADOW * (0.5 - 0.5 * towards)


def _texture(x: Tensor, y: Tensor, texture: Tensor, half_width: float) -> Tensor:
    """How much of each pixel is marked, 0..1. x, y: N x S x S in half widths, turned."""
    marks = torch.zeros_like(x)
    for index, name in enumerate(TEXTURES):
        chosen = texture == index
        marks[chosen] = TEXTURE[name](
            x[chosen] * (math.tau / TEXTURE_PERIOD), y[chosen] * (math.tau / TEXTURE_PERIOD)
        )
    sharpness = half_width * TEXTURE_PERIOD / math.tau
    return (0.5 + marks * sharpness).clamp(0, 1)


def _between(unit: Tensor, bounds: tuple[float, float]) -> Tensor:
    return bounds[0] + unit * (bounds[1] - bounds[0])


def _rgb(hue: Tensor, tone: Tensor, bounds: tuple[tuple[float, float], ...]) -> Tensor:
    """HSV to RGB for N hues and 2 x N tones in 0..1: N x 3 x 1 x 1."""
    saturation, value = (_between(t, b)[:, None] for t, b in zip(tone, bounds, strict=True))
    k = (hue[:, None] * 6 + torch.tensor([5.0, 3.0, 1.0])) % 6
    chroma = torch.minimum(k, 4 - k).clamp(0, 1)
    return (value * (1 - saturation * chroma))[:, :, None, None]


def _box(x: Tensor, y: Tensor, half_x: float, half_y: float) -> Tensor:
    return torch.maximum(x.abs() - half_x, y.abs() - half_y)


def _disc(x: Tensor, y: Tensor, radius: float) -> Tensor:
    return torch.hypot(x, y) - radius


def _triangle(x: Tensor, y: Tensor) -> Tensor:
    slope = x.abs() * math.sqrt(0.75) + y * 0.5
    return torch.maximum(slope, -y) - 0.5


def _star(x: Tensor, y: Tensor) -> Tensor:
    """Five points: fold the plane onto one edge, from the tip (0, 1) to the inner corner."""
    sector = math.tau / 5
    angle = torch.remainder(torch.atan2(x, y) + sector / 2, sector) - sector / 2
    r = torch.hypot(x, y)
    u, v = r * angle.sin().abs(), r * angle.cos()
    inner = 0.48
    dx, dy = inner * math.sin(sector / 2), inner * math.cos(sector / 2) - 1
    return (u * -dy + (v - 1) * dx) / math.hypot(dx, dy)


def _heart(x: Tensor, y: Tensor) -> Tensor:
    """A square on its corner, and a disc on each of its two upper sides."""
    x, y = x.abs() / 0.92, (y + 0.1) / 0.92
    side = 0.56
    diamond = (x + y.add(0.2).abs()) / math.sqrt(2) - side
    lobe = torch.hypot(x - side / math.sqrt(2), y + 0.2 - side / math.sqrt(2)) - side
    return torch.minimum(diamond, lobe) * 0.92


def _moon(x: Tensor, y: Tensor) -> Tensor:
    return torch.maximum(_disc(x + 0.15, y, 0.92), -_disc(x - 0.4, y, 0.7))


DISTANCE: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "disc": lambda x, y: _disc(x, y, 0.85),
    "square": lambda x, y: _box(x, y, 0.74, 0.74),
    "triangle": _triangle,
    "star": _star,
    "cross": lambda x, y: torch.minimum(_box(x, y, 0.92, 0.32), _box(x, y, 0.32, 0.92)),
    "ring": lambda x, y: (torch.hypot(x, y) - 0.68).abs() - 0.24,
    "heart": _heart,
    "moon": _moon,
}

# Signed in radians of the texture's own period: positive on the marks.
TEXTURE: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "plain": lambda x, y: torch.full_like(x, -math.inf),
    "stripes": lambda x, y: y.sin(),
    "dots": lambda x, y: x.cos() + y.cos() - 0.6,
    "checker": lambda x, y: 2 * (x / 2).sin() * (y / 2).sin(),
}
