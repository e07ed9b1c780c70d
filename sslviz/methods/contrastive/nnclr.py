"""NNCLR: Dwibedi, Aytar, Tompson, Sermanet, Zisserman 2021, "With a Little Help from My Friends:
Nearest-Neighbor Contrastive Learning of Visual Representations", arXiv 2104.14548."""

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
from sslviz.methods.pieces.projector import mlp, projector_of


@in_float32
def nearest(z: Tensor, queue: Tensor) -> Tensor:
    """z: N x D, queue: K x D, unit rows -> N x D: for each z the queue's most similar vector."""
    return queue[(z @ queue.T).argmax(1)]


@in_float32
def neighbour_nce(friend: Tensor, p: Tensor, tau: float) -> Tensor:
    r"""Contrast with the friends as anchors. friend, p: N x D, unit rows -> scalar.

    $$-\frac1N\sum_i\log\frac{\exp(\mathrm{NN}(z_i) \cdot p_i/\tau)}{\sum_{j=1}^{N}\exp(\mathrm{NN}(z_i) \cdot p_j/\tau)}$$
    """
    return F.cross_entropy(friend @ p.T / tau, torch.arange(len(p), device=p.device))


class NNCLR(Method):
    r"""**Idea.** Two views of one image share its instance, but not its class. So go one step
    further: replace a view by its *nearest neighbour* among recent embeddings, a friend that is
    probably of the same kind, and let that be the positive. Differences that no augmentation could
    draw become part of the task.

    **Objective**, for both orders of the two views, averaged:

    $$\mathcal{L} = -\log\frac{\exp(\mathrm{NN}(z_1) \cdot p_2/\tau)}{\sum_{j=1}^{N}\exp(\mathrm{NN}(z_1) \cdot p_{2,j}/\tau)},
    \qquad \mathrm{NN}(z) = \arg\max_{v \in Q} v \cdot z$$

    | symbol | meaning |
    |---|---|
    | $z = g(f(x))$ | embedding, of length 1 |
    | $p = q(z)$ | prediction, of length 1 |
    | $Q$ | queue of the last $K$ embeddings |
    | $\tau$ | temperature |

    **How it breaks.** At first the friends are strangers: the queue holds random directions, then
    the output of an untrained encoder. A short queue offers poor friends; one longer than an epoch
    always holds the image's own older embedding, a likely friend that shows nothing new (a queue of
    1,024 of 4,096 images holds it for 4% of them). Compare with neighbours switched off.
    """

    title = "NNCLR"

    @dataclass(frozen=True)
    class Config:
        # fmt: off
        tau: float = shared.tau(0.1)
        neighbours: bool = knob(True, "Nearest neighbours", "Off: the other view itself is the positive, as in SimCLR.", live=True)
        queue: int = knob(1024, "Queue length K", "Among how many recent embeddings the nearest neighbour is sought.", low=16, high=65536, step=16, live=True)
        predictor: bool = shared.predictor(True, help="Off: the embedding itself takes the place of the prediction.")
        projector_depth: int = shared.projector_depth(3)
        projector_width: int = shared.projector_width(256)
        embedding: int = shared.embedding(64)
        predictor_width: int = shared.predictor_width(256)
        output_norm: bool = shared.output_norm(True)
        # fmt: on

    def __init__(self, backbone: Backbone, config: Config, n_images: int, n_classes: int) -> None:
        super().__init__(backbone, config, n_images, n_classes)
        self.projector, width = projector_of(config, backbone.width)
        self.predictor = mlp([width, config.predictor_width, width])
        self.queue = Queue(config.queue, width)
        self.fresh: Tensor | None = None

    def friend(self, z: Tensor) -> Tensor:
        return nearest(z, self.queue.vectors) if self.config.neighbours else z.detach()

    def forward(self, views: Views) -> Step:
        c = self.config
        z1, z2 = (self.encode(x)[1] for x in views.x)
        p1, p2 = (self.predictor(z1), self.predictor(z2)) if c.predictor else (z1, z2)
        u1, u2, p1, p2 = (F.normalize(a.float(), dim=1) for a in (z1, z2, p1, p2))
        friend1, friend2 = self.friend(u1), self.friend(u2)
        loss = (neighbour_nce(friend1, p2, c.tau) + neighbour_nce(friend2, p1, c.tau)) / 2
        self.fresh = u1.detach()
        closeness = (friend1 * u1).sum(1).mean().detach()
        return Step(loss, {"neighbour_cosine": closeness}, z1.float(), z2.float())

    def after_step(self, progress: float | Tensor) -> None:
        if self.fresh is not None:
            self.queue.push(self.fresh)
            self.fresh = None

    def set_knobs(self, values: Mapping[str, Any]) -> None:
        super().set_knobs(values)
        self.queue.resize(self.config.queue)

    def observe(self) -> dict[str, Tensor]:
        return {"queue_age": self.queue.ages()}

    def chance_loss(self, batch_size: int) -> float | None:
        return log(batch_size)
