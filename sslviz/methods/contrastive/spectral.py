"""Spectral contrastive loss: HaoChen, Wei, Gaidon, Ma 2021, "Provable Guarantees for Self-Supervised
Deep Learning with Spectral Contrastive Loss", arXiv 2106.04156."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from sslviz.backbones import Backbone
from sslviz.knobs import knob
from sslviz.methods import shared_knobs as shared
from sslviz.methods.base import Method, Step, Views, in_float32
from sslviz.methods.pieces.projector import projector_of


@in_float32
def clipped(z: Tensor, mu: float) -> Tensor:
    """N x D: rows longer than sqrt(mu) are shortened to that length."""
    norm = z.norm(dim=1, keepdim=True)
    return torch.where(norm > mu**0.5, F.normalize(z, dim=1) * mu**0.5, z)


@in_float32
def spectral(z1: Tensor, z2: Tensor) -> tuple[Tensor, Tensor]:
    r"""Attraction and repulsion (eq. 6). z1, z2: N x D -> two scalars whose sum is the loss.

    $$-\frac2N\sum_i z_{1,i}\cdot z_{2,i}, \qquad \frac{1}{N(N-1)}\sum_{i \ne j}(z_{1,i}\cdot z_{2,j})^2$$

    The authors' program divides both by mu.
    """
    n = len(z1)
    s = z1 @ z2.T  # N x N
    positive = s.diagonal()
    apart = (s.square().sum() - positive.square().sum()) / (n * (n - 1))
    return -2 * positive.mean(), apart


class Spectral(Method):
    r"""**Idea.** Think of a graph with every possible view as a node, and an edge wherever two views
    could come from one image. Good features are this graph's first eigenvectors. The spectral loss
    is contrastive learning whose minimum *is* that decomposition, so that one can prove what it
    learns: clusters of the graph, and those are often the classes.

    **Objective:**

    $$\mathcal{L} = -2\,\mathbb{E}_{x, x^+}\big[z \cdot z^+\big] + \mathbb{E}_{x, x'}\big[(z \cdot z')^2\big]$$

    | symbol | meaning |
    |---|---|
    | $z = g(f(x))$ | embedding; longer than $\sqrt\mu$, it is shortened to that |
    | $x, x^+$ | two views of one image: attracted |
    | $x, x'$ | views of different images: driven to be orthogonal, not opposite |

    The authors' program divides the loss by $\mu$, which keeps the first term within $\pm 2$. Here
    it stands as in the paper: with $\mu = 10$ loss and gradient are ten times theirs.

    **How it breaks.** Without the second term all embeddings grow along one direction. With fewer
    dimensions than clusters in the graph some clusters must share. A zero vector for every image
    gives loss 0, which is a poor but stationary point; a good solution is well below 0.
    """

    title = "Spectral contrastive"

    @dataclass(frozen=True)
    class Config:
        # fmt: off
        mu: float = knob(1.0, "Largest squared length mu", "Embeddings longer than the root of mu are shortened to it.", low=0.1, high=100.0, step=0.1, live=True)
        repulsion: bool = knob(True, "Repulsion", "Off: nothing drives different images apart, and everything collapses.", live=True)
        projector_depth: int = shared.projector_depth(2)
        projector_width: int = shared.projector_width(256)
        embedding: int = shared.embedding(128)
        output_norm: bool = shared.output_norm(False)
        # fmt: on

    def __init__(self, backbone: Backbone, config: Config, n_images: int, n_classes: int) -> None:
        super().__init__(backbone, config, n_images, n_classes)
        self.projector, _ = projector_of(config, backbone.width)

    def forward(self, views: Views) -> Step:
        z1, z2 = self.encode(torch.cat(views.x))[1].float().chunk(2)
        pull, push = spectral(clipped(z1, self.config.mu), clipped(z2, self.config.mu))
        loss = pull + push if self.config.repulsion else pull
        return Step(loss, {"attraction": pull.detach(), "repulsion": push.detach()}, z1, z2)
