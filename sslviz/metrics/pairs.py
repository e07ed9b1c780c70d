"""What positives and negatives look like in z. z1, z2: N x D, two views of the same N images."""

import torch
import torch.nn.functional as F
from torch import Tensor

BINS = 80


def cosine_matrix(z1: Tensor, z2: Tensor) -> Tensor:
    """2N x 2N cosines, view 1 of all images first, then view 2; the diagonal is 1."""
    z = F.normalize(torch.cat([z1, z2]).float(), dim=1)
    return z @ z.T


def split_pairs(cosines: Tensor) -> tuple[Tensor, Tensor]:
    """2N x 2N -> the N positive cosines and the 2N(N-1) distinct negative ones."""
    n = len(cosines) // 2
    upper = torch.ones_like(cosines, dtype=torch.bool).triu(1)
    partner = torch.zeros_like(upper)
    partner[torch.arange(n), torch.arange(n) + n] = True
    return cosines[partner], cosines[upper & ~partner]


def histogram(cosines: Tensor) -> Tensor:
    """Counts of cosines in BINS equal bins from -1 to 1."""
    return torch.histc(cosines.float().clamp(-1, 1), BINS, -1, 1)


def contrastive_accuracy(cosines: Tensor) -> float:
    """How often a view's nearest other view is its positive. 2N x 2N cosines; chance 1/(2N-1)."""
    n = len(cosines) // 2
    nearest = cosines.clone().fill_diagonal_(-2).argmax(dim=1)
    return float((nearest == torch.arange(2 * n, device=cosines.device).roll(n)).float().mean())


def alignment(z1: Tensor, z2: Tensor) -> float:
    """E |z1 - z2|^2 of unit vectors (Wang and Isola 2020, eq. 1, alpha 2). 0: positives agree."""
    return float((F.normalize(z1, dim=1) - F.normalize(z2, dim=1)).square().sum(dim=1).mean())


def uniformity(z: Tensor) -> float:
    """log E exp(-2 |a - b|^2) over pairs of unit vectors (Wang and Isola 2020, eq. 2, t 2).

    0: all at one point; about -4: spread over the sphere.
    """
    return float(torch.pdist(F.normalize(z, dim=1)).square().mul(-2).exp().mean().log())
