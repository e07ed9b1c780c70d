"""MAE: He, Chen, Xie, Li, Dollar, Girshick 2022, "Masked Autoencoders Are Scalable Vision
Learners", arXiv 2111.06377."""

from dataclasses import dataclass

import torch
from torch import Tensor

from sslviz.backbones import PATCH, Backbone, ViT, patches
from sslviz.knobs import knob
from sslviz.methods import shared_knobs as shared
from sslviz.methods.base import Augment, Batch, Method, Step, Views, in_float32, pictures
from sslviz.methods.pieces.decoder import TokenDecoder, canvas, unpatched
from sslviz.methods.pieces.projector import projector_of
from sslviz.refusal import Refusal
from sslviz.streams import sent


def visible_patches(n: int, total: int, hidden: float, generator: torch.Generator) -> Tensor:
    """N x V: which of the `total` patches each image keeps; at least one stays, one goes."""
    kept = min(total - 1, max(1, round((1 - hidden) * total)))
    return torch.rand(n, total, generator=generator).argsort(1)[:, :kept]


def levels(x: Tensor) -> tuple[Tensor, Tensor]:
    """N x T x P -> mean and standard deviation of every patch, each N x T x 1."""
    return x.mean(2, keepdim=True), (x.var(2, keepdim=True) + 1e-6).sqrt()


@in_float32
def masked_error(painted: Tensor, wanted: Tensor, hidden: Tensor) -> Tensor:
    r"""Mean squared error of hidden patches. painted, wanted: N x T x P; hidden: N x T, 1 or 0.

    $$\frac{\sum_t m_t\lVert \hat x_t - y_t\rVert^2}{P\sum_t m_t}$$
    """
    error = (painted - wanted).square().mean(2)  # N x T
    return (error * hidden).sum() / hidden.sum()


class MAE(Method):
    r"""**Idea.** Hide three quarters of an image's patches and paint them from the rest. So little is
    left that neighbouring pixels do not help; one has to guess what the picture shows. It is what
    language models do with hidden words. The encoder, a vision transformer, reads *only* the
    visible patches, so it has a quarter of the work; a light decoder is told where the others were.

    **Objective**, counted on hidden patches only:

    $$\mathcal{L} = \frac{1}{P\sum_t m_t}\sum_t m_t\lVert \hat x_t - y_t\rVert^2,
    \quad \hat x = d\big(g(f(x_v)), e\big)$$

    | symbol | meaning |
    |---|---|
    | $m_t$ | mask: 1 where patch $t$ is hidden, 0 where it is visible |
    | $f(x_v)$ | one token for each visible patch, and nothing else; $h$ is the mean of the tokens |
    | $e$ | the learned token that stands for every hidden patch, each with its position |
    | $\hat x$ | what the decoder $d$ paints |
    | $y_t$ | the true patch, $P = 48$ numbers; if so chosen, with mean 0 and standard deviation 1 |

    **How it breaks.** With few hidden patches colours are carried on from next door, and nothing is
    learned about content. Even at its best, features must be fine-tuned: neighbours in h and linear
    probes are far below contrastive learning, in the paper's setting too. It needs long training.
    """

    title = "MAE"
    needs = "vit"
    backbone: ViT

    @dataclass(frozen=True)
    class Config:
        # fmt: off
        mask: float = knob(0.75, "Hidden share", "How many of the patches are hidden.", low=0.1, high=0.95, step=0.05, live=True)
        normalise_patches: bool = knob(False, "Normalise patches", "On: each patch is painted with mean 0 and standard deviation 1, so that structure counts and not colour.", live=True)
        decoder_depth: int = knob(2, "Decoder depth", "Blocks of the transformer that paints. Deeper: the encoder may leave the pixels to it.", low=1, high=8, step=1)
        projector_depth: int = shared.projector_depth(0)
        projector_width: int = shared.projector_width(256)
        embedding: int = shared.embedding(64)
        output_norm: bool = shared.output_norm(False)
        # fmt: on

    def __init__(self, backbone: Backbone, config: Config, n_images: int, n_classes: int) -> None:
        super().__init__(backbone, config, n_images, n_classes)
        if not isinstance(backbone, ViT):
            raise Refusal("MAE hides patches from the encoder, so the backbone must be vit.")
        self.projector, width = projector_of(config, backbone.width)
        self.decoder = TokenDecoder(width, config.decoder_depth)

    def views(self, batch: Batch, augment: Augment) -> Views:
        x = [augment.view(batch.images, 1), augment.view(batch.images, 2)]
        n, total = 2 * len(x[0]), (x[0].shape[-1] // PATCH) ** 2
        visible = visible_patches(n, total, self.config.mask, augment.generator("mask"))
        return Views(x, batch, extra={"visible": sent(visible, x[0].device)})

    def paint(self, views: Views) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """z of the visible patches, 2N x V x D; true and painted patches, 2N x T x P; hidden, 2N x T."""
        image, visible = torch.cat(views.x), views.extra["visible"]
        x = patches(image)
        hidden = torch.ones_like(x[..., 0]).scatter(1, visible, 0.0)
        tokens = self.backbone.tokens(image, visible)  # 2N x V x width
        z = self.projector(tokens.flatten(0, 1)).unflatten(0, visible.shape)
        return z, x, self.decoder(z, visible, image.shape[-1] // PATCH), hidden

    def forward(self, views: Views) -> Step:
        z, x, painted, hidden = self.paint(views)
        mean, std = levels(x) if self.config.normalise_patches else (0.0, 1.0)
        loss = masked_error(painted, (x - mean) / std, hidden)
        return Step(loss, {}, *z.float().mean(1).chunk(2))

    def attempt(self, batch: Batch, augment: Augment) -> dict[str, Tensor]:
        """N x 3 x 3 x 32 x 32: of each image what is seen, hidden patches painted, the whole.

        Normalised patches get back the mean and contrast of the image's own, as in the paper.
        """
        _, x, painted, hidden = self.paint(self.views(batch, augment))
        mean, std = levels(x) if self.config.normalise_patches else (0.0, 1.0)
        m = hidden[..., None]
        rows = (x * (1 - m) + 0.5 * m, x * (1 - m) + (painted * std + mean) * m, x)
        shown = torch.stack([canvas(unpatched(row)) for row in rows], dim=1)
        return {"pictures": pictures(shown[: len(batch.images)])}
