"""VICReg: Bardes, Ponce, LeCun 2022, "VICReg: Variance-Invariance-Covariance Regularization for
Self-Supervised Learning", arXiv 2105.04906."""

from dataclasses import dataclass

import torch.nn.functional as F
from torch import Tensor

from sslviz.backbones import Backbone
from sslviz.knobs import knob
from sslviz.methods import shared_knobs as shared
from sslviz.methods.base import Method, Step, Views, in_float32
from sslviz.methods.pieces.projector import projector_of


@in_float32
def variance(z: Tensor) -> Tensor:
    r"""How much spread is missing (eq. 1): N x D -> scalar from 0 (every std >= 1) to 1.

    $$v(Z) = \frac1D\sum_j\max\Big(0, 1-\sqrt{\mathrm{Var}(z_{\cdot j}) + 10^{-4}}\Big)$$

    The authors' program takes half of it for each view.
    """
    return F.relu(1 - (z.var(0) + 1e-4).sqrt()).mean()


@in_float32
def covariance(z: Tensor) -> Tensor:
    r"""Squared covariances between different dimensions (eq. 4): N x D -> scalar.

    $$c(Z) = \frac1D\sum_{j \ne k}\mathrm{Cov}(Z)_{jk}^2$$
    """
    centred = z - z.mean(0)
    cov = centred.T @ centred / (len(z) - 1)  # D x D
    return (cov.square().sum() - cov.diagonal().square().sum()) / z.shape[1]


@in_float32
def invariance(z1: Tensor, z2: Tensor) -> Tensor:
    """Mean squared difference of the two views over images and dimensions. z1, z2: N x D."""
    return (z1 - z2).square().mean()


class VICReg(Method):
    r"""**Idea.** Say openly what collapse is and forbid it. Three terms: the two views agree
    (invariance), every dimension keeps its spread over the batch (variance), different dimensions
    do not repeat each other (covariance). No negatives, no momentum, no stop-gradient, no predictor.

    **Objective:**

    $$\mathcal{L} = \lambda\,s(Z_1, Z_2) + \mu\,[v(Z_1) + v(Z_2)] + \nu\,[c(Z_1) + c(Z_2)]$$

    | symbol | meaning |
    |---|---|
    | $Z = g(f(X))$ | embeddings of the batch, N x D, not brought to length 1 |
    | $s$ | mean squared difference between the views |
    | $v$ | how far the standard deviation of each dimension falls short of 1 |
    | $c$ | squared covariances between dimensions, divided by D |

    The squared difference is averaged over the dimensions, as in the authors' program; the paper's
    formula sums over them. The variance terms are added, as in the paper; the program takes their
    mean, so its weight of 25 is 12.5 here. The covariance terms are added in both.

    **How it breaks.** Exactly as each term says. Variance weight 0: complete collapse. Covariance
    weight 0: every dimension keeps its spread, yet all may be copies (dimensional collapse).
    Invariance weight 0: spread-out noise that knows nothing of views.
    """

    title = "VICReg"

    @dataclass(frozen=True)
    class Config:
        # fmt: off
        invariance: float = knob(25.0, "Invariance weight", "How strongly the two views are pulled together.", low=0.0, high=100.0, step=1.0, live=True)
        variance: float = knob(25.0, "Variance weight", "How strongly every dimension is kept spread out. 0: everything collapses to one point.", low=0.0, high=100.0, step=1.0, live=True)
        covariance: float = knob(1.0, "Covariance weight", "How strongly dimensions are kept different. 0: they may be copies of each other.", low=0.0, high=100.0, step=0.5, live=True)
        projector_depth: int = shared.projector_depth(3)
        projector_width: int = shared.projector_width(256)
        embedding: int = shared.embedding(256)
        output_norm: bool = shared.output_norm(False)
        # fmt: on

    def __init__(self, backbone: Backbone, config: Config, n_images: int, n_classes: int) -> None:
        super().__init__(backbone, config, n_images, n_classes)
        self.projector, _ = projector_of(config, backbone.width)

    def forward(self, views: Views) -> Step:
        c = self.config
        z1, z2 = (self.encode(x)[1].float() for x in views.x)
        terms = {
            "invariance": invariance(z1, z2),
            "variance": variance(z1) + variance(z2),
            "covariance": covariance(z1) + covariance(z2),
        }
        loss = (
            c.invariance * terms["invariance"]
            + c.variance * terms["variance"]
            + c.covariance * terms["covariance"]
        )
        return Step(loss, {name: term.detach() for name, term in terms.items()}, z1, z2)
