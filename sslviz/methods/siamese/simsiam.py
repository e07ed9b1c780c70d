"""SimSiam: Chen, He 2021, "Exploring Simple Siamese Representation Learning", arXiv 2011.10566."""

from dataclasses import dataclass

import torch.nn.functional as F
from torch import Tensor

from sslviz.backbones import Backbone
from sslviz.knobs import knob
from sslviz.methods import shared_knobs as shared
from sslviz.methods.base import Method, Step, Views, in_float32
from sslviz.methods.pieces.projector import mlp, projector_of


@in_float32
def negative_cosine(p: Tensor, z: Tensor) -> Tensor:
    r"""Negative cosine similarity (eq. 1). p, z: N x D -> scalar from -1 (all agree) to 1.

    $$D(p, z) = -\frac1N\sum_i \frac{p_i}{\lVert p_i\rVert} \cdot \frac{z_i}{\lVert z_i\rVert}$$
    """
    return -F.cosine_similarity(p, z, dim=1).mean()


class SimSiam(Method):
    r"""**Idea.** What is left of BYOL when everything possible is taken away: no negatives, no
    second network, no momentum. Two views pass through one network; a predictor on one side tries to
    hit the embedding on the other side, which is held still (stop-gradient).

    **Objective:**

    $$\mathcal{L} = \tfrac12 D(p_1, \mathrm{sg}(z_2)) + \tfrac12 D(p_2, \mathrm{sg}(z_1))$$

    | symbol | meaning |
    |---|---|
    | $z = g(f(x))$ | embedding: backbone and projector |
    | $p = q(z)$ | prediction, through a bottleneck |
    | $D$ | negative cosine similarity, $-1$ at best |
    | $\mathrm{sg}$ | stop-gradient: its argument counts as a constant |

    **How it breaks.** Without the stop-gradient the loss rushes to $-1$ and every image gets the
    same embedding; without the predictor it goes the same way, more slowly. The BatchNorm at the
    projector's output does not prevent that, it only hides it: every dimension keeps its spread
    while all dimensions become copies of one, and the rank of z tells. Switch it off to see the
    collapse with the naked eye. Without standardised images it learns brightness, not shapes.
    """

    title = "SimSiam"

    @dataclass(frozen=True)
    class Config:
        # fmt: off
        stop_gradient: bool = shared.stop_gradient(True, help="Off: both branches move towards each other, and everything collapses.")
        predictor: bool = shared.predictor(True, help="Off: the embedding itself must equal that of the other view.")
        projector_depth: int = shared.projector_depth(2)
        projector_width: int = shared.projector_width(256)
        embedding: int = shared.embedding(256)
        predictor_width: int = knob(64, "Predictor bottleneck", "Units in the predictor's hidden layer; the paper takes a quarter of the width of z.", low=4, high=8192, step=4)
        output_norm: bool = shared.output_norm(True, help="Standardises every dimension of z over the batch. On in the paper; it hides collapse from the eye.")
        # fmt: on

    def __init__(self, backbone: Backbone, config: Config, n_images: int, n_classes: int) -> None:
        super().__init__(backbone, config, n_images, n_classes)
        self.projector, width = projector_of(config, backbone.width)
        self.predictor = mlp([width, config.predictor_width, width])

    def forward(self, views: Views) -> Step:
        x1, x2 = views.x
        z1, z2 = self.encode(x1)[1], self.encode(x2)[1]
        p1, p2 = (self.predictor(z1), self.predictor(z2)) if self.config.predictor else (z1, z2)
        t1, t2 = (z1.detach(), z2.detach()) if self.config.stop_gradient else (z1, z2)
        loss = negative_cosine(p1, t2) / 2 + negative_cosine(p2, t1) / 2
        return Step(loss, {}, z1.float(), z2.float())
