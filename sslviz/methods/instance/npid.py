"""NPID: Wu, Xiong, Yu, Lin 2018, "Unsupervised Feature Learning via Non-Parametric Instance
Discrimination", arXiv 1805.01978."""

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
from sslviz.methods.base import Augment, Batch, Method, Step, Views, in_float32
from sslviz.methods.pieces.memory import Bank
from sslviz.methods.pieces.projector import projector_of
from sslviz.streams import sent


@in_float32
def instance_softmax(z: Tensor, bank: Tensor, index: Tensor, tau: float) -> Tensor:
    r"""Non-parametric softmax (eq. 2). z: N x D, bank: n x D, unit rows; index: N -> scalar.

    $$-\log\frac{\exp(v_i \cdot z/\tau)}{\sum_{j=1}^{n}\exp(v_j \cdot z/\tau)}$$
    """
    return F.cross_entropy(z @ bank.T / tau, index)


@in_float32
def instance_nce(
    z: Tensor, bank: Tensor, index: Tensor, noise: Tensor, tau: float, normaliser: Tensor
) -> Tensor:
    r"""Noise-contrastive estimate. noise: N x m bank places, drawn evenly, an image's own among them:
    only so is its optimum the probability of the softmax -> scalar.

    $$-\log h(i, z) - \sum_{j=1}^{m}\log(1 - h(j, z)), \quad
    h = \frac{P}{P + m/n}, \quad P(j, z) = \exp(v_j \cdot z/\tau)/Z$$
    """
    n, m = len(bank), noise.shape[1]
    chosen = bank[torch.cat([index[:, None], noise], dim=1)]  # N x (1 + m) x D
    odds = torch.einsum("nd,nmd->nm", z, chosen) / tau - normaliser.log() - log(m / n)
    return -F.logsigmoid(odds[:, 0]).mean() - F.logsigmoid(-odds[:, 1:]).sum(1).mean()


class NPID(Method):
    r"""**Idea.** Every image is a class of its own, and the classifier's weights are the embeddings
    themselves, kept in a *memory bank*: one vector for each training image, renewed whenever the
    image is seen. One view a step is enough, since the bank remembers earlier ones.

    **Objective** (non-parametric softmax over all $n$ training images):

    $$P(i \mid z) = \frac{\exp(v_i \cdot z/\tau)}{\sum_{j=1}^{n}\exp(v_j \cdot z/\tau)},
    \qquad \mathcal{L} = -\log P(i \mid z_i) + \lambda\lVert z_i - v_i\rVert^2$$

    | symbol | meaning |
    |---|---|
    | $z_i = g(f(x_i))$ | embedding of image $i$, of length 1 |
    | $v_i$ | the bank's entry for image $i$ |
    | $\tau$ | temperature |
    | $\lambda$ | pull towards the image's own last entry (proximal term) |

    With many images the sum is too long; NCE tells the right entry from $m$ drawn at random instead,
    and its denominator is a constant $Z$, estimated once for each $\tau$.

    **How it breaks.** Entries are stale: each dates from the last time its image was seen, an epoch
    ago or more, when the encoder was another. With few noise entries NCE learns little: the paper's
    kNN accuracy on CIFAR-10 falls from 80 to 43 when $m$ falls from 4096 to 1.
    """

    title = "NPID"
    normaliser: Tensor

    @dataclass(frozen=True)
    class Config:
        # fmt: off
        loss: str = knob("softmax", "Loss", "softmax: over all images. nce: against a few random bank entries.", choices=("softmax", "nce"))
        noise: int = knob(1024, "Noise entries m", "How many random bank entries NCE compares with.", low=1, high=65536, step=1, live=True)
        tau: float = shared.tau(0.1)
        bank_momentum: float = shared.bank_momentum(0.5)
        proximal: float = knob(0.0, "Proximal lambda", "How strongly an embedding is pulled to its image's last entry.", low=0.0, high=50.0, step=0.5, live=True)
        projector_depth: int = shared.projector_depth(1)
        projector_width: int = shared.projector_width(256)
        embedding: int = shared.embedding(64)
        output_norm: bool = shared.output_norm(False)
        # fmt: on

    def __init__(self, backbone: Backbone, config: Config, n_images: int, n_classes: int) -> None:
        super().__init__(backbone, config, n_images, n_classes)
        self.projector, width = projector_of(config, backbone.width)
        self.bank = Bank(n_images, width)
        self.register_buffer("normaliser", torch.tensor(0.0))  # Z; 0: to be estimated in this step
        self.fresh: tuple[Tensor, Tensor] | None = None

    def views(self, batch: Batch, augment: Augment) -> Views:
        shape, draws = (len(batch.index), self.config.noise), augment.generator("noise")
        noise = torch.randint(len(self.bank.vectors), shape, generator=draws)
        extra = {"noise": sent(noise, batch.images.device)}
        return Views([augment.view(batch.images, 1)], batch, extra=extra)

    def forward(self, views: Views) -> Step:
        c, bank, index = self.config, self.bank.vectors, views.batch.index
        z = self.encode(views.x[0])[1].float()
        unit, old = F.normalize(z, dim=1), bank[index]
        if c.loss == "softmax":
            loss = instance_softmax(unit, bank, index, c.tau)
        else:
            self.normaliser = self.bank.estimate(self.normaliser, unit.detach(), c.tau)
            loss = instance_nce(unit, bank, index, views.extra["noise"], c.tau, self.normaliser)
        proximal = (unit - old).square().sum(1).mean()
        self.fresh = (index, unit.detach())
        return Step(loss + c.proximal * proximal, {"proximal": proximal.detach()}, z, old)

    def set_knobs(self, values: Mapping[str, Any]) -> None:
        """Z belongs to one temperature: with another it is estimated anew."""
        if values.get("tau", self.config.tau) != self.config.tau:
            self.normaliser = torch.zeros_like(self.normaliser)
        super().set_knobs(values)

    def after_step(self, progress: float | Tensor) -> None:
        if self.fresh is not None:
            self.bank.update(*self.fresh, self.config.bank_momentum)
            self.fresh = None

    def observe(self) -> dict[str, Tensor]:
        return {"bank_age": self.bank.ages()}

    def chance_loss(self, batch_size: int) -> float | None:
        return log(len(self.bank.vectors)) if self.config.loss == "softmax" else None
