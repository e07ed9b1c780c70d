"""DCL: Yeh, Hong, Hsu, Liu, Chen, LeCun 2022, "Decoupled Contrastive Learning", arXiv 2110.06848."""

from dataclasses import dataclass
from math import log

import torch
import torch.nn.functional as F
from torch import Tensor

from sslviz.backbones import Backbone
from sslviz.knobs import knob
from sslviz.methods import shared_knobs as shared
from sslviz.methods.base import Method, Step, Views, in_float32
from sslviz.methods.pieces.projector import projector_of


@in_float32
def decoupled(z1: Tensor, z2: Tensor, tau: float, sigma: float | None = None) -> Tensor:
    r"""Decoupled contrastive loss. z1, z2: N x D, normalised by the caller -> scalar.

    $$\ell_i = -w_i\,s_{i,i^+}/\tau + \log\sum_{k \ne i, i^+}\exp(s_{i,k}/\tau)$$

    averaged over all 2N views. $w_i = 1$ without `sigma` (DCL); with it (DCLW)
    $w_i = 2 - \exp(s_{i,i^+}/\sigma)\,/\,\mathrm{mean}_j\exp(s_{j,j^+}/\sigma)$, a constant to the gradient.
    """
    n = len(z1)
    z = torch.cat([z1, z2])  # 2N x D
    s = z @ z.T  # 2N x 2N
    positive = (z1 * z2).sum(1)  # N
    weight = 1.0 if sigma is None else 2 - n * (positive.detach() / sigma).softmax(0)
    outside = torch.eye(n, dtype=torch.bool, device=z.device).repeat(2, 2)  # itself, its positive
    negative = (s / tau).masked_fill(outside, float("-inf")).logsumexp(1)  # 2N
    return negative.mean() - (weight * positive).mean() / tau


class DCL(Method):
    r"""**Idea.** In SimCLR the positive pair also stands in the denominator. Once the pair is easy,
    that term shrinks the gradient of everything, negatives included: they are *coupled*. DCL takes
    the positive out of the denominator and so learns well from small batches.

    **Objective**, for a positive pair $i, j$ among $2N$ views:

    $$\ell_{i,j} = -w_i\,s(z_i, z_j)/\tau + \log\sum_{k \ne i, j}\exp(s(z_i, z_k)/\tau)$$

    | symbol | meaning |
    |---|---|
    | $z = g(f(x))$ | embedding |
    | $s(a, b)$ | cosine similarity |
    | $\tau$ | temperature |
    | $w_i$ | 1 (DCL), or smaller for pairs that agree already (DCLW): $2 - e^{s/\sigma}/\mathrm{mean}(e^{s/\sigma})$ |

    The weights are held still (stop-gradient), as in lightly's later program. A gradient through
    them would pull pairs apart that agree more than most: the weights have a fixed sum, and moved
    onto such a pair they lower the loss most.

    **How it breaks.** Like SimCLR it needs strong augmentation, and negatives that really are other
    images. The loss is not a cross-entropy any more: it may become negative, and its size says
    little.
    """

    title = "DCL"

    @dataclass(frozen=True)
    class Config:
        # fmt: off
        tau: float = shared.tau(0.2)
        weighted: bool = knob(False, "Weighted positives (DCLW)", "On: pairs that disagree still are pulled harder than pairs that agree.", live=True)
        sigma: float = knob(0.5, "Weight scale sigma", "How sharply the weights of DCLW tell pairs apart. Large: all alike.", low=0.05, high=5.0, step=0.05, live=True)
        normalise: bool = shared.normalise(True)
        projector_depth: int = shared.projector_depth(2)
        projector_width: int = shared.projector_width(256)
        embedding: int = shared.embedding(64)
        output_norm: bool = shared.output_norm(False)
        # fmt: on

    def __init__(self, backbone: Backbone, config: Config, n_images: int, n_classes: int) -> None:
        super().__init__(backbone, config, n_images, n_classes)
        self.projector, _ = projector_of(config, backbone.width)

    def forward(self, views: Views) -> Step:
        c = self.config
        z1, z2 = self.encode(torch.cat(views.x))[1].float().chunk(2)
        a, b = (F.normalize(z1, dim=1), F.normalize(z2, dim=1)) if c.normalise else (z1, z2)
        loss = decoupled(a, b, c.tau, c.sigma if c.weighted else None)
        return Step(loss, {}, z1, z2)

    def chance_loss(self, batch_size: int) -> float | None:
        return log(2 * batch_size - 2)
