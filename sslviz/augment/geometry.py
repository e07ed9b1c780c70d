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
    grid = F.affine_grid(
        _sampling_map(crop, flip, degrees, shift, zoom, width / height),
        [len(images), 1, height, width],
        align_corners=False,
    )
    if outside == "border":
        moved = (degrees != 0) | (shift[0] != 0) | (shift[1] != 0) | (zoom != 1)
        low, high = _bounds(crop, moved, height, width)
        grid = torch.minimum(torch.maximum(grid, low), high)
    return F.grid_sample(images, grid, padding_mode=outside, align_corners=False)


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


def _bounds(crop: Box, moved: Tensor, height: int, width: int) -> tuple[Tensor, Tensor]:
    """Centres of the outermost pixels that may be looked up: of the crop, or of the image."""
    left, top, box_width, box_height = (
        torch.where(moved, whole, part)
        for part, whole in zip(crop, (0.0, 0.0, 1.0, 1.0), strict=True)
    )
    low = [2 * left - 1 + 1 / width, 2 * top - 1 + 1 / height]
    high = [2 * (left + box_width) - 1 - 1 / width, 2 * (top + box_height) - 1 - 1 / height]
    return torch.stack(low, 1)[:, None, None], torch.stack(high, 1)[:, None, None]
