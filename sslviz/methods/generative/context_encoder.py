"""Context encoder: Pathak, Krahenbuhl, Donahue, Darrell, Efros 2016, "Context Encoders: Feature
Learning by Inpainting", arXiv 1604.07379."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from sslviz.backbones import Backbone
from sslviz.knobs import knob
from sslviz.methods import shared_knobs as shared
from sslviz.methods.base import Augment, Batch, Method, Step, Views, in_float32, pictures
from sslviz.methods.pieces.decoder import SIDE, Decoder, Discriminator, canvas, hide, pixel_error
from sslviz.methods.pieces.projector import projector_of
from sslviz.streams import sent


def square_hole(n: int, share: float, centred: bool, generator: torch.Generator) -> Tensor:
    """N x 1 x 32 x 32, 1 inside a square whose side is `share` of the image's; centred or anywhere."""
    side = max(1, round(share * SIDE))
    room = SIDE - side
    corner = torch.randint(room + 1, (n, 2, 1), generator=generator)
    if centred:
        corner = torch.full_like(corner, room // 2)
    inside = (torch.arange(SIDE) >= corner) & (torch.arange(SIDE) < corner + side)  # N x 2 x 32
    return (inside[:, 0, :, None] & inside[:, 1, None, :]).float()[:, None]


def reversed_gradient(x: Tensor) -> Tensor:
    """x itself, but its gradient comes back with the other sign (Ganin et al. 2016)."""
    return 2 * x.detach() - x


@in_float32
def adversarial_loss(real: Tensor, painted: Tensor) -> Tensor:
    r"""Cross-entropy of real against painted, the negative of eq. 3. Two times N logits -> scalar.

    $$-\frac1N\sum_i\big[\log D(x_i) + \log(1 - D(\hat x_i))\big], \quad D = 1/(1 + e^{-\text{logit}})$$
    """
    return F.softplus(-real).mean() + F.softplus(painted).mean()


class ContextEncoder(Method):
    r"""**Idea.** Cut a hole into an image and paint what was there. To fill it sensibly one must
    understand the surroundings: where there is a wheel to the left and a wheel to the right, there
    is a car between.

    **Objective**, counted inside the hole only; the second term is a switch:

    $$\mathcal{L} = (1-\lambda)\,\mathcal{L}_r + \lambda\,\mathcal{L}_a, \quad
    \mathcal{L}_r = \frac{1}{C\sum m}\big\lVert m \odot (\hat x - x)\big\rVert^2, \quad
    \mathcal{L}_a = \max_D\big[\log D(m \odot x) + \log(1 - D(m \odot \hat x))\big]$$

    | symbol | meaning |
    |---|---|
    | $m$ | mask: 1 inside the hole, 0 outside |
    | $\hat x$ | $d(g(f((1-m) \odot x)))$: decoded from z, which saw the hole gray |

    | $D$ | discriminator: the probability that a filling is real; $\lambda = 0.001$ in the paper |

    One backward pass trains both: on its way from $D$ to $\hat x$ the gradient changes its sign, so
    $D$ climbs the bracket while the painter descends it. $D$ sees the filling and nothing else.

    **How it breaks.** Many fillings are possible, and squared error asks for their mean: a blur,
    which $D$ recognises at once. With a large $\lambda$ the two chase each other and never settle. A
    small hole is solved by carrying on the colours around it.
    """

    title = "Context encoder"

    @dataclass(frozen=True)
    class Config:
        # fmt: off
        hole: float = knob(0.5, "Side of the hole", "As a share of the image's side.", low=0.1, high=0.9, step=0.05, live=True)
        centred: bool = knob(True, "Hole in the middle", "Off: the hole is somewhere else in every image.", live=True)
        adversarial: bool = knob(False, "Adversarial loss", "On: a discriminator that knows real fillings must be fooled, which sharpens the picture.", live=True)
        adversarial_weight: float = knob(0.001, "Adversarial weight lambda", "Weight of the discriminator; squared error gets the rest.", low=0.0, high=0.5, step=0.001, live=True)
        projector_depth: int = shared.projector_depth(1)
        projector_width: int = shared.projector_width(256)
        embedding: int = shared.embedding(64)
        output_norm: bool = shared.output_norm(False)
        # fmt: on

    def __init__(self, backbone: Backbone, config: Config, n_images: int, n_classes: int) -> None:
        super().__init__(backbone, config, n_images, n_classes)
        self.projector, width = projector_of(config, backbone.width)
        self.decoder = Decoder(width)
        self.discriminator = Discriminator()

    def views(self, batch: Batch, augment: Augment) -> Views:
        x = [augment.view(batch.images, 1), augment.view(batch.images, 2)]
        c, n = self.config, 2 * len(x[0])
        hole = square_hole(n, c.hole, c.centred, augment.generator("hole"))
        return Views(x, batch, extra={"hole": sent(hole, x[0].device)})

    def paint(self, views: Views) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """z, and 2N x 3 x S x S each: what is seen, what is painted from z, what was wanted."""
        whole = torch.cat(views.x)
        seen = hide(whole, views.extra["hole"])
        z = self.encode(seen)[1].float()
        return z, seen, self.decoder(z), canvas(whole)

    def forward(self, views: Views) -> Step:
        z, _, painted, wanted = self.paint(views)
        hole, c = views.extra["hole"], self.config
        error = pixel_error(painted, wanted, hole)
        if not c.adversarial:
            return Step(error, {}, *z.chunk(2))
        real = self.discriminator(hide(wanted, 1 - hole))
        fake = self.discriminator(hide(reversed_gradient(painted), 1 - hole))
        fooled = adversarial_loss(real, fake)
        loss = (1 - c.adversarial_weight) * error + c.adversarial_weight * fooled
        return Step(loss, {"error": error.detach(), "discriminator": fooled.detach()}, *z.chunk(2))

    def attempt(self, batch: Batch, augment: Augment) -> dict[str, Tensor]:
        """N x 3 x 3 x 32 x 32: of each image what is seen, its hole filled, what was wanted."""
        views = self.views(batch, augment)
        _, seen, painted, wanted = self.paint(views)
        filled = torch.where(views.extra["hole"].bool(), painted, wanted)
        shown = torch.stack([canvas(seen), filled, wanted], dim=1)
        return {"pictures": pictures(shown[: len(batch.images)])}
