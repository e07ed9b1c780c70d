"""Untrained baseline: a random network, looked at like all others."""

from dataclasses import dataclass

import torch

from sslviz.backbones import Backbone
from sslviz.methods import shared_knobs as shared
from sslviz.methods.base import Method, Step, Views
from sslviz.methods.pieces.projector import projector_of


class Random(Method):
    r"""**Idea.** Nothing is learned. The backbone keeps the weights it was drawn with, and every
    picture and number shows what a network knows *before* training: quite a lot, for convolutions
    see edges and colours whatever their weights. What a method achieves counts from here.

    **Objective.** None; the loss is 0 throughout, and no weight moves:

    $$\mathcal{L} = 0$$

    | symbol | meaning |
    |---|---|
    | $h = f(x)$ | representation by random weights |
    | $z = g(h)$ | embedding by a random projector |

    **How it breaks.** It does not. If the kNN accuracy here is high already, the data is too easy to
    tell good methods from bad ones.
    """

    title = "Random network"

    @dataclass(frozen=True)
    class Config:
        projector_depth: int = shared.projector_depth(2)
        projector_width: int = shared.projector_width(256)
        embedding: int = shared.embedding(64)
        output_norm: bool = shared.output_norm(False)

    def __init__(self, backbone: Backbone, config: Config, n_images: int, n_classes: int) -> None:
        super().__init__(backbone, config, n_images, n_classes)
        self.projector, _ = projector_of(config, backbone.width)
        self.requires_grad_(False)

    def forward(self, views: Views) -> Step:
        z1, z2 = (self.encode(x)[1].float() for x in views.x)
        return Step(torch.zeros((), device=z1.device), {}, z1, z2)
