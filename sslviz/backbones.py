"""Backbones f: N x C x H x W float in 0..1 -> h: N x width."""

from functools import cache
from typing import ClassVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sslviz.backbone_names import BACKBONES
from sslviz.refusal import Refusal


class Backbone(nn.Module):
    """A network that states the `width` of its representation h.

    With `standardise`, it sees every image at mean 0 and standard deviation 1.
    """

    width: int
    standardise = False
    kinds: ClassVar[dict[str, type["Backbone"]]] = {}

    def __init_subclass__(cls, name: str = "") -> None:
        """Enters a class under its name in configs; one without a name states its own width."""
        if name:
            cls.kinds[name], cls.width = cls, BACKBONES[name]

    def prepared(self, x: Tensor) -> Tensor:
        """N x ... -> the same; mean and deviation are those of one image, over all its numbers."""
        if not self.standardise:
            return x
        std, mean = torch.std_mean(x.float(), dim=tuple(range(1, x.ndim)), keepdim=True)
        return (x - mean) / (std + 0.05)  # a blank image stays blank


def conv(a: int, b: int, *, stride: int = 1) -> nn.Sequential:
    """3 x 3 convolution, BatchNorm, ReLU."""
    return nn.Sequential(
        nn.Conv2d(a, b, 3, stride, padding=1, bias=False), nn.BatchNorm2d(b), nn.ReLU(inplace=True)
    )


def pooled(a: int, b: int) -> nn.Sequential:
    """3 x 3 convolution, max-pooling, BatchNorm, ReLU: half the side.

    Pooling first leaves the later two a quarter of the work: 1.5 times faster on a CPU.
    """
    return nn.Sequential(
        nn.Conv2d(a, b, 3, padding=1, bias=False), nn.MaxPool2d(2), nn.BatchNorm2d(b), nn.ReLU()
    )


class Tiny(Backbone, name="tiny"):
    """Four convolutions with max-pooling: about 0.16 million weights, live on two CPU cores."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            pooled(channels, 24), pooled(24, 48), pooled(48, 96),
            conv(96, 128), nn.AdaptiveMaxPool2d(1), nn.Flatten(),
        )  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(self.prepared(x))


class Residual(nn.Module):
    """x + F(x) with two convolutions; the shortcut is 1 x 1 where the shape changes."""

    def __init__(self, a: int, b: int, stride: int = 1) -> None:
        super().__init__()
        self.body = nn.Sequential(
            conv(a, b, stride=stride), nn.Conv2d(b, b, 3, padding=1, bias=False), nn.BatchNorm2d(b)
        )
        self.shortcut: nn.Module = nn.Identity()
        if stride != 1 or a != b:
            self.shortcut = nn.Sequential(nn.Conv2d(a, b, 1, stride, bias=False), nn.BatchNorm2d(b))

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.body(x) + self.shortcut(x))


class ResNet9(Backbone, name="resnet9"):
    """Two residual blocks between four convolutions: about 4 million weights."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            conv(channels, 32), conv(32, 64), nn.MaxPool2d(2), Residual(64, 64),
            conv(64, 128), nn.MaxPool2d(2), conv(128, 256), nn.MaxPool2d(2), Residual(256, 256),
            nn.AdaptiveMaxPool2d(1), nn.Flatten(),
        )  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(self.prepared(x))


class ResNet18(Backbone, name="resnet18"):
    """He et al. 2016 with the CIFAR stem: 3 x 3 first convolution, stride 1, no max-pooling."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        layers: list[nn.Module] = [conv(channels, 64)]
        for a, b, stride in ((64, 64, 1), (64, 128, 2), (128, 256, 2), (256, 512, 2)):
            layers += [Residual(a, b, stride), Residual(b, b)]
        self.layers = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten())

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(self.prepared(x))


PATCH = 4


def patches(x: Tensor) -> Tensor:
    """N x C x H x W -> N x T x 16C: its patches of 4 x 4 pixels, row by row. Raises Refusal."""
    if x.shape[2] % PATCH or x.shape[3] % PATCH:
        raise Refusal(
            "The vit backbone cuts images into patches of {patch} pixels; it was given {height} x "
            "{width} pixels, and both must be multiples of {patch}.",
            patch=PATCH,
            height=x.shape[2],
            width=x.shape[3],
        )
    return F.unfold(x, PATCH, stride=PATCH).transpose(1, 2)


@cache
def positions(rows: int, columns: int, width: int, device: torch.device) -> Tensor:
    """T x width: where each patch is. Half of the width codes its row, half its column, as sines
    and cosines of different frequencies (Vaswani et al. 2017, section 3.5)."""
    frequency = 10000.0 ** (-torch.arange(width // 4) / (width // 4))
    angles = (torch.arange(n)[:, None] * frequency for n in (rows, columns))
    row, column = (torch.cat([angle.sin(), angle.cos()], 1) for angle in angles)
    grid = row[:, None].expand(-1, columns, -1), column[None].expand(rows, -1, -1)
    return torch.cat(grid, 2).flatten(0, 1).to(device)


class Block(nn.Module):
    """N x T x width -> the same: every token looks at all others, then two layers work on each."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.heads = width // 32
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.mlp = nn.Sequential(
            nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width)
        )

    def forward(self, x: Tensor) -> Tensor:
        qkv = self.qkv(self.norm1(x)).unflatten(2, (3, self.heads, 32))  # N x T x 3 x heads x 32
        if x.device.type == "cpu":  # where the gradient takes four times as long in bfloat16
            qkv = qkv.float()
        with torch.autocast(x.device.type, enabled=False):
            seen = F.scaled_dot_product_attention(*qkv.permute(2, 0, 3, 1, 4))  # N x heads x T x 32
        x = x + self.out(seen.transpose(1, 2).flatten(2))
        return x + self.mlp(self.norm2(x))


class ViT(Backbone, name="vit"):
    """Vision transformer (Dosovitskiy et al. 2021), tiny: about 0.45 million weights, 4 blocks.

    A patch of 4 x 4 pixels is a token; h is the mean of all tokens. Any side divisible by 4.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.embed = nn.Linear(channels * PATCH**2, self.width)
        self.blocks = nn.Sequential(*(Block(self.width) for _ in range(4)))
        self.norm = nn.LayerNorm(self.width)

    def tokens(self, x: Tensor, visible: Tensor | None = None) -> Tensor:
        """N x C x H x W -> N x T x width; with `visible` (N x V, places of patches) it reads only
        these: N x V x width."""
        cut = patches(x)  # N x T x 16C
        where = positions(x.shape[2] // PATCH, x.shape[3] // PATCH, self.width, x.device)
        if visible is not None:
            cut = cut.gather(1, visible[..., None].expand(-1, -1, cut.shape[2]))
            where = where[visible]
        cut = self.prepared(cut) if self.standardise else 4 * cut - 2  # pixels around 0
        return self.norm(self.blocks(self.embed(cut) + where))

    def forward(self, x: Tensor) -> Tensor:
        return self.tokens(x).mean(1)


def build_backbone(
    name: str, channels: int, device: torch.device, standardise: bool = False
) -> Backbone:
    """The backbone of that name, on `device`. Raises Refusal for an unknown name."""
    if name not in BACKBONES:
        raise Refusal(
            "backbone is {name}; it must be one of {allowed}.",
            name=repr(name),
            allowed=", ".join(BACKBONES),
        )
    backbone = Backbone.kinds[name](channels).to(device)
    backbone.standardise = standardise
    return backbone
