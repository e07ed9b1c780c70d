"""LeJEPA: Balestriero, LeCun 2025, "LeJEPA: Provable and Scalable Self-Supervised Learning Without
the Heuristics", arXiv 2511.08544."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from sslviz.backbones import Backbone
from sslviz.knobs import knob
from sslviz.methods import shared_knobs as shared
from sslviz.methods.base import Augment, Batch, Method, Step, Views, in_float32
from sslviz.methods.pieces.projector import projector_of
from sslviz.streams import sent

KNOTS = 17


@in_float32
def agreement(z: Tensor) -> Tensor:
    r"""Mean squared distance of the views from their mean. z: V x N x D -> scalar.

    $$\frac{1}{VND}\sum_v\sum_i\lVert z_{v,i} - \bar z_i\rVert^2$$
    """
    return (z - z.mean(0)).square().mean()


@in_float32
def sigreg(z: Tensor, directions: Tensor) -> Tensor:
    r"""How far z (N x D) is from a standard normal cloud, seen along `directions` (S x D, unit).

    $$\frac{N}{S}\sum_{a}\int\Big|\tfrac1N\sum_i e^{\mathrm{i}t\,a\cdot z_i} - e^{-t^2/2}\Big|^2 e^{-t^2/2}\,dt$$

    the Epps-Pulley test of each projection; the integral by the trapezoid rule on [0, 3], doubled.
    """
    t = torch.linspace(0, 3, KNOTS, dtype=z.dtype, device=z.device)
    normal = (-t.square() / 2).exp()
    angle = (z @ directions.T)[..., None] * t  # N x S x T
    gap = (angle.cos().mean(0) - normal).square() + angle.sin().mean(0).square()  # S x T
    return 2 * len(z) * torch.trapezoid(gap * normal, t).mean()


class LeJEPA(Method):
    r"""**Idea.** Which distribution should embeddings have? The paper proves: an isotropic Gaussian,
    the same spread in all directions. So ask for just that, and for agreement of the views, and
    drop everything else: no negatives, no teacher, no stop-gradient, no predictor. To test a cloud
    in many dimensions, look at its shadow along random lines; each must look like a bell curve.

    **Objective:**

    $$\mathcal{L} = (1-\lambda)\,\frac{1}{VD}\sum_v\lVert z_v - \bar z\rVert^2 + \lambda\,\mathrm{SIGReg}(Z)$$

    | symbol | meaning |
    |---|---|
    | $z_v = g(f(x_v))$ | embedding of view $v$ of $V$; $\bar z$ is their mean |
    | $\mathrm{SIGReg}$ | Sketched Isotropic Gaussian Regularisation: test of normality along random lines |
    | $\lambda$ | the one weight |

    The first term is a mean over the $D$ dimensions, as in the authors' program; a sum would weigh
    $D$ times as much against SIGReg, which grows with the number of images and not with $D$.

    The paper has two large and six small views, and a transformer; here all views are alike.

    **How it breaks.** $\lambda = 0$: nothing holds the cloud open, complete collapse. $\lambda = 1$:
    a perfect Gaussian of noise. Deep inside a collapse the test's gradient fades, since all shadows
    are alike: it prevents collapse better than it cures it.
    """

    title = "LeJEPA"

    @dataclass(frozen=True)
    class Config:
        # fmt: off
        lam: float = knob(0.05, "Gaussian weight lambda", "0: only agreement of views, collapse. 1: only the shape of the cloud.", low=0.0, high=1.0, step=0.01, live=True)
        slices: int = knob(256, "Random lines", "Along how many fresh random directions the cloud is tested in each step.", low=1, high=4096, step=1, live=True)
        n_views: int = knob(2, "Views V", "How many views of each image are brought to agree.", low=2, high=8, step=1, live=True)
        projector_depth: int = shared.projector_depth(3)
        projector_width: int = shared.projector_width(256)
        embedding: int = shared.embedding(32)
        output_norm: bool = shared.output_norm(False)
        # fmt: on

    def __init__(self, backbone: Backbone, config: Config, n_images: int, n_classes: int) -> None:
        super().__init__(backbone, config, n_images, n_classes)
        self.projector, self.width = projector_of(config, backbone.width)

    def views(self, batch: Batch, augment: Augment) -> Views:
        shape = (self.config.slices, self.width)
        lines = torch.randn(shape, generator=augment.generator("directions"))
        lines = sent(F.normalize(lines, dim=1), batch.images.device)
        x = [augment.view(batch.images, 1 + v % 2) for v in range(self.config.n_views)]
        return Views(x, batch, extra={"directions": lines})

    def forward(self, views: Views) -> Step:
        z = self.encode(torch.cat(views.x))[1].float()
        z = z.unflatten(0, (len(views.x), -1))  # V x N x D
        same = agreement(z)
        gaussian = torch.stack([sigreg(zv, views.extra["directions"]) for zv in z]).mean()
        loss = (1 - self.config.lam) * same + self.config.lam * gaussian
        return Step(loss, {"agreement": same.detach(), "sigreg": gaussian.detach()}, z[0], z[1])
