"""The part of a run's network put to use: backbone f and the first layers of projector g."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from sslviz.methods.base import Method
from sslviz.refusal import Refusal
from sslviz.training.network import evaluating

CHUNK = 512


class Trunk(nn.Module):
    """N x 3 x H x W in 0..1 -> N x `width`: h, or what the projector's first layers make of it."""

    def __init__(self, backbone: nn.Module, head: nn.Module, width: int) -> None:
        super().__init__()
        self.backbone, self.head, self.width = backbone, head, width

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.backbone(x))


def trunk_of(method: Method, layer: int) -> Trunk:
    """Layer 0: h; k: after the projector's k-th linear layer with its BatchNorm and ReLU."""
    width = method.backbone.width
    if layer == 0:
        return Trunk(method.backbone, nn.Identity(), width)
    parts = list(method.projector) if isinstance(method.projector, nn.Sequential) else []
    linear = {i: part.out_features for i, part in enumerate(parts) if isinstance(part, nn.Linear)}
    if layer > len(linear):
        raise Refusal(
            "layer is {layer}; this run's projector has {n} layers, and 0 is h.",
            layer=layer,
            n=len(linear),
        )
    kept = parts[: [*linear, len(parts)][layer]]
    return Trunk(method.backbone, nn.Sequential(*kept), list(linear.values())[layer - 1])


@torch.no_grad()
def features(
    trunk: nn.Module, images: Tensor, report: Callable[[float], None] = lambda share: None
) -> Tensor:
    """N x 3 x H x W uint8 -> N x width float32, without augmentation."""
    parts = []
    with evaluating(trunk):
        for i, piece in enumerate(images.split(CHUNK)):
            parts.append(trunk(piece / 255).float())
            report(min(1.0, (i + 1) * CHUNK / len(images)))
    return torch.cat(parts)
