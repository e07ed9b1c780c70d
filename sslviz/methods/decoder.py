"""Painting: from a vector back to an image of 32 x 32 pixels, whatever size the input has."""

import torch.nn.functional as F
from torch import Tensor, nn

from sslviz.backbones import conv
from sslviz.methods.base import in_float32

SIDE = 32


class Decoder(nn.Module):
    """N x D -> N x 3 x 32 x 32: a linear layer to 4 x 4, then three times twice as large."""

    def __init__(self, width: int) -> None:
        super().__init__()
        twice = nn.Upsample(scale_factor=2)
        self.layers = nn.Sequential(
            nn.Linear(width, 128 * 16), nn.Unflatten(1, (128, 4, 4)),
            conv(128, 64), twice, conv(64, 32), twice, conv(32, 16), twice,
            nn.Conv2d(16, 3, 3, padding=1),
        )  # fmt: skip

    def forward(self, z: Tensor) -> Tensor:
        return self.layers(z).float()


def canvas(x: Tensor) -> Tensor:
    """N x 3 x S x S -> N x 3 x 32 x 32: what the decoder is to paint."""
    return F.interpolate(x, size=SIDE, mode="area")


def hide(x: Tensor, hidden: Tensor) -> Tensor:
    """N x C x S x S with gray where `hidden` (N x 1 x 32 x 32, 1 = hidden) is 1."""
    mask = F.interpolate(hidden, size=x.shape[-1], mode="nearest")
    return x * (1 - mask) + 0.5 * mask


@in_float32
def pixel_error(painted: Tensor, image: Tensor, where: Tensor) -> Tensor:
    r"""Mean squared error where `where` (N x 1 x H x W) is 1. painted, image: N x C x H x W.

    $$\frac{\sum m\,(\hat x - x)^2}{C\sum m}$$
    """
    error = (painted - image).square() * where
    return error.sum() / (where.sum() * image.shape[1]).clamp(min=1)
