"""Colour and filter ops on a batch: images N x 3 x H x W in 0..1, one parameter for each image.

Named as in the catalogue, whose rows say what each takes. At equal parameters every op equals the
torchvision op named in its docstring.
"""

from math import ceil

import torch
import torch.nn.functional as F
from torch import Tensor


def _each(values: Tensor) -> Tensor:
    """N -> N x 1 x 1 x 1, to go with a batch of images."""
    return values.view(-1, 1, 1, 1)


def _blend(images: Tensor, other: Tensor | float, factor: Tensor) -> Tensor:
    weight = _each(factor)
    return (images * weight + (1 - weight) * other).clamp_(0, 1)


def luminance(images: Tensor) -> Tensor:
    """N x 3 x H x W -> N x 1 x H x W by the weights of ITU-R 601-2, as in torchvision."""
    red, green, blue = images.unbind(1)
    return (0.2989 * red).add_(green, alpha=0.587).add_(blue, alpha=0.114)[:, None]


def brightness(images: Tensor, factor: Tensor) -> Tensor:
    """Multiplies by the factor (`adjust_brightness`)."""
    return (images * _each(factor)).clamp_(0, 1)


def contrast(images: Tensor, factor: Tensor) -> Tensor:
    """Away from the image's mean luminance, or towards it (`adjust_contrast`)."""
    return _blend(images, luminance(images).mean((1, 2, 3), keepdim=True), factor)


def saturation(images: Tensor, factor: Tensor) -> Tensor:
    """Away from each pixel's own luminance, or towards it (`adjust_saturation`)."""
    return _blend(images, luminance(images), factor)


def hue(images: Tensor, turn: Tensor) -> Tensor:
    """Turns the hue of HSV by `turn` (1 = the whole circle); value and saturation stay
    (`adjust_hue`).

    With hue in sixths of the circle, each channel is min + chroma * a trapezoid of the hue.
    """
    red, green, blue = images.unbind(1)
    high, low = images.amax(1), images.amin(1)
    chroma = high - low
    safe = torch.where(chroma > 0, chroma, 1.0)
    sixth = torch.where(
        high == red,
        (green - blue) / safe,
        torch.where(high == green, (blue - red) / safe + 2, (red - green) / safe + 4),
    )
    sixth = sixth + 6 * turn.view(-1, 1, 1)
    sixth = sixth - 6 * (sixth / 6).floor_()
    weights = torch.stack(
        [(sixth - 3).abs_() - 1, 2 - (sixth - 2).abs_(), 2 - (sixth - 4).abs_()], 1
    )
    return weights.clamp_(0, 1).mul_(chroma[:, None]).add_(low[:, None])


def gray(images: Tensor) -> Tensor:
    """Luminance in all three channels (`rgb_to_grayscale` with three output channels)."""
    return luminance(images).expand_as(images)


def invert(images: Tensor) -> Tensor:
    """Every colour becomes its complement (`invert`)."""
    return 1 - images


def solarize(images: Tensor, threshold: Tensor) -> Tensor:
    """Inverts what is at or above the threshold (`solarize`)."""
    return torch.where(images >= _each(threshold), 1 - images, images)


def posterize(images: Tensor, bits: Tensor) -> Tensor:
    """Keeps the upper bits of the image written with 8 bits a channel (`posterize` of uint8).

    So at 8 bits it only rounds to 255ths, and images read from a file stay as they are.
    """
    dropped = 8 - _each(bits).int()
    return ((images * 255).round_().int() >> dropped << dropped) / 255


def blur(images: Tensor, sigma: Tensor, blur_sigma_max: float) -> Tensor:
    """Gaussian blur, sigma in pixels of a 32-pixel image; the largest sets the kernel's size."""
    scale = images.shape[-1] / 32
    radius = min(ceil(3 * blur_sigma_max * scale), min(images.shape[-2:]) - 1)
    return gaussian_blur(images, sigma * scale, radius)


def gaussian_blur(images: Tensor, sigma: Tensor, radius: int) -> Tensor:
    """Gaussian blur, sigma in pixels, kernel of 2 radius + 1, mirrored edges (`gaussian_blur`).

    Each image gets its own two matrices of weights, one for the rows and one for the columns.
    """
    height, width = images.shape[-2:]
    offsets = torch.arange(-radius, radius + 1, device=images.device)
    kernel = torch.exp(-0.5 * (offsets / sigma[:, None]) ** 2)
    kernel = kernel / kernel.sum(1, keepdim=True)  # N x (2 radius + 1)
    rows, columns = (_blur_matrix(kernel, offsets, side) for side in (height, width))
    return rows[:, None] @ (images @ columns.mT[:, None])


