"""SimCLR v2: Chen, Kornblith, Swersky, Norouzi, Hinton 2020, "Big Self-Supervised Models are Strong
Semi-Supervised Learners", arXiv 2006.10029."""

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
def nt_xent_with_memory(z1: Tensor, z2: Tensor, memory: Tensor, tau: float) -> Tensor:
    r"""NT-Xent whose negatives are the batch and a memory. z1, z2: N x D, memory: K x D, unit rows.

    $$\ell_{i,j} = -\log\frac{\exp(s_{i,j}/\tau)}{\sum_{k \ne i}\exp(s_{i,k}/\tau) + \sum_{m=1}^{K}\exp(z_i \cdot v_m/\tau)}$$
    """
    z = torch.cat([z1, z2])  # 2N x D
    n = len(z1)
    itself = torch.eye(2 * n, dtype=torch.bool, device=z.device)
    inside = (z @ z.T).masked_fill(itself, float("-inf"))
    logits = torch.cat([inside, z @ memory.T], dim=1) / tau  # 2N x (2N + K)
    return F.cross_entropy(logits, torch.arange(2 * n, device=z.device).roll(n))


class SimCLRv2(Method):
    r"""**Idea.** The same contrastive task as SimCLR with three changes: larger networks, a deeper
    projector whose *first layer is kept* for fine-tuning, and a memory of earlier embeddings from a
    slowly moving copy of the encoder (as in MoCo) for more negatives. Afterwards the network is
    fine-tuned on few labels and distilled into a smaller one: *Evaluate* does both, and its layer 1
    of the projector is the paper's middle layer.

    **Objective**, for a positive pair $i, j$ among $2N$ views:

    $$\ell_{i,j} = -\log\frac{\exp(s(z_i, z_j)/\tau)}{\sum_{k \ne i}\exp(s(z_i, z_k)/\tau) + \sum_{m=1}^{K}\exp(s(z_i, v_m)/\tau)}$$

    | symbol | meaning |
    |---|---|
    | $z = g(f(x))$ | embedding; $g$ has three layers |
    | $v_m$ | the $K$ remembered embeddings of the moving copy |
    | $s(a, b)$ | cosine similarity |
    | $\tau$ | temperature |

    **How it breaks.** As SimCLR does. The memory adds little when the batch is large already: the
    paper gains about one percent. Length 0 switches it off. Like MoCo's queue it does not know
    whose its embeddings are: 1,024 of them hold 512 images, and of 4,096 images 1% meet their own.
    """

    title = "SimCLR v2"

    @dataclass(frozen=True)
    class Config:
        # fmt: off
        tau: float = shared.tau(0.2)
        queue: int = knob(1024, "Memory length K", "How many earlier embeddings serve as further negatives. 0: none.", low=0, high=65536, step=16, live=True)
        momentum: float = shared.momentum(0.99, help="How slowly the copy that fills the memory follows. 0: it is the encoder itself. 1: it stays random.")
        projector_depth: int = shared.projector_depth(3)
        projector_width: int = shared.projector_width(256)
        embedding: int = shared.embedding(64)
        output_norm: bool = shared.output_norm(False)
        # fmt: on

    def __init__(self, backbone: Backbone, config: Config, n_images: int, n_classes: int) -> None:
        super().__init__(backbone, config, n_images, n_classes)
        self.projector, width = projector_of(config, backbone.width)
        self.copy_backbone = frozen_copy(backbone)
        self.copy_projector = frozen_copy(self.projector)
        self.queue = Queue(config.queue, width)
        self.fresh: Tensor | None = None

    def forward(self, views: Views) -> Step:
        x = torch.cat(views.x)
        z1, z2 = self.encode(x)[1].float().chunk(2)
        if self.config.queue:
            with torch.no_grad():
                self.fresh = F.normalize(self.copy_projector(self.copy_backbone(x)).float(), dim=1)
        a, b = F.normalize(z1, dim=1), F.normalize(z2, dim=1)
        return Step(nt_xent_with_memory(a, b, self.queue.vectors, self.config.tau), {}, z1, z2)

    def after_step(self, progress: float | Tensor) -> None:
        ema_update(self.copy_backbone, self.backbone, self.config.momentum)
        ema_update(self.copy_projector, self.projector, self.config.momentum)
        if self.fresh is not None:
            self.queue.push(self.fresh)
            self.fresh = None

    def set_knobs(self, values: Mapping[str, Any]) -> None:
        super().set_knobs(values)
        self.queue.resize(self.config.queue)

    def observe(self) -> dict[str, Tensor]:
        distance = weight_distance(self.copy_backbone, self.backbone)
        return {"queue_age": self.queue.ages(), "teacher_distance": distance}

    def chance_loss(self, batch_size: int) -> float | None:
        return log(2 * batch_size - 1 + len(self.queue.vectors))
