"""SimCLR: Chen, Kornblith, Norouzi, Hinton 2020, "A Simple Framework for Contrastive Learning of
Visual Representations", arXiv 2002.05709."""

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
def nt_xent(z1: Tensor, z2: Tensor, tau: float, negatives: bool = True) -> Tensor:
    r"""NT-Xent (eq. 1). z1, z2: N x D, normalised by the caller -> scalar.

    $$\ell_{i,j} = -\log\frac{\exp(s_{i,j}/\tau)}{\sum_{k \ne i}\exp(s_{i,k}/\tau)}$$

    averaged over all 2N views; the other 2(N-1) views in the batch are the negatives. With
    `negatives` off only the pull between the positives is left: mean of -s/tau.
    """
    z = torch.cat([z1, z2])  # 2N x D
    s = z @ z.T / tau  # 2N x 2N
    n = len(z1)
    positive = torch.arange(2 * n, device=z.device).roll(n)
    if not negatives:
        return -s.gather(1, positive[:, None]).mean()
    s = s.masked_fill(torch.eye(2 * n, dtype=torch.bool, device=z.device), float("-inf"))
    return F.cross_entropy(s, positive)


class SimCLR(Method):
    r"""**Idea.** Two random views of one image should look alike to the encoder, and unlike the
    views of every other image in the batch. Nothing else is needed: no labels, no memory, no second
    network, only many negatives and strong augmentation.

    **Objective** (NT-Xent, for a positive pair $i, j$ among $2N$ views):

    $$\ell_{i,j} = -\log\frac{\exp(s(z_i, z_j)/\tau)}{\sum_{k \ne i}\exp(s(z_i, z_k)/\tau)}$$

    | symbol | meaning |
    |---|---|
    | $h = f(x)$ | representation: what the backbone gives and what one keeps |
    | $z = g(h)$ | embedding: what the projector gives and the loss sees |
    | $s(a, b)$ | cosine similarity |
    | $\tau$ | temperature: small values let the hardest negatives dominate |

    **How it breaks.** Without negatives nothing pushes apart, and all embeddings become equal.
    With crops alone it cheats: two crops of one image share their colours, so the loss falls
    although no shape is learned.
    """

    title = "SimCLR"

    @dataclass(frozen=True)
    class Config:
        # fmt: off
        tau: float = shared.tau(0.2)
        negatives: bool = knob(True, "Negatives", "Off: positives pull, nothing pushes, and everything collapses to one point.", live=True)
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
        x1, x2 = views.x
        _, z = self.encode(torch.cat([x1, x2]))  # one pass: 2N x D
        z1, z2 = z.float().chunk(2)
        if self.config.normalise:
            a, b = F.normalize(z1, dim=1), F.normalize(z2, dim=1)
        else:
            a, b = z1, z2
        loss = nt_xent(a, b, self.config.tau, self.config.negatives)
        return Step(loss, {}, z1, z2)

    def chance_loss(self, batch_size: int) -> float | None:
        return log(2 * batch_size - 1) if self.config.negatives else None
