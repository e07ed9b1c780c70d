"""How much of the embedding space is in use. No single number sees every collapse."""

import torch
import torch.nn.functional as F
from torch import Tensor


def feature_std(x: Tensor) -> float:
    """Mean over dimensions of the std of x / |x|, times sqrt(D). x: N x D.

    1: directions spread over the whole sphere; 0: all alike (Chen and He 2020, section 4.1).
    Behind an output BatchNorm it stays near 1 even where only one dimension is in use.
    """
    return float(F.normalize(x, dim=1).std(dim=0, correction=0).mean() * x.shape[1] ** 0.5)


def total_variance(x: Tensor) -> float:
    """Trace of the covariance of x (N x D), not normalised. Sees shrinkage, and only that."""
    return float(x.var(dim=0, correction=0).sum())


def spectrum(x: Tensor) -> Tensor:
    """Singular values of x / sqrt(N) (N x D, not centred), largest first: min(N, D) of them."""
    x = x.double()
    gram = x.T @ x if len(x) >= x.shape[1] else x @ x.T
    return torch.linalg.eigvalsh(gram / len(x)).clamp(min=0).sqrt().flip(0).float()


def effective_rank(singular_values: Tensor) -> float:
    """RankMe: exp of the entropy of the singular values' shares (Garrido et al. 2023, eq. 2).

    Counts the dimensions in use, whatever their scale. Compare only at equal width and N.
    """
    p = singular_values.double()
    p = p / p.sum().clamp(min=1e-12) + 1e-7
    return float(torch.exp(-(p * p.log()).sum()))
