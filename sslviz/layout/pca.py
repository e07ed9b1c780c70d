"""Principal components, turned so that a picture continues the picture before it."""

import torch
import torch.nn.functional as F
from torch import Tensor


def pca(x: Tensor, k: int = 3) -> Tensor:
    """N x D -> N x k: the k widest directions, scaled so that the first two have RMS radius 1."""
    x = x.double() - x.double().mean(dim=0)
    _, directions = torch.linalg.eigh(x.T @ x)
    y = _padded(x @ directions.flip(1)[:, :k], k)
    return (y / y[:, :2].square().sum(dim=1).mean().sqrt().clamp(min=1e-12)).float()


def sphere(z: Tensor) -> Tensor:
    """N x D -> N x 3 unit vectors: the three strongest directions of z / |z| (not centred)."""
    unit = F.normalize(z.double(), dim=1)
    _, directions = torch.linalg.eigh(unit.T @ unit)
    return F.normalize(_padded(unit @ directions.flip(1)[:, :3], 3), dim=1).float()


def aligned(y: Tensor, previous: Tensor | None, k: int = 2) -> Tensor:
    """y (N x K) with its first k axes rotated or mirrored onto `previous`; others keep their sign.

    The rotation is the orthogonal Procrustes solution, so distances within the picture stay true.
    """
    if previous is None:
        return y
    u, _, vt = torch.linalg.svd(y[:, :k].T @ previous[:, :k])
    rest = y[:, k:] * torch.where((y[:, k:] * previous[:, k:]).sum(dim=0) < 0, -1.0, 1.0)
    return torch.cat([y[:, :k] @ (u @ vt), rest], dim=1)


def _padded(y: Tensor, k: int) -> Tensor:
    return F.pad(y, (0, k - y.shape[1]))
