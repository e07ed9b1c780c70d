"""Supervised baseline: the same backbone, views and training, with labels."""

from dataclasses import dataclass
from math import log

import torch
import torch.nn.functional as F
from torch import Tensor

from sslviz.backbones import Backbone
from sslviz.methods import shared_knobs as shared
from sslviz.methods.base import Method, Step, Views, in_float32
from sslviz.methods.pieces.projector import Logits, projector_of
from sslviz.refusal import Refusal


@in_float32
def label_loss(logits: Tensor, labels: Tensor) -> Tensor:
    r"""Cross-entropy with the labels, images of unknown label (-1) left out. logits: M x C.

    $$-\frac1M\sum_i\log\mathrm{softmax}(\ell_i)_{y_i}$$
    """
    known = (labels >= 0).sum().clamp(min=1)
    return F.cross_entropy(logits, labels, ignore_index=-1, reduction="sum") / known


class Supervised(Method):
    r"""**Idea.** No self-supervision: labels say what each image is. Everything else is as for the
    other methods, the same backbone, views and number of steps, so that their distance to this run
    is the price of doing without labels.

    **Objective**, over both views:

    $$\mathcal{L} = -\frac{1}{2N}\sum_i\log\mathrm{softmax}(W z_i)_{y_i}$$

    | symbol | meaning |
    |---|---|
    | $y_i$ | the label |
    | $z = g(f(x))$ | embedding; with projector depth 0 it is h itself |
    | $W$ | linear classifier |

    **How it breaks.** It learns what the labels ask and drops the rest; a factor that no label
    mentions need not survive (look at the factor probes). With few labels it learns them by heart.
    Data without labels cannot be used.
    """

    title = "Supervised"

    @dataclass(frozen=True)
    class Config:
        projector_depth: int = shared.projector_depth(0)
        projector_width: int = shared.projector_width(256)
        embedding: int = shared.embedding(64)
        output_norm: bool = shared.output_norm(False)

    def __init__(self, backbone: Backbone, config: Config, n_images: int, n_classes: int) -> None:
        super().__init__(backbone, config, n_images, n_classes)
        if n_classes < 2:
            raise Refusal(
                "The supervised method needs labels of at least 2 classes; the data has {n}.",
                n=n_classes,
            )
        self.projector, width = projector_of(config, backbone.width)
        self.classifier = Logits(width, n_classes)

    def forward(self, views: Views) -> Step:
        z = self.encode(torch.cat(views.x))[1].float()
        logits, labels = self.classifier(z), views.batch.labels.repeat(2)
        accuracy = (logits.argmax(1) == labels).sum() / (labels >= 0).sum().clamp(min=1)
        return Step(label_loss(logits, labels), {"accuracy": accuracy}, *z.chunk(2))

    def chance_loss(self, batch_size: int) -> float | None:
        return log(self.classifier.out_features)
