"""Jigsaw: Noroozi, Favaro 2016, "Unsupervised Learning of Visual Representations by Solving Jigsaw
Puzzles", arXiv 1603.09246."""

from dataclasses import dataclass
from math import log
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from sslviz.backbones import Backbone
from sslviz.knobs import knob
from sslviz.methods import shared_knobs as shared
from sslviz.methods.base import Augment, Batch, Method, Step, Views, in_float32, pictures
from sslviz.methods.pieces.projector import mlp, projector_of
from sslviz.methods.pieces.tiles import (
    cut_tiles,
    distant_permutations,
    early_permutations,
    rearranged,
)
from sslviz.streams import sent


def standardised(tiles: Tensor) -> Tensor:
    """N x 9 x C x T x T: each tile by itself gets mean 0.5 and standard deviation 0.25."""
    dims = (2, 3, 4)
    return (tiles - tiles.mean(dims, True)) / (tiles.std(dims, keepdim=True) + 0.02) / 4 + 0.5


@in_float32
def permutation_loss(logits: Tensor, target: Tensor) -> Tensor:
    r"""Cross-entropy over the P known permutations. logits: N x P, target: N -> scalar.

    $$-\frac1N\sum_i\log\mathrm{softmax}(\ell_i)_{p_i}$$
    """
    return F.cross_entropy(logits, target)


class Jigsaw(Method):
    r"""**Idea.** Cut an image into nine tiles, shuffle them, and ask how. Whoever can put a dog
    together again knows that ears are above paws. The shuffles are a fixed list of permutations,
    chosen to be as unlike each other as possible (of 64 any two differ in 7 of the 9 places or
    more, of 1,000 in 5); the answer is a number in that list.

    **Objective:**

    $$\mathcal{L} = -\frac1N\sum_i\log P(p_i \mid \text{tiles of } x_i \text{ in order } \sigma_{p_i})$$

    | symbol | meaning |
    |---|---|
    | $\sigma_1, \dots, \sigma_P$ | the list of permutations |
    | $p_i$ | which of them was applied: the free label |
    | $z = g(f(\text{tile}))$ | embedding of one tile; all nine, joined in their order, are classified |

    **How it breaks.** By cheating: lines that continue across an edge, or colour and brightness
    that drift over the image, solve the puzzle without any understanding. Gaps, and standardising
    each tile by itself, remove both clues; switch them off to see the loss fall nearly twice as
    far, with features that are no better for it. The backbone sees tiles only, but is measured on
    whole images.
    """

    title = "Jigsaw"

    @dataclass(frozen=True)
    class Config:
        # fmt: off
        permutations: int = knob(64, "Permutations P", "How many shuffles are in the list. More: a harder task.", low=2, high=2000, step=1)
        gap: float = shared.gap(0.2)
        standardise: bool = knob(True, "Standardise tiles", "Off: drifting colours and brightness may give the puzzle away.", live=True)
        joint_width: int = knob(256, "Joint width", "Units in the layer that looks at all nine tiles.", low=16, high=8192, step=16)
        projector_depth: int = shared.projector_depth(1)
        projector_width: int = shared.projector_width(256)
        embedding: int = shared.embedding(64)
        output_norm: bool = shared.output_norm(False)
        # fmt: on

    orders: Tensor

    def __init__(self, backbone: Backbone, config: Config, n_images: int, n_classes: int) -> None:
        super().__init__(backbone, config, n_images, n_classes)
        self.projector, width = projector_of(config, backbone.width)
        self.classifier = mlp([9 * width, config.joint_width, config.permutations], logits=True)
        orders = distant_permutations(config.permutations)  # P x 9, the same in every run
        self.register_buffer("orders", orders.clone())

    def views(self, batch: Batch, augment: Augment) -> Views:
        draws = augment.generator("tiles")
        tiles = cut_tiles(augment.view(batch.images, 1), self.config.gap, draws)
        target = torch.randint(len(self.orders), (len(tiles),), generator=draws)
        target = sent(target, tiles.device)
        tiles = rearranged(tiles, self.orders[target])
        if self.config.standardise:
            tiles = standardised(tiles)
        return Views(list(tiles.unbind(1)), batch, target)

    def solve(self, views: Views) -> tuple[Tensor, Tensor]:
        """z of the tiles, 9 x N x D, and what they say about the permutation, N x P."""
        z = self.encode(torch.cat(views.x))[1].float().unflatten(0, (9, -1))
        return z, self.classifier(z.transpose(0, 1).flatten(1))

    def forward(self, views: Views) -> Step:
        assert views.target is not None
        z, logits = self.solve(views)
        accuracy = (logits.argmax(1) == views.target).float().mean()
        loss = permutation_loss(logits, views.target)
        return Step(loss, {"accuracy": accuracy}, z[0], z[1])

    def attempt(self, batch: Batch, augment: Augment) -> dict[str, Tensor]:
        """`tiles` N x 9 x 3 x T x T as seen; `order`, `guess` N x 9: true and chosen permutation,
        `sure` N: the probability given to the chosen one."""
        views = self.views(batch, augment)
        assert views.target is not None
        sure, chosen = self.solve(views)[1].softmax(1).max(1)
        order, guess = self.orders[views.target], self.orders[chosen]
        tiles = pictures(torch.stack(views.x, dim=1), most=24)
        return {"tiles": tiles, "order": order, "guess": guess, "sure": sure}

    def chance_loss(self, batch_size: int) -> float | None:
        return log(self.config.permutations)

    def _load_from_state_dict(self, state: dict[str, Any], prefix: str, *args: Any) -> None:
        """A checkpoint without a list was trained with the early one, and goes on with it."""
        state.setdefault(prefix + "orders", early_permutations(self.config.permutations))
        super()._load_from_state_dict(state, prefix, *args)
