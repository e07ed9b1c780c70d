"""SwAV: Caron, Misra, Mairal, Goyal, Bojanowski, Joulin 2020, "Unsupervised Learning of Visual
Features by Contrasting Cluster Assignments", arXiv 2006.09882."""

from dataclasses import dataclass
from math import log

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sslviz.backbones import Backbone
from sslviz.knobs import knob
from sslviz.methods import shared_knobs as shared
from sslviz.methods.base import Method, Step, Views, in_float32
from sslviz.methods.pieces.projector import projector_of


@torch.no_grad()
@in_float32
def sinkhorn(scores: Tensor, epsilon: float, iterations: int) -> Tensor:
    r"""Codes: soft assignments that use all prototypes alike (eq. 3, 5). scores: N x K -> N x K.

    Starting from $\exp(\text{scores}/\epsilon)$, columns and rows are scaled in turn so that every
    prototype gets N/K of the batch and every image is given out once (rows sum to 1).
    """
    n, k = scores.shape
    q = scores / epsilon  # logarithms throughout
    for _ in range(iterations):
        q = q - q.logsumexp(0) + log(n / k)
        q = q - q.logsumexp(1, keepdim=True)
    return q.softmax(1)


@in_float32
def swapped(scores: Tensor, codes: Tensor, tau: float) -> Tensor:
    r"""Cross-entropy of codes q with predictions p = softmax(scores / tau) (eq. 2). N x K each.

    $$-\frac1N\sum_i\sum_k q_{ik}\log p_{ik}$$
    """
    return -(codes * (scores / tau).log_softmax(1)).sum(1).mean()


class SwAV(Method):
    r"""**Idea.** Do not compare images with images, compare their *cluster assignments*. Each view
    is assigned to prototypes, learned along the way; from one view the assignment of the other is
    predicted, and the other way round. The assignments of a batch must use all prototypes alike,
    which is what stands in for negatives.

    **Objective:**

    $$\mathcal{L} = -\tfrac12\Big[\sum_k q_{2,k}\log p_{1,k} + \sum_k q_{1,k}\log p_{2,k}\Big],
    \qquad p_k = \mathrm{softmax}_k(z \cdot c_k/\tau)$$

    | symbol | meaning |
    |---|---|
    | $z = g(f(x))$ | embedding, of length 1 |
    | $c_k$ | the $K$ prototypes, of length 1 |
    | $q = \mathrm{Sinkhorn}(z \cdot c/\epsilon)$ | code: balanced assignment, without gradient |
    | $p$ | predicted assignment |

    **Left out.** Multi-crop (many small views) and the queue that helps batches smaller than K.

    **How it breaks.** Without the balancing every view goes to the same prototype, and the loss is
    0. With fewer images in the batch than prototypes the balance is only roughly kept.
    """

    title = "SwAV"

    @dataclass(frozen=True)
    class Config:
        # fmt: off
        tau: float = shared.tau(0.1, help="Sharpness of the predicted assignment. Small: sharp.")
        epsilon: float = knob(0.05, "Code temperature epsilon", "Sharpness of the codes. Large: every image is shared among many prototypes.", low=0.02, high=1.0, step=0.01, live=True)
        balanced: bool = knob(True, "Balanced codes (Sinkhorn)", "Off: the code is a plain softmax, and all images may choose one prototype.", live=True)
        iterations: int = knob(3, "Sinkhorn iterations", "How often rows and columns are balanced in turn.", low=1, high=20, step=1, live=True)
        prototypes: int = knob(128, "Prototypes K", "How many cluster centres are learned.", low=2, high=8192, step=2)
        frozen_share: float = knob(0.02, "Prototypes frozen", "For this share of the run the prototypes stay as drawn.", low=0.0, high=1.0, step=0.01)
        projector_depth: int = shared.projector_depth(2)
        projector_width: int = shared.projector_width(256)
        embedding: int = shared.embedding(64)
        output_norm: bool = shared.output_norm(False)
        # fmt: on

    progress: Tensor
    usage: Tensor

    def __init__(self, backbone: Backbone, config: Config, n_images: int, n_classes: int) -> None:
        super().__init__(backbone, config, n_images, n_classes)
        self.projector, width = projector_of(config, backbone.width)
        self.prototypes = nn.Parameter(F.normalize(torch.randn(config.prototypes, width), dim=1))
        self.register_buffer("progress", torch.tensor(0.0))
        self.register_buffer("usage", torch.full((config.prototypes,), 1 / config.prototypes))

    def forward(self, views: Views) -> Step:
        c = self.config
        z1, z2 = (self.encode(x)[1].float() for x in views.x)
        frozen = self.progress < c.frozen_share
        centres = torch.where(frozen, self.prototypes.detach(), self.prototypes)
        s1, s2 = (scores(z, centres) for z in (z1, z2))
        if c.balanced:
            q1, q2 = (sinkhorn(s, c.epsilon, c.iterations) for s in (s1, s2))
        else:
            q1, q2 = ((s.detach() / c.epsilon).softmax(1) for s in (s1, s2))
        self.usage = (q1.mean(0) + q2.mean(0)) / 2
        return Step((swapped(s1, q2, c.tau) + swapped(s2, q1, c.tau)) / 2, {}, z1, z2)

    @torch.no_grad()
    def after_step(self, progress: float | Tensor) -> None:
        self.prototypes.copy_(F.normalize(self.prototypes, dim=1))
        self.progress.fill_(progress)

    def observe(self) -> dict[str, Tensor]:
        return {"prototype_use": self.usage}

    def chance_loss(self, batch_size: int) -> float | None:
        return log(self.config.prototypes)


@in_float32
def scores(z: Tensor, prototypes: Tensor) -> Tensor:
    """Cosines of embeddings with prototypes: N x D, K x D (unit rows) -> N x K."""
    return F.normalize(z, dim=1) @ prototypes.T
