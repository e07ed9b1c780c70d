"""Nearest neighbours, and what they tell of labels and factors. Cosine similarity throughout."""

import torch
import torch.nn.functional as F
from torch import Tensor

from sslviz.data.images import Factor

K, TAU = 20, 0.1
ROWS = 1024  # whose cosines with all others are computed at once: 40 MB where there are 10,000


def nearest(x: Tensor, k: int = K) -> tuple[Tensor, Tensor]:
    """Each row's k nearest other rows: cosines and indices, N x k each. x: N x D."""
    unit = F.normalize(x.float(), dim=1)
    found = []
    for first, rows in enumerate(unit.split(ROWS)):
        cosines = rows @ unit.T
        cosines.diagonal(first * ROWS).fill_(-2)
        found.append(cosines.topk(min(k, len(x) - 1)))
    cosines, index = zip(*found, strict=True)
    return torch.cat(cosines), torch.cat(index)


def nearest_in(x: Tensor, bank: Tensor, k: int = K) -> tuple[Tensor, Tensor]:
    """Each row's k nearest rows of `bank` (M x D): cosines and indices, N x k each."""
    cosines = F.normalize(x.float(), dim=1) @ F.normalize(bank.float(), dim=1).T
    return cosines.topk(min(k, len(bank)))


def voters(labels: Tensor, left_out: int) -> int:
    """How many neighbours vote: K, or as many as the smallest class has, where `left_out` of its
    images are the one that asks; at least 1. labels: N.

    More would let the larger classes outvote a small one that holds together.
    """
    counts = labels.bincount()
    return max(1, min(K, int(counts[counts > 0].min()) - left_out))


def knn_accuracy(cosines: Tensor, votes: Tensor, labels: Tensor, n_classes: int) -> float:
    """Weighted vote exp(cosine / 0.1) of the neighbours (Wu et al. 2018, section 3.4).

    cosines, votes: N x k (votes: the neighbours' labels); labels N. Chance: 1 / n_classes.
    """
    weights = (cosines / TAU).exp()
    scores = torch.zeros(len(labels), n_classes, device=labels.device)
    scores.scatter_add_(1, votes, weights.to(scores.dtype))
    return float((scores.argmax(dim=1) == labels).float().mean())


def factor_score(factor: Factor, neighbours: Tensor) -> float:
    """How well the neighbours (N x k indices) tell a factor: 0 not at all, 1 exactly.

    Categorical: accuracy of the majority vote, rescaled so that always guessing the most frequent
    value scores 0. Continuous: R^2 of the neighbours' mean. Circular: R^2 of their mean point on
    the circle. Negative values are shown as 0.
    """
    values = factor.values
    if factor.kind == "categorical":
        votes = F.one_hot(values)[neighbours].sum(dim=1)
        accuracy = (votes.argmax(dim=1) == values).float().mean()
        guess = values.bincount().max() / len(values)
        return float(((accuracy - guess) / (1 - guess).clamp(min=1e-6)).clamp(0, 1))
    target = values.float()[:, None]
    if factor.kind == "circular":
        angle = 2 * torch.pi * target
        target = torch.cat([angle.cos(), angle.sin()], dim=1)
    error = (target - target[neighbours].mean(dim=1)).square().sum()
    return float(
        (1 - error / (target - target.mean(dim=0)).square().sum().clamp(min=1e-12)).clamp(min=0)
    )
