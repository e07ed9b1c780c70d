"""Crop, flip, rotation, shift, zoom and perspective of a batch in one bilinear resampling."""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

# How near the horizon a place is looked up, where the centre of the image is at depth 1; what lies
# beyond would be seen upside down.
_HORIZON = 1e-3


def resample(
    images: Tensor,
    left: Tensor,
    top: Tensor,
    width: Tensor,
    height: Tensor,
    flip: Tensor,
    degrees: Tensor,
    right: Tensor,
    down: Tensor,
    zoom: Tensor,
    later: Sequence[Tensor] = (),
    outside: str = "border",
) -> Tensor:
    """N x C x H x W -> the same shape; every parameter holds N values, one for each image.

    In this order: cut out the crop (left, top, width, height, as shares of the image) and enlarge
    it, mirror where `flip`, turn counter-clockwise by `degrees`, enlarge by `zoom`, move right and
    down (shares of the side), then what is in `later`: maps N x 3 x 3 such as `perspective` makes,
    from a place (-1..1) after the op to the place before it. All is composed into one map, so that
    pixels are interpolated once. `outside`: "border" repeats the nearest edge pixel, "zeros" is
    black, as in torchvision; black corners would tell the encoder the angle. A crop that is neither
    turned nor moved sees nothing beyond its own edge, as if it had been cut out first.
    """
    pixels_down, pixels_across = images.shape[-2:]
    aspect = pixels_across / pixels_down
    rows = _affine(left, top, width, height, flip, degrees, right, down, zoom, aspect)
    moved = (degrees != 0) | (right != 0) | (down != 0) | (zoom != 1)
    still = torch.eye(3, device=images.device)
    if later:
        rows = torch.cat([rows, still[2:].expand(len(rows), 1, 3)], 1)
    for each in later:
        rows = _product(rows, each)
        moved = moved | (each != still).flatten(1).any(1)
    x = _pixel_centres(pixels_across, images.device)
    y = _pixel_centres(pixels_down, images.device)[:, None]
    grid = [_along(rows[:, k], x, y) for k in (0, 1)]
    if later:
        depth = _along(rows[:, 2], x, y).clamp_(min=_HORIZON)
        grid = [line / depth for line in grid]
    if outside == "border":
        grid[0] = _kept_inside(grid[0], left, width, moved, pixels_across)
        grid[1] = _kept_inside(grid[1], top, height, moved, pixels_down)
    place = torch.stack(grid, -1)
    return F.grid_sample(images, place, padding_mode=outside, align_corners=False)


def _product(maps: Tensor, later: Tensor) -> Tensor:
    """N x 3 x 3: `later`, a place after the op to the place before it, then `maps`.

    Summed as float32, which a product of matrices is not always on a CUDA device: where `later`
    changes nothing, the map stays as it is to the last bit.
    """
    return (maps[..., None] * later[:, None]).sum(2)


def _along(row: Tensor, x: Tensor, y: Tensor) -> Tensor:
    """N x H x W: a row of a map (N x 3) at every pixel."""
    row = row[..., None, None]
    return row[:, 0] * x + (row[:, 1] * y + row[:, 2])


def _pixel_centres(pixels: int, device: torch.device) -> Tensor:
    """Where the pixels of a line lie between -1 and 1, the outer edges of the image."""
    return (torch.arange(pixels, device=device) * 2 + 1) / pixels - 1


def _affine(
    left: Tensor,
    top: Tensor,
    width: Tensor,
    height: Tensor,
    flip: Tensor,
    degrees: Tensor,
    right: Tensor,
    down: Tensor,
    zoom: Tensor,
    aspect: float,
) -> Tensor:
    """N x 2 x 3: where in the image (-1..1) each place of the output (-1..1) is looked up."""
    angle = torch.deg2rad(degrees)
    cos, sin = angle.cos() / zoom, angle.sin() / zoom
    rows = torch.stack(
        [torch.stack([cos, -sin / aspect], 1), torch.stack([sin * aspect, cos], 1)], 1
    )
    moved = torch.stack((right, down), 1)[..., None] * 2
    linear = torch.cat([rows, -rows @ moved], 2)
    mirror = 1 - 2 * flip.to(linear.dtype)
    size = torch.stack([width * mirror, height], 1)[..., None]
    centre = torch.stack([2 * left + width - 1, 2 * top + height - 1], 1)
    return linear * size + F.pad(centre[..., None], (2, 0))


def _kept_inside(
    place: Tensor, start: Tensor, length: Tensor, moved: Tensor, pixels: int
) -> Tensor:
    """Places within the outermost pixels: of the crop, or of the image where it is moved."""
    start, length = torch.where(moved, 0.0, start), torch.where(moved, 1.0, length)
    low = 2 * start - 1 + 1 / pixels
    high = 2 * (start + length) - 1 - 1 / pixels
    return place.clamp(low[:, None, None], high[:, None, None])


def perspective(
    top_left_across: Tensor,
    top_left_down: Tensor,
    top_right_across: Tensor,
    top_right_down: Tensor,
    bottom_right_across: Tensor,
    bottom_right_down: Tensor,
    bottom_left_across: Tensor,
    bottom_left_down: Tensor,
) -> Tensor:
    """N x 3 x 3, for `resample`: the corners of the image, moved inwards by these shares (N each).

    `perspective` of torchvision, from the four corners of the image (0, 0) ... (0, H) to the moved
    ones. The inverse of the map that takes a square to a quadrilateral (Heckbert 1989), scaled so
    that the middle of the image lies at depth 1; corners that stay give exactly the identity.
    """
    x = (top_left_across, 1 - top_right_across, 1 - bottom_right_across, bottom_left_across)
    y = (top_left_down, top_right_down, 1 - bottom_right_down, 1 - bottom_left_down)
    skew = [p[0] - p[1] + p[2] - p[3] for p in (x, y)]
    upper, lower = ([p[k] - p[2] for p in (x, y)] for k in (1, 3))
    area = upper[0] * lower[1] - lower[0] * upper[1]
    g = (skew[0] * lower[1] - lower[0] * skew[1]) / area
    h = (upper[0] * skew[1] - skew[0] * upper[1]) / area
    (a, b, c), (d, e, f) = ((p[1] - p[0] + g * p[1], p[3] - p[0] + h * p[3], p[0]) for p in (x, y))
    inverse = (
        (e - f * h, c * h - b, b * f - c * e),
        (f * g - d, a - c * g, c * d - a * f),
        (d * h - e * g, b * g - a * h, a * e - b * d),
    )
    # from shares of the side (0..1) to the places of `resample` (-1..1), before the map and after
    rows = [torch.stack([p / 2, q / 2, (p + q) / 2 + r], 1) for p, q, r in inverse]
    maps = torch.stack([2 * rows[0] - rows[2], 2 * rows[1] - rows[2], rows[2]], 1)
    return maps / maps[:, 2:, 2:]
