"""PIRL: Misra, van der Maaten 2020, "Self-Supervised Learning of Pretext-Invariant
Representations", arXiv 1912.01991."""

from dataclasses import dataclass
from math import log

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sslviz.backbones import Backbone
from sslviz.knobs import knob
from sslviz.methods import shared_knobs as shared
from sslviz.methods.base import Augment, Batch, Method, Step, Views, in_float32
from sslviz.methods.pieces.memory import Bank
from sslviz.methods.pieces.projector import projector_of
from sslviz.methods.pieces.tiles import cut_tiles, rearranged
from sslviz.methods.pretext.rotnet import quarter_turns
from sslviz.streams import sent


def turned(x: Tensor, generator: torch.Generator) -> Tensor:
    """N x C x S x S -> the same, each image by 0, 90, 180 or 270 degrees, drawn for each."""
    turns = sent(torch.randint(4, (len(x),), generator=generator), x.device)
    return torch.stack(quarter_turns(x))[turns, torch.arange(len(x), device=x.device)]


@in_float32
def pretext_nce(v: Tensor, bank: Tensor, index: Tensor, others: Tensor, tau: float) -> Tensor:
    r"""InfoNCE against drawn entries of *other* images. v: N x D, bank: n x D, unit rows; index: N,
    the images' places in the bank; others: m places, drawn with replacement -> scalar.

    $$-\frac1N\sum_i\log\frac{\exp(m_i \cdot v_i/\tau)}{\exp(m_i \cdot v_i/\tau) + \sum_{j \in \text{others},\, j \ne i}\exp(m_j \cdot v_i/\tau)}$$
    """
    positive = (v * bank[index]).sum(1, keepdim=True)  # N x 1
    itself = others == index[:, None]  # N x m: drawn, but no negative of this image
    negative = (v @ bank[others].T).masked_fill(itself, float("-inf"))
    logits = torch.cat([positive, negative], dim=1) / tau
    return F.cross_entropy(logits, torch.zeros_like(index))


class PIRL(Method):
    r"""**Idea.** A jigsaw puzzle asks the network to *say* how the tiles were shuffled, so its
    features must change with the shuffling. PIRL turns this round: the embedding of an image and
    that of its nine shuffled tiles should be *the same*. A transformation is no longer predicted,
    it is to be ignored. The same can be done to RotNet: a rotated image should stay where it was.

    **Objective**, with $m_I$ the memory bank's entry for image $I$ (see NPID):

    $$\mathcal{L} = \lambda\,\ell(m_I, g(I^t)) + (1-\lambda)\,\ell(m_I, f(I)), \quad
    \ell(m_I, v) = -\log\frac{\exp(m_I \cdot v/\tau)}{\exp(m_I \cdot v/\tau) + \sum_{I' \ne I}\exp(m_{I'} \cdot v/\tau)}$$

    | symbol | meaning |
    |---|---|
    | $f(I)$ | embedding of the whole image (backbone and projector) |
    | $g(I^t)$ | embedding of nine tiles in random order: each through the backbone, then joined; or of the turned image |
    | $m_I$ | moving average of $f(I)$; $m_{I'}$ are entries of random other images |
    | $\lambda$ | weight of the transformed image against the image itself |

    The paper's NCE has a further term for each negative; here it is InfoNCE, as in MoCo. The $m$
    entries are drawn from the whole bank, for all images of the batch alike; where an image meets
    its own entry among them, it is left out. Were it not, a small bank would forbid a small loss:
    with as many draws as images the best loss is 0.60, and 0.05 without the own entry ($\tau = 0.1$).

    **How it breaks.** $\lambda = 0$ is NPID, which knows no transformation; with $\lambda = 1$ no
    whole image is trained at all. Compare *Jigsaw*, the same tiles with the opposite wish.
    """

    title = "PIRL"

    @dataclass(frozen=True)
    class Config:
        # fmt: off
        transform: str = knob("jigsaw", "Transformation", "jigsaw: nine shuffled tiles. rotation: the whole image, turned by 0, 90, 180 or 270 degrees.", choices=("jigsaw", "rotation"))
        tiles_weight: float = knob(0.5, "Weight of the transformed image lambda", "0: only images as they are. 1: only their tiles, or turned copies.", low=0.0, high=1.0, step=0.05, live=True)
        tau: float = shared.tau(0.1)
        negatives: int = knob(1024, "Negatives m", "How many random bank entries serve as negatives in each step.", low=1, high=65536, step=1, live=True)
        bank_momentum: float = shared.bank_momentum(0.5)
        gap: float = shared.gap(0.2)
        projector_depth: int = shared.projector_depth(1)
        projector_width: int = shared.projector_width(256)
        embedding: int = shared.embedding(64)
        output_norm: bool = shared.output_norm(False)
        # fmt: on

    def __init__(self, backbone: Backbone, config: Config, n_images: int, n_classes: int) -> None:
        super().__init__(backbone, config, n_images, n_classes)
        self.projector, width = projector_of(config, backbone.width)
        self.head = nn.Linear(backbone.width, width)
        jigsaw = config.transform == "jigsaw"
        self.join = nn.Linear(9 * width, width) if jigsaw else nn.Identity()
        self.bank = Bank(n_images, width)
        self.fresh: tuple[Tensor, Tensor] | None = None

    def views(self, batch: Batch, augment: Augment) -> Views:
        draws, image = augment.generator("tiles"), augment.view(batch.images, 2)
        if self.config.transform == "jigsaw":
            order = torch.rand(len(image), 9, generator=draws).argsort(1)
            pieces = rearranged(cut_tiles(image, self.config.gap, draws), order)
        else:
            pieces = turned(image, draws)[:, None]  # one piece: N x 1 x C x H x W
        others = torch.randint(len(self.bank.vectors), (self.config.negatives,), generator=draws)
        extra = {"pieces": pieces, "others": sent(others, image.device)}
        return Views([augment.view(batch.images, 1)], batch, extra=extra)

    def forward(self, views: Views) -> Step:
        c, index = self.config, views.batch.index
        z1 = self.encode(views.x[0])[1].float()
        pieces = views.extra["pieces"]
        parts = self.head(self.backbone(pieces.flatten(0, 1)))  # 9N x D, or N x D
        z2 = self.join(parts.unflatten(0, pieces.shape[:2]).flatten(1)).float()
        whole, changed = F.normalize(z1, dim=1), F.normalize(z2, dim=1)
        bank, others = self.bank.vectors, views.extra["others"]
        on_changed = pretext_nce(changed, bank, index, others, c.tau)
        on_whole = pretext_nce(whole, bank, index, others, c.tau)
        self.fresh = (index, whole.detach())
        terms = {"transformed": on_changed.detach(), "whole": on_whole.detach()}
        return Step(c.tiles_weight * on_changed + (1 - c.tiles_weight) * on_whole, terms, z1, z2)

    def after_step(self, progress: float | Tensor) -> None:
        if self.fresh is not None:
            self.bank.update(*self.fresh, self.config.bank_momentum)
            self.fresh = None

    def observe(self) -> dict[str, Tensor]:
        return {"bank_age": self.bank.ages()}

    def chance_loss(self, batch_size: int) -> float | None:
        n, m = len(self.bank.vectors), self.config.negatives
        return log(1 + m * (1 - 1 / n))  # one draw in n is the image itself
