import pytest
import torch

from sslviz.layout.pca import pca
from sslviz.layout.umap import LARGE, umap_map
from sslviz.metrics.neighbours import nearest


@pytest.mark.parametrize("n", [120, LARGE + 2])
def test_umap_keeps_groups_together_and_continues_the_picture(n):
    torch.manual_seed(0)
    labels = torch.arange(n) % 3
    x = torch.eye(16)[labels * 5] * 4 + 0.5 * torch.randn(n, 16)
    start = pca(x)(x)[:, :2]
    y = umap_map(x, start)
    assert y.shape == (n, 2) and y.isfinite().all()
    distances = torch.cdist(y, y).fill_diagonal_(9e9)
    assert (labels[distances.argmin(dim=1)] == labels).float().mean() > 0.95
    _, before = nearest(x, 5)
    near = torch.cdist(y, y).gather(1, before).mean()
    assert near < 0.5 * torch.cdist(y, y).mean()
    assert (y * start).sum() > 0
