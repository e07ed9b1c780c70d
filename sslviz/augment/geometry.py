"""Crop, flip, rotation, shift and zoom of a batch in one bilinear resampling."""

import torch
import torch.nn.functional as F
from torch import Tensor

Box = tuple[Tensor, Tensor, Tensor, Tensor]


def resample(
    images: Tensor,
    crop: Box,
    flip: Tensor,
    degrees: Tensor,
    shift: tuple[Tensor, Tensor],
    zoom: Tensor,
    outside: str = "border",
) -> Tensor:
    """N x C x H x W -> the same shape; every parameter holds N values, one for each image.

    In this order: cut out `crop` (left, top, width, height, as shares of the image) and enlarge it,
    mirror where `flip`, turn counter-clockwise by `degrees`, enlarge by `zoom`, move right and
    down by `shift` (shares of the side). All is composed into one affine map, so that pixels are
    interpolated once. `outside`: "border" repeats the nearest edge pixel, "zeros" is black, as in
    torchvision; black corners would tell the encoder the angle. A crop that is neither turned nor
    moved sees nothing beyond its own edge, as if it had been cut out first.
    """
    height, width = images.shape[-2:]
    rows = _sampling_map(crop, flip, degrees, shift, zoom, width / height)[..., None, None]
    x = _pixel_centres(width, images.device)
    y = _pixel_centres(height, images.device)[:, None]
    grid = [rows[:, k, 0] * x + (rows[:, k, 1] * y + rows[:, k, 2]) for k in (0, 1)]
    if outside == "border":
        moved = (degrees != 0) | (shift[0] != 0) | (shift[1] != 0) | (zoom != 1)
        left, top, box_width, box_height = crop
        grid[0] = _kept_inside(grid[0], left, box_width, moved, width)
        grid[1] = _kept_inside(grid[1], top, box_height, moved, height)
    place = torch.stack(grid, -1)
    return F.grid_sample(images, place, padding_mode=outside, align_corners=False)


def _pixel_centres(pixels: int, device: torch.device) -> Tensor:
    """Where the pixels of a line lie between -1 and 1, the outer edges of the image."""
    return (torch.arange(pixels, device=device) * 2 + 1) / pixels - 1


def _sampling_map(
    crop: Box,
    flip: Tensor,
    degrees: Tensor,
    shift: tuple[Tensor, Tensor],
    zoom: Tensor,
    aspect: float,
) -> Tensor:
    """N x 2 x 3: where in the image (-1..1) each place of the output (-1..1) is looked up."""
    left, top, box_width, box_height = crop
    angle = torch.deg2rad(degrees)
    cos, sin = angle.cos() / zoom, angle.sin() / zoom
    rows = torch.stack(
        [torch.stack([cos, -sin / aspect], 1), torch.stack([sin * aspect, cos], 1)], 1
    )
    moved = torch.stack(shift, 1)[..., None] * 2
    linear = torch.cat([rows, -rows @ moved], 2)
    mirror = 1 - 2 * flip.to(linear.dtype)
    size = torch.stack([box_width * mirror, box_height], 1)[..., None]
    centre = torch.stack([2 * left + box_width - 1, 2 * top + box_height - 1], 1)
    return linear * size + F.pad(centre[..., None], (2, 0))


def _kept_inside(
    place: Tensor, start: Tensor, length: Tensor, moved: Tensor, pixels: int
) -> Tensor:
    """Places within the outermost pixels: of the crop, or of the image where it is moved."""
    start, length = torch.where(moved, 0.0, start), torch.where(moved, 1.0, length)
    low = 2 * start - 1 + 1 / pixels
    high = 2 * (start + length) - 1 - 1 / pixels
    return place.clamp(low[:, None, None], high[:, None, None])
