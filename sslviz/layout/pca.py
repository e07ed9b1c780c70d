"""Principal components, turned so that a picture continues the picture before it."""

from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F
from torch import Tensor


@dataclass(frozen=True)
class Projection:
    """x (N x D) -> (x - mean) @ directions (N x K); of x / |x|, put back to length 1, if `unit`.

    It also places images that were not there when it was made.
    """

    mean: Tensor
    directions: Tensor
    unit: bool = False

    def __call__(self, x: Tensor) -> Tensor:
        x = F.normalize(x.double(), dim=1) if self.unit else x.double() - self.mean
        y = x @ self.directions
        return (F.normalize(y, dim=1) if self.unit else y).float()

    def turned(self, turn: Tensor) -> "Projection":
        """The same picture with its axes turned by K x K `turn`."""
        return replace(self, directions=self.directions @ turn.double())


def pca(x: Tensor, k: int = 3) -> Projection:
    """The k widest directions of x (N x D), scaled so that the first two have RMS radius 1."""
    mean = x.double().mean(dim=0)
    centred = x.double() - mean
    _, directions = torch.linalg.eigh(centred.T @ centred)
    directions = _padded(directions.flip(1)[:, :k], k)
    radius = (centred @ directions[:, :2]).square().sum(dim=1).mean().sqrt()
    return Projection(mean, directions / radius.clamp(min=1e-12))


def sphere(z: Tensor) -> Projection:
    """To 3-D unit vectors: the three strongest directions of z / |z| (N x D, not centred)."""
    unit = F.normalize(z.double(), dim=1)
    _, directions = torch.linalg.eigh(unit.T @ unit)
    return Projection(z.new_zeros(z.shape[1]), _padded(directions.flip(1)[:, :3], 3), unit=True)


def turn_onto(y: Tensor, previous: Tensor | None, k: int = 2) -> Tensor:
    """K x K: turns or mirrors the first k axes of y (N x K) onto `previous`; others keep the sign.

    The rotation is the orthogonal Procrustes solution, so distances within the picture stay true.
    """
    turn = torch.eye(y.shape[1], device=y.device)
    if previous is None:
        return turn
    u, _, vt = torch.linalg.svd(y[:, :k].T @ previous[:, :k])
    turn[:k, :k] = u @ vt
    away = (y[:, k:] * previous[:, k:]).sum(dim=0) < 0
    turn.diagonal()[k:] = torch.where(away, -1.0, 1.0)
    return turn


def aligned(y: Tensor, previous: Tensor | None, k: int = 2) -> Tensor:
    """y (N x K) turned onto `previous` by `turn_onto`."""
    return y @ turn_onto(y, previous, k)


def _padded(directions: Tensor, k: int) -> Tensor:
    return F.pad(directions, (0, k - directions.shape[1]))
