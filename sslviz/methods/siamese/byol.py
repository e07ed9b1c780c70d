"""BYOL: Grill, Strub, Altche, Tallec, Richemond et al. 2020, "Bootstrap Your Own Latent: A New
Approach to Self-Supervised Learning", arXiv 2006.07733."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from sslviz.backbones import Backbone
from sslviz.methods import shared_knobs as shared
from sslviz.methods.base import Method, Step, Views, in_float32
from sslviz.methods.pieces.momentum import ema_update, frozen_copy, momentum_at, weight_distance
from sslviz.methods.pieces.projector import mlp, projector_of


@in_float32
def regression(p: Tensor, z: Tensor) -> Tensor:
    r"""Squared distance (eq. 2). p, z: N x D, normalised by the caller -> scalar.

    $$\frac1N\sum_i \lVert p_i - z_i\rVert^2 = 2 - \frac2N\sum_i p_i \cdot z_i \quad\text{for unit vectors}$$
    """
    return (p - z).square().sum(1).mean()


class BYOL(Method):
    r"""**Idea.** No negatives at all. An *online* network looks at one view and predicts what a
    *target* network says of the other view. The target is never trained: it is a slow average of
    the online network. Each bootstraps the other.

    **Objective**, for both orders of the two views, summed:

    $$\mathcal{L} = \lVert \bar p_1 - \bar z'_2\rVert^2 + \lVert \bar p_2 - \bar z'_1\rVert^2,
    \qquad \xi \leftarrow m_k\,\xi + (1-m_k)\,\theta$$

    | symbol | meaning |
    |---|---|
    | $p = q(g_\theta(f_\theta(x)))$ | prediction: online backbone, projector, predictor |
    | $z' = g_\xi(f_\xi(x))$ | target embedding, without gradient |
    | $\bar a$ | $a$ divided by its length |
    | $m_k$ | momentum of the target; by the schedule it rises to 1 at the end of the run |

    **How it breaks.** A constant output would make the loss 0, and nothing in the loss forbids it.
    Let the target be the online network, with gradients through both branches, and the rank of z
    falls to 2; take away the predictor, and it slides there more slowly. With momentum 1 the target
    stays a random network: even then something is learned, which is how BYOL was found. Without
    standardised images the two views agree on brightness, and there it ends.
    """

    title = "BYOL"

    @dataclass(frozen=True)
    class Config:
        # fmt: off
        momentum: float = shared.momentum(0.99, help="How slowly the target follows. 0: it is a copy of the online network. 1: it stays random.")
        momentum_schedule: str = shared.momentum_schedule("cosine")
        stop_gradient: bool = shared.stop_gradient(True, help="Off: the online network is its own target and gradients flow through both branches.")
        predictor: bool = shared.predictor(True, help="Off: the embedding itself must equal the target's.")
        normalise: bool = shared.normalise(True, help="Off: distances between vectors of any length, so shrinking lowers the loss.")
        projector_depth: int = shared.projector_depth(2)
        projector_width: int = shared.projector_width(256)
        embedding: int = shared.embedding(64)
        predictor_width: int = shared.predictor_width(256)
        output_norm: bool = shared.output_norm(False)
        # fmt: on

    def __init__(self, backbone: Backbone, config: Config, n_images: int, n_classes: int) -> None:
        super().__init__(backbone, config, n_images, n_classes)
        self.projector, width = projector_of(config, backbone.width)
        self.predictor = mlp([width, config.predictor_width, width])
        self.target_backbone = frozen_copy(backbone)
        self.target_projector = frozen_copy(self.projector)

    def target(self, x: Tensor) -> Tensor:
        if not self.config.stop_gradient:
            return self.encode(x)[1]
        with torch.no_grad():
            return self.target_projector(self.target_backbone(x))

    def distance(self, p: Tensor, z: Tensor) -> Tensor:
        if self.config.normalise:
            p, z = F.normalize(p.float(), dim=1), F.normalize(z.float(), dim=1)
        return regression(p, z)

    def forward(self, views: Views) -> Step:
        x1, x2 = views.x
        z1, z2 = self.encode(x1)[1], self.encode(x2)[1]
        p1, p2 = (self.predictor(z1), self.predictor(z2)) if self.config.predictor else (z1, z2)
        loss = self.distance(p1, self.target(x2)) + self.distance(p2, self.target(x1))
        return Step(loss, {}, z1.float(), z2.float())

    def after_step(self, progress: float | Tensor) -> None:
        c = self.config
        m = momentum_at(progress, c.momentum) if c.momentum_schedule == "cosine" else c.momentum
        ema_update(self.target_backbone, self.backbone, m)
        ema_update(self.target_projector, self.projector, m)

    def observe(self) -> dict[str, Tensor]:
        return {"teacher_distance": weight_distance(self.target_backbone, self.backbone)}
