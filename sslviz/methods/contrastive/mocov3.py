"""MoCo v3: Chen, Xie, He 2021, "An Empirical Study of Training Self-Supervised Vision Transformers",
arXiv 2104.02057."""

from dataclasses import dataclass
from math import log

import torch
import torch.nn.functional as F
from torch import Tensor

from sslviz.backbones import Backbone
from sslviz.methods import shared_knobs as shared
from sslviz.methods.base import Method, Step, Views, in_float32
from sslviz.methods.pieces.momentum import ema_update, frozen_copy, momentum_at, weight_distance
from sslviz.methods.pieces.projector import mlp, projector_of


@in_float32
def batch_info_nce(q: Tensor, k: Tensor, tau: float) -> Tensor:
    r"""InfoNCE among the keys of the batch, times 2 tau. q, k: N x D, normalised by the caller.

    $$-\frac{2\tau}{N}\sum_i\log\frac{\exp(q_i \cdot k_i/\tau)}{\sum_{j=1}^{N}\exp(q_i \cdot k_j/\tau)}$$
    """
    return 2 * tau * F.cross_entropy(q @ k.T / tau, torch.arange(len(q), device=q.device))


class MoCoV3(Method):
    r"""**Idea.** MoCo without the queue: with large batches, the keys of the batch itself are
    negatives enough. What stays is the momentum encoder; what comes from BYOL is the predictor and
    the symmetric loss. Contrastive and siamese learning meet here.

    **Objective**, for both orders of the two views, summed:

    $$\mathcal{L} = \mathrm{ctr}(q_1, k_2) + \mathrm{ctr}(q_2, k_1), \quad
    \mathrm{ctr}(q, k) = -\frac{2\tau}{N}\sum_i\log\frac{\exp(q_i \cdot k_i/\tau)}{\sum_j\exp(q_i \cdot k_j/\tau)}$$

    | symbol | meaning |
    |---|---|
    | $q = \mathrm{pred}(g(f(x)))$ | query: backbone, projector and predictor |
    | $k = g_k(f_k(x))$ | key: momentum backbone and projector, without gradient |
    | $\tau$ | temperature; the factor $2\tau$ keeps the size of the gradient the same |
    | $m$ | momentum; by the schedule it rises to 1 at the end of the run |

    **How it breaks.** Negatives prevent a complete collapse. With $m = 1$ it learns, poorly; without
    the predictor the embeddings contract here, and their neighbours get worse than before training.
    A small batch hurts too: its keys are all the negatives there are.
    """

    title = "MoCo v3"

    @dataclass(frozen=True)
    class Config:
        # fmt: off
        tau: float = shared.tau(0.2)
        momentum: float = shared.momentum(0.99, help="How slowly the key encoder follows. 0: it is a copy of the query encoder. 1: it stays random.")
        momentum_schedule: str = shared.momentum_schedule("cosine")
        stop_gradient: bool = shared.stop_gradient(True, help="Off: the query encoder computes the keys too, and gradients flow through both.")
        predictor: bool = shared.predictor(True, help="Off: the embedding itself is the query.")
        normalise: bool = shared.normalise(True)
        projector_depth: int = shared.projector_depth(2)
        projector_width: int = shared.projector_width(256)
        embedding: int = shared.embedding(64)
        predictor_width: int = shared.predictor_width(256)
        output_norm: bool = shared.output_norm(True)
        # fmt: on

    def __init__(self, backbone: Backbone, config: Config, n_images: int, n_classes: int) -> None:
        super().__init__(backbone, config, n_images, n_classes)
        self.projector, width = projector_of(config, backbone.width)
        self.predictor = mlp([width, config.predictor_width, width])
        self.key_backbone = frozen_copy(backbone)
        self.key_projector = frozen_copy(self.projector)

    def keys(self, x: Tensor) -> Tensor:
        if not self.config.stop_gradient:
            return self.encode(x)[1]
        with torch.no_grad():
            return self.key_projector(self.key_backbone(x))

    def contrast(self, z: Tensor, k: Tensor) -> Tensor:
        q = self.predictor(z) if self.config.predictor else z
        q, k = q.float(), k.float()
        if self.config.normalise:
            q, k = F.normalize(q, dim=1), F.normalize(k, dim=1)
        return batch_info_nce(q, k, self.config.tau)

    def forward(self, views: Views) -> Step:
        x1, x2 = views.x
        z1, z2 = self.encode(x1)[1], self.encode(x2)[1]
        loss = self.contrast(z1, self.keys(x2)) + self.contrast(z2, self.keys(x1))
        return Step(loss, {}, z1.float(), z2.float())

    def after_step(self, progress: float | Tensor) -> None:
        c = self.config
        m = momentum_at(progress, c.momentum) if c.momentum_schedule == "cosine" else c.momentum
        ema_update(self.key_backbone, self.backbone, m)
        ema_update(self.key_projector, self.projector, m)

    def observe(self) -> dict[str, Tensor]:
        return {"teacher_distance": weight_distance(self.key_backbone, self.backbone)}

    def chance_loss(self, batch_size: int) -> float | None:
        return 4 * self.config.tau * log(batch_size)
