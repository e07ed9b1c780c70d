"""What a method remembers between steps: a queue of recent keys, or a bank with one per image."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sslviz.methods.base import in_float32


class Queue(nn.Module):
    """The newest `length` vectors, newest first. Starts with random directions, born at step -1.

    `vectors` K x D, `born` K (the step each entered at), `clock` the number of pushes so far.
    """

    vectors: Tensor
    born: Tensor
    clock: Tensor

    def __init__(self, length: int, width: int) -> None:
        super().__init__()
        self.register_buffer("vectors", F.normalize(torch.randn(length, width), dim=1))
        self.register_buffer("born", torch.full((length,), -1))
        self.register_buffer("clock", torch.tensor(0))

    @torch.no_grad()
    def push(self, fresh: Tensor) -> None:
        """N x D enter at the front; as many of the oldest leave at the back. In place, where a
        recorded step looks for them."""
        length = len(self.vectors)
        born = self.clock.expand(len(fresh))
        self.vectors.copy_(torch.cat([fresh.to(self.vectors.dtype), self.vectors])[:length])
        self.born.copy_(torch.cat([born, self.born])[:length])
        self.clock += 1

    @torch.no_grad()
    def resize(self, length: int) -> None:
        """Shorter: the oldest leave. Longer: random directions are put at the back."""
        missing = length - len(self.vectors)
        if missing > 0:
            extra = F.normalize(torch.randn(missing, self.vectors.shape[1]), dim=1)
            self.vectors = torch.cat([self.vectors, extra.to(self.vectors)])
            self.born = torch.cat([self.born, self.born.new_full((missing,), -1)])
        self.vectors, self.born = self.vectors[:length], self.born[:length]

    def ages(self) -> Tensor:
        """K: steps since each vector was computed; -1 for the random ones of the start."""
        return torch.where(self.born < 0, -1, self.clock - 1 - self.born)

    def _load_from_state_dict(
        self, state_dict: dict[str, Any], prefix: str, *args: Any, **kwargs: Any
    ) -> None:
        """A saved queue may have another length than the new one: the saved length wins."""
        if prefix + "vectors" in state_dict:
            self.resize(len(state_dict[prefix + "vectors"]))
        super()._load_from_state_dict(state_dict, prefix, *args, **kwargs)


class Bank(nn.Module):
    """One unit vector for each training image, random at first.

    `vectors` n x D, `born` n (the step of the last update, -1 before), `clock` the steps so far.
    """

    vectors: Tensor
    born: Tensor
    clock: Tensor

    def __init__(self, n_images: int, width: int) -> None:
        super().__init__()
        self.register_buffer("vectors", F.normalize(torch.randn(n_images, width), dim=1))
        self.register_buffer("born", torch.full((n_images,), -1))
        self.register_buffer("clock", torch.tensor(0))
        self.asked: float | None = None

    @torch.no_grad()
    def update(self, index: Tensor, fresh: Tensor, momentum: float) -> None:
        """Entries at `index` (N) <- momentum * old + (1 - momentum) * fresh (N x D), unit length."""
        old = self.vectors[index]
        self.vectors[index] = F.normalize(old.lerp(fresh.to(old), 1 - momentum), dim=1)
        self.born[index] = self.clock
        self.clock += 1

    @in_float32
    def partition(self, z: Tensor, tau: float) -> Tensor:
        """z: N x D, unit rows -> Z: the sum of exp(v . z / tau) over all entries v, mean over z."""
        return (z @ self.vectors.T / tau).exp().sum(1).mean()

    def estimate(self, known: Tensor, z: Tensor, tau: float) -> Tensor:
        """`known`, or where it is 0 the partition of this batch; a device is asked which only once
        for each temperature, since its answer takes waiting."""
        if self.asked != tau:
            self.asked = tau
            return self.partition(z, tau) if known == 0 else known
        return known

    def ages(self) -> Tensor:
        """At most 4096 values: steps since the first entries were updated; -1: still random."""
        born = self.born[:4096]
        return torch.where(born < 0, -1, self.clock - 1 - born)
