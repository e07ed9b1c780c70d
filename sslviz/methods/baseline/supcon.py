"""SupCon: Khosla, Teterwak, Wang, Sarna, Tian, Isola, Maschinot, Liu, Krishnan 2020, "Supervised
Contrastive Learning", arXiv 2004.11362."""

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
def sup_con(z1: Tensor, z2: Tensor, labels: Tensor, tau: float) -> Tensor:
    r"""Supervised contrastive loss (eq. 2). z1, z2: N x D, unit rows; labels: N, -1 unknown.

    $$\ell_i = -\frac{1}{|P(i)|}\sum_{p \in P(i)}\log\frac{\exp(s_{i,p}/\tau)}{\sum_{a \ne i}\exp(s_{i,a}/\tau)}$$

    averaged over all 2N views; P(i) are the other views of the same label. An image of unknown
    label has only its own other view: with no labels at all this is NT-Xent.
    """
    n = len(z1)
    alone = -2 - torch.arange(n, device=labels.device)  # a class of its own for each unknown
    labels = torch.where(labels < 0, alone, labels).repeat(2)  # 2N
    z = torch.cat([z1, z2])
    itself = torch.eye(2 * n, dtype=torch.bool, device=z.device)
    log_p = (z @ z.T / tau).masked_fill(itself, float("-inf")).log_softmax(1)  # 2N x 2N
    same = (labels[:, None] == labels) & ~itself
    return -(log_p.masked_fill(~same, 0).sum(1) / same.sum(1)).mean()


class SupCon(Method):
    r"""**Idea.** SimCLR that is told the truth: with labels, *all* views of a class are positives,
    and only views of other classes are negatives. This is not self-supervised; it shows what the
    same picture looks like when nobody has to guess which images belong together.

    **Objective:**

    $$\ell_i = -\frac{1}{|P(i)|}\sum_{p \in P(i)}\log\frac{\exp(s(z_i, z_p)/\tau)}{\sum_{a \ne i}\exp(s(z_i, z_a)/\tau)}$$

    | symbol | meaning |
    |---|---|
    | $P(i)$ | all other views in the batch with the label of $i$ |
    | $z = g(f(x))$ | embedding |
    | $s(a, b)$ | cosine similarity |
    | $\tau$ | temperature |

    **How it breaks.** The encoder keeps what tells the classes apart and may drop all else: look at
    the factor probes. The loss cannot reach 0, since a view cannot be equal to many others and
    still give each of them probability 1. Without labels it *is* SimCLR.
    """

    title = "SupCon"

    @dataclass(frozen=True)
    class Config:
        # fmt: off
        tau: float = shared.tau(0.1)
        labels: bool = knob(True, "Labels", "Off: every image is a class of its own, and this is SimCLR.", live=True)
        projector_depth: int = shared.projector_depth(2)
        projector_width: int = shared.projector_width(256)
        embedding: int = shared.embedding(64)
        output_norm: bool = shared.output_norm(False)
        # fmt: on

    def __init__(self, backbone: Backbone, config: Config, n_images: int, n_classes: int) -> None:
        super().__init__(backbone, config, n_images, n_classes)
        self.projector, _ = projector_of(config, backbone.width)

    def forward(self, views: Views) -> Step:
        z1, z2 = self.encode(torch.cat(views.x))[1].float().chunk(2)
        labels = views.batch.labels
        if not self.config.labels:
            labels = torch.full_like(labels, -1)
        loss = sup_con(F.normalize(z1, dim=1), F.normalize(z2, dim=1), labels, self.config.tau)
        return Step(loss, {}, z1, z2)

    def chance_loss(self, batch_size: int) -> float | None:
        return log(2 * batch_size - 1)
