"""Untrained baseline: a random network, looked at like all others."""

from dataclasses import dataclass

import torch

from sslviz.backbones import Backbone
from sslviz.knobs import knob
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
        # fmt: off
        projector_depth: int = knob(2, "Projector depth", "Linear layers between h and z. 0: the loss acts on h itself.", low=0, high=3, step=1)
        projector_width: int = knob(256, "Projector width", "Units in the projector's hidden layers.", low=16, high=8192, step=16)
        embedding: int = knob(64, "Width of z", "Dimensions of the embedding.", low=2, high=4096, step=2)
        output_norm: bool = knob(False, "Output BatchNorm", "Standardises every dimension of z over the batch.")
        # fmt: on

    def __init__(self, backbone: Backbone, config: Config, n_images: int, n_classes: int) -> None:
        super().__init__(backbone, config, n_images, n_classes)
        self.projector, _ = projector_of(config, backbone.width)
        self.requires_grad_(False)

    def forward(self, views: Views) -> Step:
        z1, z2 = (self.encode(x)[1].float() for x in views.x)
        return Step(torch.zeros((), device=z1.device), {}, z1, z2)
