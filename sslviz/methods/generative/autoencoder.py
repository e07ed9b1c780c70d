"""Autoencoder: Hinton, Salakhutdinov 2006, "Reducing the Dimensionality of Data with Neural
Networks", DOI 10.1126/science.1127647; denoising: Vincent et al. 2008, DOI 10.1145/1390156.1390294."""

from dataclasses import dataclass

import torch
from torch import Tensor

from sslviz.backbones import Backbone
from sslviz.knobs import knob
from sslviz.methods import shared_knobs as shared
from sslviz.methods.base import Augment, Batch, Method, Step, Views, pictures
from sslviz.methods.pieces.decoder import Decoder, canvas, pixel_error
from sslviz.methods.pieces.projector import projector_of
from sslviz.streams import sent


class Autoencoder(Method):
    r"""**Idea.** Squeeze an image through a narrow z and paint it again from there. What passes the
    bottleneck must be what matters, one hopes. With noise added to the input (denoising) the network
    cannot just copy, it must know what images look like.

    **Objective:**

    $$\mathcal{L} = \frac{1}{CHW}\lVert d(g(f(x + \epsilon))) - x\rVert^2$$

    | symbol | meaning |
    |---|---|
    | $z = g(f(x + \epsilon))$ | embedding: the bottleneck |
    | $d$ | decoder, from z to 32 x 32 pixels; thrown away after training |
    | $\epsilon$ | noise of the chosen strength |

    **How it breaks.** The error counts pixels, and most pixels are background and colour. So z
    keeps those, exactly what augmentation tells the contrastive methods to forget, and classes lie
    mixed together. Compare the factor probes of the background with those of a contrastive run.
    """

    title = "Autoencoder"

    @dataclass(frozen=True)
    class Config:
        # fmt: off
        noise: float = knob(0.0, "Noise strength", "Standard deviation of the noise added to the input, where black to white is 1.", low=0.0, high=1.0, step=0.05, live=True)
        projector_depth: int = shared.projector_depth(1)
        projector_width: int = shared.projector_width(256)
        embedding: int = shared.embedding(64)
        output_norm: bool = shared.output_norm(False)
        # fmt: on

    def __init__(self, backbone: Backbone, config: Config, n_images: int, n_classes: int) -> None:
        super().__init__(backbone, config, n_images, n_classes)
        self.projector, width = projector_of(config, backbone.width)
        self.decoder = Decoder(width)

    def views(self, batch: Batch, augment: Augment) -> Views:
        x = [augment.view(batch.images, 1), augment.view(batch.images, 2)]
        noise = torch.randn((2 * len(x[0]), *x[0].shape[1:]), generator=augment.generator("noise"))
        return Views(x, batch, extra={"noise": sent(noise, x[0].device)})

    def paint(self, views: Views) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """z, and 2N x 3 x S x S each: what is seen, what is painted from z, what was wanted."""
        clean = torch.cat(views.x)
        seen = clean + self.config.noise * views.extra["noise"]
        z = self.encode(seen)[1].float()
        return z, seen, self.decoder(z), canvas(clean)

    def forward(self, views: Views) -> Step:
        z, _, painted, wanted = self.paint(views)
        loss = pixel_error(painted, wanted, torch.ones_like(wanted[:, :1]))
        return Step(loss, {}, *z.chunk(2))

    def attempt(self, batch: Batch, augment: Augment) -> dict[str, Tensor]:
        """N x 3 x 3 x 32 x 32: of each image what is seen, what is painted, what was wanted."""
        _, seen, painted, wanted = self.paint(self.views(batch, augment))
        shown = torch.stack([canvas(seen), painted, wanted], dim=1)
        return {"pictures": pictures(shown[: len(batch.images)])}
