"""Images as one uint8 tensor, with labels and named factors."""

from dataclasses import dataclass, field

import torch
from torch import Tensor


@dataclass(frozen=True)
class Factor:
    """A known property of every image, to be probed for in h and z.

    `values` N: float32 in 0..1 where `kind` is "circular" (hue, angle) or "continuous",
    int64 class numbers where it is "categorical" (named by `names`).
    """

    values: Tensor
    kind: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class ImageSet:
    """`images` N x C x H x W uint8; `labels` N int64, -1 where unknown; factors by name; `names` of
    the files they came from, N of them or none."""

    images: Tensor
    labels: Tensor
    class_names: tuple[str, ...] = ()
    factors: dict[str, Factor] = field(default_factory=dict)
    names: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.images)

    @property
    def labelled(self) -> bool:
        return bool(self.class_names) and bool((self.labels >= 0).all())

    def to(self, device: torch.device | str) -> "ImageSet":
        moved = {k: Factor(f.values.to(device), f.kind, f.names) for k, f in self.factors.items()}
        images, labels = self.images.to(device), self.labels.to(device)
        return ImageSet(images, labels, self.class_names, moved, self.names)

    def take(self, index: Tensor) -> "ImageSet":
        """The images at `index` (N' int64), with their labels and factors."""
        taken = {k: Factor(f.values[index], f.kind, f.names) for k, f in self.factors.items()}
        names = tuple(self.names[i] for i in index.tolist()) if self.names else ()
        return ImageSet(self.images[index], self.labels[index], self.class_names, taken, names)
