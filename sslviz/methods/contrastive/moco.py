"""MoCo: He, Fan, Wu, Xie, Girshick 2020, "Momentum Contrast for Unsupervised Visual Representation
Learning", arXiv 1911.05722; version 2: Chen, Fan, Girshick, He 2020, arXiv 2003.04297."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from sslviz.backbones import Backbone
from sslviz.knobs import knob
from sslviz.methods import shared_knobs as shared
from sslviz.methods.base import Method, Step, Views, in_float32
from sslviz.methods.pieces.memory import Queue
from sslviz.methods.pieces.momentum import ema_update, frozen_copy, weight_distance
from sslviz.methods.pieces.projector import projector_of


@in_float32
def info_nce(q: Tensor, k: Tensor, queue: Tensor, tau: float) -> Tensor:
    r"""InfoNCE with a queue (eq. 1). q, k: N x D, queue: K x D, normalised by the caller -> scalar.

    $$-\log\frac{\exp(q \cdot k_+/\tau)}{\exp(q \cdot k_+/\tau) + \sum_{j=1}^{K}\exp(q \cdot k_j/\tau)}$$
    """
    positive = (q * k).sum(1, keepdim=True)  # N x 1
    negative = q @ queue.T  # N x K
    logits = torch.cat([positive, negative], dim=1) / tau
    return F.cross_entropy(logits, torch.zeros(len(q), dtype=torch.long, device=q.device))


class MoCo(Method):
    r"""**Idea.** Contrastive learning is looking up a key in a dictionary: the query of one view
    should match the key of the other view, and none of the $K$ keys of other images. A *queue* of
    keys from earlier batches makes the dictionary large without a large batch; a slowly moving copy
    of the encoder, the *momentum encoder*, keeps old and new keys comparable.

    **Objective** (InfoNCE):

    $$\mathcal{L}_q = -\log\frac{\exp(q \cdot k_+/\tau)}{\exp(q \cdot k_+/\tau) + \sum_{j=1}^{K}\exp(q \cdot k_j/\tau)},
    \qquad \theta_k \leftarrow m\,\theta_k + (1-m)\,\theta_q$$

    | symbol | meaning |
    |---|---|
    | $q = g(f(x_1))$ | query: embedding of view 1 by the trained encoder |
    | $k_+$ | key: embedding of view 2 by the momentum encoder, without gradient |
    | $k_j$ | the $K$ keys in the queue, first in, first out |
    | $m$ | momentum of the key encoder |

    **Versions.** 1: linear projector (depth 1), $\tau = 0.07$. 2: two layers, blur, $\tau = 0.2$.

    **The curve.** The queue starts with random directions, which are easy negatives: the loss rises
    while real keys replace them, and falls only then.

    **Own keys.** The queue does not say whose its keys are: one may be an older key of the query's
    own image, a false negative. With 1,024 keys of 4,096 images 4% of the queries meet one (about
    $(K/n)^2/2$, since each epoch has a new order), with a queue longer than the data all do. In the
    paper it is 0.1%, and nothing is left out; nor here.

    **How it breaks.** It does not collapse: negatives forbid it, even without the stop-gradient.
    With $m = 1$ the keys are those of a random network forever. With $m = 0$ the keys in the queue
    come from encoders unlike the present one; the paper's queue of 65,536 keys then fails to
    converge, and the short one here learns more slowly. On several devices BatchNorm leaks which
    keys were computed with the query's batch; the paper shuffles the key batch between devices
    (ShuffleBN). On one device there is nothing to shuffle, so that part is absent here.
    """

    title = "MoCo"

    @dataclass(frozen=True)
    class Config:
        # fmt: off
        tau: float = shared.tau(0.2)
        queue: int = knob(2048, "Queue length K", "How many keys of earlier batches serve as negatives. Shortening drops the oldest.", low=16, high=65536, step=16, live=True)
        momentum: float = shared.momentum(0.99, help="How slowly the key encoder follows. 0: it is a copy of the query encoder. 1: it stays random.")
        stop_gradient: bool = shared.stop_gradient(True, help="Off: the query encoder computes the keys too, and gradients flow through both.")
        normalise: bool = shared.normalise(True)
        projector_depth: int = shared.projector_depth(2, help="Linear layers between h and z. Version 1: 1, version 2: 2. 0: the loss acts on h itself.")
        projector_width: int = shared.projector_width(256)
        embedding: int = shared.embedding(64)
        output_norm: bool = shared.output_norm(False)
        # fmt: on

    def __init__(self, backbone: Backbone, config: Config, n_images: int, n_classes: int) -> None:
        super().__init__(backbone, config, n_images, n_classes)
        self.projector, width = projector_of(config, backbone.width)
        self.key_backbone = frozen_copy(backbone)
        self.key_projector = frozen_copy(self.projector)
        self.queue = Queue(config.queue, width)
        self.fresh_keys: Tensor | None = None

    def keys(self, x: Tensor) -> Tensor:
        if not self.config.stop_gradient:
            return self.encode(x)[1]
        with torch.no_grad():
            return self.key_projector(self.key_backbone(x))

    def forward(self, views: Views) -> Step:
        x1, x2 = views.x
        z1, z2 = self.encode(x1)[1].float(), self.keys(x2).float()
        q, k = z1, z2
        if self.config.normalise:
            q, k = F.normalize(z1, dim=1), F.normalize(z2, dim=1)
        self.fresh_keys = k.detach()
        return Step(info_nce(q, k, self.queue.vectors, self.config.tau), {}, z1, z2)

    def after_step(self, progress: float | Tensor) -> None:
        ema_update(self.key_backbone, self.backbone, self.config.momentum)
        ema_update(self.key_projector, self.projector, self.config.momentum)
        if self.fresh_keys is not None:
            self.queue.push(self.fresh_keys)
            self.fresh_keys = None

    def set_knobs(self, values: Mapping[str, Any]) -> None:
        super().set_knobs(values)
        self.queue.resize(self.config.queue)

    def observe(self) -> dict[str, Tensor]:
        distance = weight_distance(self.key_backbone, self.backbone)
        return {"queue_age": self.queue.ages(), "teacher_distance": distance}

    def chance_loss(self, batch_size: int) -> float | None:
        return log(len(self.queue.vectors) + 1)
