"""Shapes: pictures drawn from known factors, so that one can ask which of them an encoder kept.

Every shape is a signed distance function (negative inside), evaluated for all images and pixels at
once; the distance in pixels gives the anti-aliased coverage. The class is the shape; everything
else is a nuisance, drawn independently of it.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from sslviz.data.catalogue import SHAPES, TEXTURES
from sslviz.data.images import Factor, ImageSet

RADIUS = (0.6, 0.9)  # of half the image's width
SHIFT = 0.2  # largest offset of the centre, of half the width
TILT = 30.0  # degrees; less than half of 72, the star's symmetry, so that every tilt can be read
HUE_GAP = (0.25, 0.75)  # of the colour circle, from background to foreground
FOREGROUND = (0.85, 0.95)  # saturation, value
BACKGROUND = (0.45, 0.95)
SHADE = 0.62  # brightness of the texture's marks, as a share of the foreground's
TEXTURE_PERIOD = 0.36  # of half the width
BLOCK = 1024  # images drawn from one stream: more images never change the first ones


@dataclass(frozen=True)
class Drawing:
    """What to draw, for N images. `shape`, `texture` int64; the rest float, hues and unit in 0..1."""

    shape: Tensor
    texture: Tensor
    fg_hue: Tensor
    bg_hue: Tensor
    size: Tensor
    pos_x: Tensor
    pos_y: Tensor
    rotation: Tensor


def shapes(n: int, size: int = 32, split: str = "train") -> ImageSet:
    """`n` images of `size` x `size` pixels. Same n, size, split: same images, on every machine."""
    blocks = [_draw_factors(split, block) for block in range(math.ceil(n / BLOCK))]
    images = torch.cat([render(block, size) for block in blocks])[:n]
    values = {
        name: torch.cat([getattr(block, name) for block in blocks])[:n]
        for name in Drawing.__dataclass_fields__
    }
    labels = values.pop("shape")
    kinds = {"fg_hue": "circular", "bg_hue": "circular", "texture": "categorical"}
    factors = {
        name: Factor(v, kinds.get(name, "continuous"), TEXTURES if name == "texture" else ())
        for name, v in values.items()
    }
    return ImageSet(images, labels, SHAPES, factors)


def _draw_factors(split: str, block: int) -> Drawing:
    """BLOCK drawings, with equally many of each shape."""
    stream = torch.Generator().manual_seed(2 * block + (split == "test"))

    def unit() -> Tensor:
        return torch.rand(BLOCK, generator=stream)

    bg_hue = unit()
    return Drawing(
        shape=torch.randperm(BLOCK, generator=stream) % len(SHAPES),
        texture=torch.randint(len(TEXTURES), (BLOCK,), generator=stream),
        bg_hue=bg_hue,
        fg_hue=(bg_hue + _between(unit(), HUE_GAP)) % 1,
        size=unit(),
        pos_x=unit(),
        pos_y=unit(),
        rotation=unit(),
    )


def render(drawing: Drawing, size: int) -> Tensor:
    """The pictures: N x 3 x size x size uint8."""
    x, y, radius = _local_coordinates(drawing, size)
    distance = torch.empty_like(x)
    for index, name in enumerate(SHAPES):
        chosen = drawing.shape == index
        distance[chosen] = DISTANCE[name](x[chosen], y[chosen])
    half_width = size / 2
    coverage = (0.5 - distance * radius * half_width).clamp(0, 1)[:, None]
    marks = _texture(x * radius, y * radius, drawing.texture, half_width)[:, None]
    foreground = _rgb(drawing.fg_hue, *FOREGROUND) * (1 - (1 - SHADE) * marks)
    background = _rgb(drawing.bg_hue, *BACKGROUND)
    image = background + (foreground - background) * coverage
    return (image * 255).round().to(torch.uint8)


def _local_coordinates(drawing: Drawing, size: int) -> tuple[Tensor, Tensor, Tensor]:
    """x (right), y (up): N x size x size where the shape is upright with radius 1; N x 1 x 1 radius."""
    ticks = (torch.arange(size) + 0.5) * 2 / size - 1
    column = [value[:, None, None] for value in (drawing.pos_x, drawing.pos_y, drawing.rotation)]
    x = ticks - _between(column[0], (-SHIFT, SHIFT))
    y = -(ticks[:, None] - _between(column[1], (-SHIFT, SHIFT)))
    angle = torch.deg2rad(_between(column[2], (-TILT, TILT)))
    radius = _between(drawing.size, RADIUS)[:, None, None]
    sin, cos = angle.sin() / radius, angle.cos() / radius
    return x * cos + y * sin, y * cos - x * sin, radius


def _texture(x: Tensor, y: Tensor, texture: Tensor, half_width: float) -> Tensor:
    """How much of each pixel is marked, 0..1. x, y: N x S x S in half widths, turned with the shape."""
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


def _rgb(hue: Tensor, saturation: float, value: float) -> Tensor:
    """HSV to RGB for N hues in 0..1: N x 3 x 1 x 1."""
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
    return torch.maximum(_disc(x + 0.12, y, 0.95), -_disc(x - 0.38, y, 0.75))


DISTANCE: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "disc": lambda x, y: _disc(x, y, 0.85),
    "square": lambda x, y: _box(x, y, 0.74, 0.74),
    "triangle": lambda x, y: _triangle(x, y + 0.1),
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
