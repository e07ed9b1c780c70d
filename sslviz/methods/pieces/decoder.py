"""Painting: from a vector, or from a token for each visible patch, back to pixels."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sslviz.backbones import PATCH, Block, conv, positions
from sslviz.methods.base import in_float32
from sslviz.methods.pieces.projector import Logits

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


class Discriminator(nn.Module):
    """N x 3 x 32 x 32 -> N logits: how sure it is that a picture is real and not painted.

    Leaky ReLUs, strides and no BatchNorm: each picture is judged by itself.
    """

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for a, b in ((3, 32), (32, 64), (64, 64)):
            layers += [nn.Conv2d(a, b, 3, stride=2, padding=1), nn.LeakyReLU(0.2)]
        self.layers = nn.Sequential(*layers, nn.Flatten(), Logits(64 * 16, 1))

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(x)[:, 0]


class TokenDecoder(nn.Module):
    """N x V x `inside` (tokens of visible patches) -> N x T x 48: pixels of all patches.

    A small transformer: hidden places hold one learned token, every place its position.
    """

    width = 64

    def __init__(self, inside: int, depth: int) -> None:
        super().__init__()
        self.enter = nn.Linear(inside, self.width)
        self.hidden = nn.Parameter(0.02 * torch.randn(self.width))
        self.blocks = nn.Sequential(*(Block(self.width) for _ in range(depth)))
        self.leave = nn.Sequential(nn.LayerNorm(self.width), nn.Linear(self.width, 3 * PATCH**2))

    def forward(self, tokens: Tensor, visible: Tensor, side: int) -> Tensor:
        """`visible` N x V: their places in a grid of `side` x `side` patches."""
        known = self.enter(tokens)
        everywhere = self.hidden.to(known.dtype).expand(len(tokens), side**2, -1)
        everywhere = everywhere.scatter(1, visible[..., None].expand_as(known), known)
        here = positions(side, side, self.width, tokens.device)
        return self.leave(self.blocks(everywhere + here)).float()


def unpatched(x: Tensor) -> Tensor:
    """N x T x 48 -> N x 3 x S x S: the inverse of `backbones.patches` for square images."""
    side = PATCH * round(x.shape[1] ** 0.5)
    return F.fold(x.transpose(1, 2), side, PATCH, stride=PATCH)


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
