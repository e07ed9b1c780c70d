"""How well clusters agree with classes. The clustering itself is scikit-learn's k-means, which
comes with umap-learn, as does scipy with its assignment solver."""

import torch
import torch.nn.functional as F
from scipy.optimize import linear_sum_assignment
from torch import Tensor

from sslviz.refusal import Refusal


def require_enough(images: int, classes: int) -> None:
    """Raises Refusal where there would be clusters without an image."""
    if images < classes:
        raise Refusal(
            "There are {n} test images for {classes} classes; k-means needs at least one image a "
            "class.",
            n=images,
            classes=classes,
        )


def kmeans(x: Tensor, k: int, seed: int) -> Tensor:
    """Cluster number of each row of x (N x D), on unit-length rows; the best of 10 starts."""
    from sklearn.cluster import KMeans  # not needed, nor loaded, by any other protocol

    unit = F.normalize(x.float(), dim=1).cpu().numpy()
    model = KMeans(k, n_init=10, random_state=seed)  # pyright: ignore[reportArgumentType]
    return torch.from_numpy(model.fit_predict(unit)).long()


def contingency(clusters: Tensor, labels: Tensor, k: int) -> Tensor:
    """k x k counts: how many images of each label (column) are in each cluster (row)."""
    return torch.bincount(clusters * k + labels, minlength=k * k).view(k, k)


def matched(clusters: Tensor, labels: Tensor, k: int) -> Tensor:
    """Clusters renamed to labels one to one, so that most images agree (Kuhn 1955)."""
    rows, columns = linear_sum_assignment(-contingency(clusters, labels, k).numpy())
    names = torch.empty(k, dtype=torch.long)
    names[torch.from_numpy(rows)] = torch.from_numpy(columns)
    return names[clusters]


def normalised_mutual_information(clusters: Tensor, labels: Tensor, k: int) -> float:
    """I(cluster; label) over the mean of their entropies; 0: unrelated, 1: the same groups."""
    joint = contingency(clusters, labels, k).double()
    joint = joint / joint.sum()
    a, b = joint.sum(1), joint.sum(0)
    information = torch.special.entr(a).sum() + torch.special.entr(b).sum()
    mutual = information - torch.special.entr(joint).sum()
    return float((2 * mutual / information).clamp(0, 1)) if information > 0 else 1.0
