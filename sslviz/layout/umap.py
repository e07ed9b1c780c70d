"""UMAP, the other map: keeps neighbourhoods, not distances. Imported only where it is drawn."""

import warnings

import numpy as np
import torch
from torch import Tensor

from sslviz.layout.pca import aligned
from sslviz.metrics.neighbours import nearest

NEIGHBOURS = 15
LARGE = 4096  # from here on UMAP searches neighbours in a way of its own, which takes minutes


def umap_map(x: Tensor, start: Tensor) -> Tensor:
    """x: N x D, start: N x 2, the picture to begin from and to be turned to -> N x 2.

    Cosine distance, 15 neighbours, 200 epochs (McInnes et al. 2018, arXiv 1802.03426); RMS radius
    1. The first call in a process takes 15 to 40 seconds, which is compilation.
    """
    from umap import UMAP

    n = min(NEIGHBOURS, len(x) - 1)
    known = _neighbours(x, n) if len(x) >= LARGE else (None, None, None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = UMAP(
            n_neighbors=n,
            metric="cosine",
            init=start.double().cpu().numpy(),  # type: ignore[arg-type]
            n_epochs=200,
            random_state=0,
            precomputed_knn=known,  # type: ignore[arg-type]
        ).fit_transform(x.float().cpu().numpy())
    y = torch.as_tensor(fitted, dtype=torch.float32)
    y = y - y.mean(dim=0)
    y = y / y.square().sum(dim=1).mean().sqrt().clamp(min=1e-12)
    return aligned(y, start.float().cpu())


def _neighbours(x: Tensor, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Indices and cosine distances of each row's n nearest, itself first, N x n each."""
    cosines, index = nearest(x, n - 1)
    own = torch.arange(len(x), device=x.device)[:, None]
    distances = torch.cat([torch.zeros_like(cosines[:, :1]), (1 - cosines).clamp(min=0)], dim=1)
    return torch.cat([own, index], dim=1).cpu().numpy(), distances.cpu().numpy()
