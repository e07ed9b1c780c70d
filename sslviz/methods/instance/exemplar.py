"""Exemplar-CNN: Dosovitskiy, Fischer, Springenberg, Riedmiller, Brox 2014/2016, "Discriminative
Unsupervised Feature Learning with Exemplar Convolutional Neural Networks", arXiv 1406.6909."""

from dataclasses import dataclass
from math import log

import torch
import torch.nn.functional as F
from torch import Tensor

from sslviz.backbones import Backbone
from sslviz.methods import shared_knobs as shared
from sslviz.methods.base import Method, Step, Views, in_float32
from sslviz.methods.pieces.projector import Logits, projector_of


@in_float32
def surrogate_loss(logits: Tensor, index: Tensor) -> Tensor:
    r"""Softmax cross-entropy with one class for each image. logits: N x n, index: N -> scalar.

    $$-\log\frac{\exp(w_i \cdot z_i + b_i)}{\sum_{j=1}^{n}\exp(w_j \cdot z_i + b_j)}$$
    """
    return F.cross_entropy(logits, index)


class Exemplar(Method):
    r"""**Idea.** Make a class of every single image: its members are the image's random views, and
    an ordinary classifier learns to name the image a view came from. It can do so only if it
    ignores what augmentation changes. This is where instance discrimination began.

    **Objective:**

    $$\mathcal{L} = -\log\frac{\exp(w_i \cdot z_i + b_i)}{\sum_{j=1}^{n}\exp(w_j \cdot z_i + b_j)}$$

    | symbol | meaning |
    |---|---|
    | $z_i = g(f(x_i))$ | embedding of a view of image $i$ |
    | $w_j, b_j$ | learned weights of the surrogate class $j$: one for each of the $n$ images |

    The paper cuts its classes from small patches (8,000 of them); here each training image is one.

    **How it breaks.** The classifier grows with the data, and each row of it sees its own image
    once an epoch only: slow and poor with many images. NPID replaces the rows by the embeddings
    themselves, and the kNN accuracy rises from 63 to 81 on CIFAR-10.
    """

    title = "Exemplar-CNN"

    @dataclass(frozen=True)
    class Config:
        projector_depth: int = shared.projector_depth(1)
        projector_width: int = shared.projector_width(256)
        embedding: int = shared.embedding(64)
        output_norm: bool = shared.output_norm(False)

    def __init__(self, backbone: Backbone, config: Config, n_images: int, n_classes: int) -> None:
        super().__init__(backbone, config, n_images, n_classes)
        self.projector, width = projector_of(config, backbone.width)
        self.classifier = Logits(width, n_images)

    def forward(self, views: Views) -> Step:
        z = self.encode(torch.cat(views.x))[1].float()
        loss = surrogate_loss(self.classifier(z), views.batch.index.repeat(2))
        return Step(loss, {}, *z.chunk(2))

    def chance_loss(self, batch_size: int) -> float | None:
        return log(self.classifier.out_features)
