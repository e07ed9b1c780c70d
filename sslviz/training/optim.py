"""Optimizers and the learning rate over time."""

import inspect
from collections.abc import Callable, Iterable
from math import cos, pi
from typing import Any, TypeVar, cast

import torch
from torch import Tensor, nn

from sslviz.config import RunConfig

Kind = TypeVar("Kind", bound=type[torch.optim.Optimizer])


def uncompiled(kind: Kind) -> Kind:
    """The same optimizer without torch's wrappers for torch.compile, which nothing here uses.

    The first call of such a wrapper loads the compiler: two seconds of each start of a worker.
    """
    names = ("add_param_group", "zero_grad", "state_dict", "load_state_dict")
    own: dict[str, Any] = {name: inspect.unwrap(getattr(kind, name)) for name in names}
    own["step"] = torch.no_grad()(inspect.unwrap(kind.step))
    return cast(Kind, type(kind.__name__, (kind,), own))


@uncompiled
class LARS(torch.optim.Optimizer):
    """SGD with momentum 0.9 whose step is scaled to each weight's norm (You et al. 2017, eq. 6).

    Biases and norm parameters (one dimension) get neither the scaling nor weight decay, as in BYOL.
    """

    def __init__(
        self, params: Iterable[Any], lr: float, weight_decay: float, eta: float = 0.001
    ) -> None:
        super().__init__(params, {"lr": lr, "weight_decay": weight_decay, "eta": eta})

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> None:  # type: ignore[override]
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    self._move(p, group)

    def _move(self, p: Tensor, group: dict[str, Any]) -> None:
        g = p.grad
        assert g is not None
        if p.ndim > 1:
            g = g + group["weight_decay"] * p
            scale = group["eta"] * p.norm() / g.norm().clamp(min=1e-12)
            g = g * torch.where(p.norm() > 0, scale, torch.ones_like(scale))
        momentum = self.state[p].setdefault("momentum", torch.zeros_like(p))
        momentum.mul_(0.9).add_(g)
        p.sub_(group["lr"] * momentum)


def build_optimizer(config: RunConfig, module: nn.Module) -> torch.optim.Optimizer:
    """The optimizer over what has gradients; biases and norms are not decayed.

    On a CUDA device it reads the learning rate from there, so that a recorded step sees it change.
    """
    params = [p for p in module.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in params if p.ndim > 1], "weight_decay": config.weight_decay},
        {"params": [p for p in params if p.ndim <= 1], "weight_decay": 0.0},
    ]
    cuda = next((p.device for p in params if p.is_cuda), None)
    lr: Any = config.lr if cuda is None else torch.tensor(config.lr, device=cuda)
    if config.optimizer == "adamw":
        return uncompiled(torch.optim.AdamW)(groups, lr, fused=True, capturable=cuda is not None)
    if config.optimizer == "sgd":
        return uncompiled(torch.optim.SGD)(groups, lr, momentum=0.9, fused=cuda is not None)
    return LARS(groups, lr, config.weight_decay)


def set_rate(optimizer: torch.optim.Optimizer, lr: float) -> None:
    """The learning rate of the next step."""
    for group in optimizer.param_groups:
        if isinstance(group["lr"], Tensor):
            group["lr"].fill_(lr)
        else:
            group["lr"] = lr


def learning_rate(config: RunConfig, step: int) -> float:
    """Linear warm-up, then constant or half a cosine to zero at the last step."""
    if step < config.warmup_steps:
        return config.lr * (step + 1) / config.warmup_steps
    if config.schedule == "constant":
        return config.lr
    left = max(1, config.steps - config.warmup_steps)
    return config.lr * (1 + cos(pi * min(1.0, (step - config.warmup_steps) / left))) / 2
