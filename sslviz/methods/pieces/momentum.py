"""A network that follows another slowly: copies, moving averages, how far they are apart."""

from copy import deepcopy
from math import cos, pi

import torch
from torch import Tensor, nn


def frozen_copy(module: nn.Module) -> nn.Module:
    """A target network: same weights, no gradients."""
    return deepcopy(module).requires_grad_(False)


def ema_update(target: nn.Module, online: nn.Module, m: float | Tensor) -> None:
    """target <- m * target + (1 - m) * online, for weights and BatchNorm statistics alike."""
    weight = 1.0 - m
    for t, o in zip(target.state_dict().values(), online.state_dict().values(), strict=True):
        if t.is_floating_point():
            t.lerp_(o, weight.to(t.dtype) if isinstance(weight, Tensor) else weight)
        else:
            t.copy_(o)


def momentum_at(progress: float | Tensor, start: float) -> float | Tensor:
    r"""$1 - (1-m_0)(\cos(\pi k/K)+1)/2$: rises from `start` to 1 while progress goes from 0 to 1."""
    turn = pi * progress
    return 1 - (1 - start) * ((turn.cos() if isinstance(turn, Tensor) else cos(turn)) + 1) / 2


@torch.no_grad()
def weight_distance(target: nn.Module, online: nn.Module) -> Tensor:
    """How far the target's weights are from the online ones, relative to the online weights' norm."""
    pairs = list(zip(target.parameters(), online.parameters(), strict=True))
    apart = sum(((t - o) ** 2).sum() for t, o in pairs)
    size = sum((o**2).sum() for _, o in pairs)
    return torch.as_tensor(apart / size).sqrt()
