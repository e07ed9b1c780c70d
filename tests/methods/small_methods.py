"""Small data, a small augmentation and a small backbone for the tests of the methods."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sslviz.backbones import Backbone, build_backbone
from sslviz.methods import card, method_class
from sslviz.methods.base import Batch, Method, Views

N = 24


class Noise:
    """A view is the image plus noise, drawn from torch's own generator."""

    def view(self, images: Tensor, which: int) -> Tensor:
        return (self.plain(images) + 0.1 * torch.randn(images.shape, device=images.device)).clamp(
            0, 1
        )

    def plain(self, images: Tensor) -> Tensor:
        return images.float() / 255

    def generator(self, name: str) -> torch.Generator:
        return torch.Generator().manual_seed(int(torch.randint(2**40, ())))


class Small(Backbone):
    """Two convolutions with BatchNorm; width 24."""

    width = 24

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(3, 12, 3, 2, 1), nn.BatchNorm2d(12), nn.ReLU(),
            nn.Conv2d(12, 24, 3, 2, 1), nn.BatchNorm2d(24), nn.ReLU(),
            nn.AdaptiveAvgPool2d(1), nn.Flatten(),
        )  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        return self.layers(x)


def make_batch(n: int = N, side: int = 16) -> Batch:
    """Smooth colour blobs, all different; four classes."""
    generator = torch.Generator().manual_seed(7)
    coarse = torch.rand(n, 3, 4, 4, generator=generator)
    images = (F.interpolate(coarse, size=(side, side), mode="bilinear") * 255).to(torch.uint8)
    return Batch(images, torch.arange(n), torch.arange(n) % 4)


def make_method(name: str, seed: int = 0, **knobs: object) -> Method:
    torch.manual_seed(seed)
    narrow = {"projector_width": 32, "embedding": 16, "queue": 64}
    config = card(name).config
    known = {k: v for k, v in (narrow | knobs).items() if k in config.__dataclass_fields__}
    needs = card(name).needs
    backbone = build_backbone(needs, 3, torch.device("cpu")) if needs else Small()
    return method_class(name)(backbone, config(**known), n_images=N, n_classes=4)


def make_views(method: Method, seed: int = 0) -> Views:
    torch.manual_seed(seed)
    return method.views(make_batch(), Noise())


def train(
    method: Method, optimizer: torch.optim.Optimizer, steps: range, total: int = 20
) -> list[float]:
    """The loop in miniature: one loss a step; each step has its own seed."""
    losses = []
    for step in steps:
        views = make_views(method, seed=step)
        loss = method(views).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        method.after_step((step + 1) / total)
        losses.append(loss.item())
    return losses


def adam(method: Method, lr: float = 0.003) -> torch.optim.Adam:
    return torch.optim.Adam([p for p in method.parameters() if p.requires_grad], lr)
