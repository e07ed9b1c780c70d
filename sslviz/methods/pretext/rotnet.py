"""RotNet: Gidaris, Singh, Komodakis 2018, "Unsupervised Representation Learning by Predicting Image
Rotations", arXiv 1803.07728."""

from dataclasses import dataclass
from math import log

import torch
import torch.nn.functional as F
from torch import Tensor

from sslviz.backbones import Backbone
from sslviz.methods import shared_knobs as shared
from sslviz.methods.base import Augment, Batch, Method, Step, Views, in_float32, pictures
from sslviz.methods.pieces.projector import Logits, projector_of


def quarter_turns(x: Tensor) -> list[Tensor]:
    """N x C x S x S -> four of the same: turned by 0, 90, 180 and 270 degrees, without resampling."""
    return [torch.rot90(x, turns, dims=(2, 3)) for turns in range(4)]


@in_float32
def rotation_loss(logits: Tensor, target: Tensor) -> Tensor:
    r"""Cross-entropy over the four rotations. logits: M x 4, target: M -> scalar.

    $$-\frac1M\sum_i\log\mathrm{softmax}(\ell_i)_{r_i}$$
    """
    return F.cross_entropy(logits, target)


class RotNet(Method):
    r"""**Idea.** Turn every image by 0, 90, 180 and 270 degrees and ask which it was. To know what is
    upright one has to know what the thing is: the label costs nothing, and yet it is about content.

    **Objective**, over all four copies of every image:

    $$\mathcal{L} = -\frac{1}{4N}\sum_{i=1}^{N}\sum_{r=0}^{3}\log P(r \mid x_i \text{ turned by } 90r°)$$

    | symbol | meaning |
    |---|---|
    | $r$ | number of quarter turns: the free label |
    | $P(r \mid x)$ | softmax of a linear classifier on z |
    | $z = g(f(x))$ | embedding; with projector depth 0 it is h itself, as in the paper |

    **How it breaks.** It cannot collapse, but it may learn the wrong thing. Pictures without an
    upright position teach nothing: coins, flowers from above, our shapes turned to any side. Hence
    the preset's upright shapes. The last layers specialise: they keep the angle and forget the
    object. Nothing pulls two views of an image together, so look at the positive pairs.
    """

    title = "RotNet"

    @dataclass(frozen=True)
    class Config:
        projector_depth: int = shared.projector_depth(0)
        projector_width: int = shared.projector_width(256)
        embedding: int = shared.embedding(64)
        output_norm: bool = shared.output_norm(False)

    def __init__(self, backbone: Backbone, config: Config, n_images: int, n_classes: int) -> None:
        super().__init__(backbone, config, n_images, n_classes)
        self.projector, width = projector_of(config, backbone.width)
        self.classifier = Logits(width, 4)

    def views(self, batch: Batch, augment: Augment) -> Views:
        turned = quarter_turns(augment.view(batch.images, 1))
        target = torch.arange(4, device=batch.images.device).repeat_interleave(len(batch.images))
        return Views(turned, batch, target)

    def forward(self, views: Views) -> Step:
        assert views.target is not None
        z = self.encode(torch.cat(views.x))[1].float()  # 4N x D
        logits = self.classifier(z)
        accuracy = (logits.argmax(1) == views.target).float().mean()
        z1, z2 = z.chunk(4)[:2]  # upright, and the same image lying on its side
        return Step(rotation_loss(logits, views.target), {"accuracy": accuracy}, z1, z2)

    def attempt(self, batch: Batch, augment: Augment) -> dict[str, Tensor]:
        """Of each image one copy: `turned` N x 3 x S x S, its `turns` N, `turn_odds` N x 4."""
        copies = torch.stack(self.views(batch, augment).x)
        turns = torch.arange(len(batch.images), device=copies.device) % 4
        turned = copies[turns, torch.arange(len(turns))]
        odds = self.classifier(self.encode(turned)[1].float()).softmax(1)
        return {"turned": pictures(turned), "turns": turns, "turn_odds": odds}

    def chance_loss(self, batch_size: int) -> float | None:
        return log(4)
