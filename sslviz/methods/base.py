"""The contract of a method: make views, turn them into a loss, update what gradients do not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any, ClassVar, NamedTuple, ParamSpec, Protocol, TypeVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sslviz.backbones import Backbone

P = ParamSpec("P")
R = TypeVar("R")


class Augment(Protocol):
    """What a method may ask of the augmentation pipeline during one step."""

    def view(self, images: Tensor, which: int) -> Tensor:
        """N x C x H x W uint8 -> float in 0..1: a fresh random view by recipe 1 or 2."""
        ...

    def plain(self, images: Tensor) -> Tensor:
        """N x C x H x W uint8 -> float in 0..1, unchanged otherwise."""
        ...

    def generator(self, name: str) -> torch.Generator:
        """A CPU generator for the method's own draws (masks, permutations ...) in this step."""
        ...


@dataclass(frozen=True)
class Batch:
    """`images` N x C x H x W uint8; `index` N: their places in the training set; `labels` N."""

    images: Tensor
    index: Tensor
    labels: Tensor


@dataclass(frozen=True)
class Views:
    """What one step looks at: `x`, a list of V tensors N x C x H x W, float in 0..1.

    `target` is what a pretext task predicts (rotation, permutation, hidden pixels).
    """

    x: list[Tensor]
    batch: Batch
    target: Tensor | None = None
    extra: dict[str, Tensor] = field(default_factory=dict)


class Step(NamedTuple):
    """One forward pass: the scalar loss, its named parts, the embeddings of two views (N x D)."""

    loss: Tensor
    terms: dict[str, Tensor]
    z1: Tensor
    z2: Tensor


class Method(nn.Module):
    """A learning rule around a backbone f; subclasses add a projector g and what else they need.

    A subclass's docstring is its lesson; it states `title`, `family`, a frozen `Config` of knobs,
    and in `needs` the only backbone it works with, if not all do.
    """

    title: ClassVar[str]
    family: ClassVar[str]
    needs: ClassVar[str] = ""
    Config: ClassVar[type[Any]]

    def __init__(self, backbone: Backbone, config: Any, n_images: int, n_classes: int) -> None:
        super().__init__()
        self.backbone = backbone
        self.config = config
        self.projector: nn.Module = nn.Identity()

    def views(self, batch: Batch, augment: Augment) -> Views:
        return Views([augment.view(batch.images, 1), augment.view(batch.images, 2)], batch)

    def forward(self, views: Views) -> Step:
        raise NotImplementedError

    def after_step(self, progress: float | Tensor) -> None:
        """Called after each optimizer step; `progress` runs from 0 to 1 over the run.

        It is a number, or a scalar on the device where the step is recorded: what changes from step
        to step must follow from it, and what is kept must be changed in place.
        """

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """N x C x H x W -> h: N x backbone.width, z: N x D. What every method is measured by."""
        h = self.backbone(x)
        return h, self.projector(h)

    def observe(self) -> dict[str, Tensor]:
        """Extra things to draw: small tensors by name, written into each snapshot."""
        return {}

    def attempt(self, batch: Batch, augment: Augment) -> dict[str, Tensor]:
        """The method's own task tried on a few held-out images, to draw beside `observe`.

        Called in eval mode with the same images and draws at every snapshot.
        """
        return {}

    def chance_loss(self, batch_size: int) -> float | None:
        """The loss of an encoder that knows nothing, drawn as a line; None where there is none."""
        return None

    def set_knobs(self, values: Mapping[str, Any]) -> None:
        """Changes live knobs in mid-run; the values are checked already."""
        self.config = replace(self.config, **values)


def pictures(x: Tensor, most: int = 64) -> Tensor:
    """... x 3 x S x S in 0..1 -> uint8 of the same shape, or of `most` x `most` pixels if larger."""
    if x.shape[-1] > most:
        small = F.interpolate(x.flatten(0, -4), size=most, mode="area")
        x = small.unflatten(0, x.shape[:-3])
    return (x.detach().clamp(0, 1) * 255).round().byte()


def in_float32(loss: Callable[P, R]) -> Callable[P, R]:
    """A loss computed in float32 or better, also where autocast runs the networks in bfloat16."""

    @wraps(loss)
    def precise(*args: P.args, **kwargs: P.kwargs) -> R:
        wide: Any = [
            a.float() if isinstance(a, Tensor) and a.dtype in (torch.bfloat16, torch.float16) else a
            for a in args
        ]
        device = next(a.device.type for a in args if isinstance(a, Tensor))
        with torch.autocast(device, enabled=False):
            return loss(*wide, **kwargs)

    return precise
