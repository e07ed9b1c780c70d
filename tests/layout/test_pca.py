import torch
from sklearn.decomposition import PCA

from sslviz.layout.pca import aligned, pca, sphere


def test_pca_equals_scikit_learn_up_to_sign_and_scale():
    x = torch.randn(100, 6) * torch.tensor([5.0, 3, 2, 1, 1, 1])
    ours, reference = pca(x)(x), torch.tensor(PCA(3).fit_transform(x.numpy()))
    scale = reference[:, :2].square().sum(1).mean().sqrt()
    for k in range(3):
        a, b = ours[:, k], reference[:, k] / scale
        assert min((a - b).abs().max(), (a + b).abs().max()) < 1e-3


def test_alignment_undoes_a_turned_and_mirrored_picture():
    y = torch.randn(50, 3)
    turn, _ = torch.linalg.qr(torch.randn(2, 2))
    moved = torch.cat([y[:, :2] @ turn, -y[:, 2:]], dim=1)
    assert torch.allclose(aligned(moved, y), y, atol=1e-4)
    # in float64: cdist's distances by way of products lose half the digits near zero
    before, after = moved.double(), aligned(moved, y).double()
    assert torch.allclose(torch.cdist(after, after), torch.cdist(before, before), atol=1e-5)


def test_pictures_of_a_collapsed_or_narrow_embedding_are_finite():
    for x in (torch.ones(20, 8), torch.randn(20, 2), torch.zeros(20, 4)):
        for picture in (pca(x)(x), sphere(x)(x)):
            assert picture.shape == (20, 3) and picture.isfinite().all()
