"""W-MSE: Ermolov, Siarohin, Sangineto, Sebe 2021, "Whitening for Self-Supervised Representation
Learning", arXiv 2007.06346."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from sslviz.backbones import Backbone
from sslviz.knobs import knob
from sslviz.methods import shared_knobs as shared
from sslviz.methods.base import Method, Step, Views, in_float32
from sslviz.methods.pieces.projector import projector_of


@in_float32
def whiten(z: Tensor, epsilon: float) -> Tensor:
    r"""Cholesky whitening: N x D -> N x D with mean 0 and covariance I.

    $W = L^{-1}$ with $L L^\top = (1-\epsilon)\,\mathrm{Cov}(Z) + \epsilon I$; the rows become $W(z_i - \mu)$.
    """
    centred = z - z.mean(0)
    cov = centred.T @ centred / (len(z) - 1)
    cov = (1 - epsilon) * cov + epsilon * torch.eye(z.shape[1], dtype=z.dtype, device=z.device)
    factor, failed = torch.linalg.cholesky_ex(cov)  # which does not wait for the device
    factor = torch.where(failed > 0, torch.nan, factor)
    return torch.linalg.solve_triangular(factor, centred.T, upper=False).T


@in_float32
def whitened_mse(
    z1: Tensor, z2: Tensor, group: int, epsilon: float, normalise: bool = True
) -> Tensor:
    r"""Distance of the whitened views. z1, z2: N x D -> scalar, 0 to 4 (0 to 4D not normalised).

    $$\frac1N\sum_i \lVert \bar w_{1,i} - \bar w_{2,i}\rVert^2 = 2 - \frac2N\sum_i \bar w_{1,i}\cdot\bar w_{2,i}$$

    Each view is whitened alone, in groups of about `group` images. Not normalised, the authors'
    program takes the mean over the D dimensions too: 1/D of what stands here.
    """
    groups = max(1, len(z1) // group)
    w1, w2 = (
        torch.cat([whiten(part, epsilon) for part in z.tensor_split(groups)]) for z in (z1, z2)
    )
    if normalise:
        w1, w2 = F.normalize(w1, dim=1), F.normalize(w2, dim=1)
    return (w1 - w2).square().sum(1).mean()


class WMSE(Method):
    r"""**Idea.** Make collapse impossible instead of punishing it. Before two views are compared,
    the batch of embeddings is *whitened*: shifted, turned and stretched until every dimension has
    variance 1 and no two are correlated. What has been whitened cannot be one point. Then pulling
    the positives together is all that is left to do.

    **Objective:**

    $$\mathcal{L} = \frac1N\sum_i\lVert \bar w_{1,i} - \bar w_{2,i}\rVert^2,
    \qquad w_i = L^{-1}(z_i - \mu), \quad L L^\top = \mathrm{Cov}(Z)$$

    | symbol | meaning |
    |---|---|
    | $z = g(f(x))$ | embedding before whitening; the pictures and numbers show this one |
    | $\mu$, $\mathrm{Cov}(Z)$ | mean and covariance over a group of images |
    | $L$ | Cholesky factor, a triangular matrix |
    | $\bar w$ | $w$ divided by its length; in the Euclidean variant $w$ itself |

    Of $\bar w$ the authors' program takes the same mean over the images. In the Euclidean variant it
    averages over the $D$ dimensions as well, so its loss is at most 4 and ours at most $4D$.

    The paper shuffles the batch anew before dividing it into groups, several times; here the order
    of the batch, which is random already, makes the groups.

    **How it breaks.** "Variance 1" can be cheated. A few images far out supply all of it while the
    others share one place; once brought to length 1, these all agree. Measured here with $\bar w$:
    the loss falls to 0.7 and the neighbours to near chance, so the preset takes the Euclidean
    variant, in which the few far ones cost too much. A large $\epsilon$ opens another way out: what
    is smaller is not whitened, and the embedding shrinks under it. And the covariance of a group
    must be of full rank: with groups not much larger than z is wide, whitening blows up noise.
    """

    title = "W-MSE"

    @dataclass(frozen=True)
    class Config:
        # fmt: off
        group: int = knob(128, "Whitening group", "How many images are whitened together; should be twice the width of z or more.", low=8, high=8192, step=8, live=True)
        epsilon: float = knob(0.00001, "Whitening epsilon", "Share of the identity mixed into the covariance. Large: what is smaller is not whitened, and the embedding may shrink under it.", low=0.00001, high=0.5, step=0.00001, live=True)
        normalise: bool = shared.normalise(True, help="Off: whitened views are compared at their full length (Euclidean; a switch of the authors' code as well).")
        projector_depth: int = shared.projector_depth(2)
        projector_width: int = shared.projector_width(256)
        embedding: int = shared.embedding(32)
        output_norm: bool = shared.output_norm(False)
        # fmt: on

    def __init__(self, backbone: Backbone, config: Config, n_images: int, n_classes: int) -> None:
        super().__init__(backbone, config, n_images, n_classes)
        self.projector, self.width = projector_of(config, backbone.width)

    def forward(self, views: Views) -> Step:
        z1, z2 = self.encode(torch.cat(views.x))[1].float().chunk(2)
        c = self.config
        return Step(whitened_mse(z1, z2, c.group, c.epsilon, c.normalise), {}, z1, z2)

    def chance_loss(self, batch_size: int) -> float | None:
        return 2.0 if self.config.normalise else 2.0 * self.width
