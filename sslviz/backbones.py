"""Backbones f: N x C x H x W float in 0..1 -> h: N x width."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sslviz.knobs import ConfigError


class Backbone(nn.Module):
    """A network that states the `width` of its representation h."""

    width: int


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


class Tiny(Backbone):
    """Four convolutions with max-pooling: about 0.16 million weights, live on two CPU cores."""

    width = 128

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            pooled(channels, 24), pooled(24, 48), pooled(48, 96),
            conv(96, 128), nn.AdaptiveMaxPool2d(1), nn.Flatten(),
        )  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(x)


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


class ResNet9(Backbone):
    """Two residual blocks between four convolutions: about 4 million weights."""

    width = 256

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            conv(channels, 32), conv(32, 64), nn.MaxPool2d(2), Residual(64, 64),
            conv(64, 128), nn.MaxPool2d(2), conv(128, 256), nn.MaxPool2d(2), Residual(256, 256),
            nn.AdaptiveMaxPool2d(1), nn.Flatten(),
        )  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(x)


class ResNet18(Backbone):
    """He et al. 2016 with the CIFAR stem: 3 x 3 first convolution, stride 1, no max-pooling."""

    width = 512

    def __init__(self, channels: int) -> None:
        super().__init__()
        layers: list[nn.Module] = [conv(channels, 64)]
        for a, b, stride in ((64, 64, 1), (64, 128, 2), (128, 256, 2), (256, 512, 2)):
            layers += [Residual(a, b, stride), Residual(b, b)]
        self.layers = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten())

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(x)


BACKBONES = {"tiny": Tiny, "resnet9": ResNet9, "resnet18": ResNet18}


def build_backbone(name: str, channels: int, device: torch.device) -> Backbone:
    """The backbone of that name, on `device`. Raises ConfigError for an unknown name."""
    if name not in BACKBONES:
        raise ConfigError(f"backbone is {name!r}; it must be one of {', '.join(BACKBONES)}.")
    return BACKBONES[name](channels).to(device)
