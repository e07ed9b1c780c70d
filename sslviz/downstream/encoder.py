"""The part of a run's network put to use: backbone f and the first layers of projector g."""

from collections.abc import Callable
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from sslviz.backbones import build_backbone
from sslviz.config import RunConfig
from sslviz.knobs import ConfigError
from sslviz.methods import method_class
from sslviz.methods.base import Method
from sslviz.runs.store import newest_checkpoint
from sslviz.streams import stream
from sslviz.training.observe import evaluating

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
        raise ConfigError(
            f"layer is {layer}; this run's projector has {len(linear)} layers, and 0 is h."
        )
    kept = parts[: [*linear, len(parts)][layer]]
    return Trunk(method.backbone, nn.Sequential(*kept), list(linear.values())[layer - 1])


def untrained(config: RunConfig, seed: int | None = None) -> Method:
    """The run's network as its own seed made it, or another draw of the same network."""
    own = stream(config.seed, "weights") if seed is None else stream(seed, "downstream/weights")
    torch.manual_seed(own.initial_seed())
    backbone = build_backbone(config.backbone, 3, torch.device("cpu"), config.standardise)
    return method_class(config.method)(backbone, config.method_config(), config.batch_size, 2)


def trained(folder: Path, config: RunConfig) -> tuple[Method, int]:
    """The network of the newest checkpoint, and its step. Raises ConfigError where it cannot be."""
    found = newest_checkpoint(folder)
    if found is None:
        raise ConfigError(f"The run {folder.name} has no checkpoint yet; let it train first.")
    weights, state = found
    tensors = load_file(weights)
    method = untrained(config)
    for name in ("backbone", "projector"):
        prefix = f"method.{name}."
        part = {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}
        try:
            getattr(method, name).load_state_dict(part)
        except RuntimeError:
            raise ConfigError(
                f"The checkpoint of {folder.name} was written by another {name} than the "
                f"{config.backbone if name == 'backbone' else config.method} of its config."
            ) from None
    return method, int(state["step"])


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