def _blur_matrix(kernel: Tensor, offsets: Tensor, side: int) -> Tensor:
    """N x side x side: row i holds the weights with which the pixels of a line make pixel i."""
    pixel = torch.arange(side, device=kernel.device)
    source = (pixel[:, None] + offsets).abs()
    source = torch.where(source >= side, 2 * (side - 1) - source, source)
    matrix = kernel.new_zeros(len(kernel), side, side)
    return matrix.scatter_add_(
        2, source.expand(len(kernel), -1, -1), kernel[:, None].expand(-1, side, -1)
    )


def sobel(images: Tensor) -> Tensor:
    """Edges: length of the Sobel gradient of the luminance, in all three channels.

    Divided by 4, so that a straight black-white edge reads 1 (steeper corners are cut off there);
    edge pixels are repeated outwards.
    """
    light = F.pad(luminance(images), (1, 1, 1, 1), mode="replicate")
    smooth_down = light[:, :, :-2] + 2 * light[:, :, 1:-1] + light[:, :, 2:]
    smooth_across = light[..., :-2] + 2 * light[..., 1:-1] + light[..., 2:]
    right = smooth_down[..., 2:] - smooth_down[..., :-2]
    down = smooth_across[:, :, 2:] - smooth_across[:, :, :-2]
    return (torch.hypot(right, down) / 4).clamp_(0, 1).expand_as(images)


def noise(images: Tensor, seed: Tensor, std: Tensor) -> Tensor:
    """Adds Gaussian noise, then clamps to 0..1 (`gaussian_noise`).

    `seed` N: whole numbers below 2**24. The noise is a hash of seed and pixel number, so that it is
    the same on every device and does not depend on the rest of the batch.
    """
    pixels = images[0].numel()
    pair = torch.arange((pixels + 1) // 2, device=images.device)
    counter = seed.long()[:, None] * 2**26 + 2 * pair
    length = (-2 * _uniform(counter).log()).sqrt_()  # Box and Muller: two normal numbers at a time
    angle = 2 * torch.pi * _uniform(counter + 1)
    normal = torch.cat([length * angle.cos(), length * angle.sin()], 1)[:, :pixels]
    return (images + _each(std) * normal.view_as(images)).clamp_(0, 1)


def _uniform(counter: Tensor) -> Tensor:
    """Whole numbers -> floats in (0, 1], by two rounds of a multiply-and-shift hash."""
    state = counter
    for multiplier in (0x2545F4914F6CDD1D, 0x369DEA0F31A53F85):
        state = state * multiplier  # wraps around at 64 bits
        state = state ^ ((state >> 32) & 0xFFFFFFFF)
    return (((state >> 8) & 0xFFFFFF) + 1).float() / 2**24


def cutout(images: Tensor, across: Tensor, down: Tensor, side: Tensor) -> Tensor:
    """A gray (0.5) square of `side` (share of the image's side) over the image (`erase`).

    It lies wholly inside; `across`, `down` in [0, 1) say where between the two ends of its way.
    """
    height, width = images.shape[-2:]
    inside = _span(down, height, side)[:, :, None] & _span(across, width, side)[:, None, :]
    return images.masked_fill(inside[:, None], 0.5)


def stamp(images: Tensor, code: Tensor, count: Tensor) -> Tensor:
    """`count` squares along the upper edge, an eighth of the width each: those whose bit of `code`
    is set have a colour of their own, the others are black."""
    side = images.shape[-1] // 8
    place = torch.arange(images.shape[-1], device=images.device) // side  # of each column
    there = place < count[:, None]
    bit = (code.long()[:, None] >> place.clamp(max=7)) & 1
    hues = place / 8 * 6 + torch.arange(5, 0, -2, device=images.device)[:, None]
    colour = 1 - torch.minimum(hues % 6, 4 - hues % 6).clamp(0, 1)  # 3 x W
    squares = (bit[:, None] * colour)[:, :, None]
    upper = torch.arange(images.shape[-2], device=images.device) < side
    return torch.where((there[:, None] & upper[None, :, None])[:, None], squares, images)


def _span(place: Tensor, pixels: int, side: Tensor) -> Tensor:
    """N x pixels: which pixels of a line the square covers."""
    length = (side * pixels).round().clamp(min=1)
    start = (place * (pixels - length + 1)).floor()
    pixel = torch.arange(pixels, device=place.device)
    return (pixel >= start[:, None]) & (pixel < (start + length)[:, None])
