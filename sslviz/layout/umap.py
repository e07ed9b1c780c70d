"""UMAP, the other map: keeps neighbourhoods, not distances. Imported only where it is drawn."""

import warnings

import torch
from torch import Tensor

from sslviz.layout.pca import aligned


def umap_map(x: Tensor, start: Tensor) -> Tensor:
    """x: N x D, start: N x 2, the picture to begin from and to be turned to -> N x 2.

    Cosine distance, 15 neighbours, 200 epochs (McInnes et al. 2018, arXiv 1802.03426); RMS radius
    1. The first call in a process takes 15 to 40 seconds, which is compilation.
    """
    from umap import UMAP

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = UMAP(
            n_neighbors=min(15, len(x) - 1),
            metric="cosine",
            init=start.double().cpu().numpy(),  # type: ignore[arg-type]
            n_epochs=200,
            random_state=0,
        ).fit_transform(x.float().cpu().numpy())
    y = torch.as_tensor(fitted, dtype=torch.float32)
    y = y - y.mean(dim=0)
    y = y / y.square().sum(dim=1).mean().sqrt().clamp(min=1e-12)
    return aligned(y, start.float().cpu())
