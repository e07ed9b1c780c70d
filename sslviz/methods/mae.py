"""MAE: He, Chen, Xie, Li, Dollar, Girshick 2022, "Masked Autoencoders Are Scalable Vision
Learners", arXiv 2111.06377."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from sslviz.backbones import Backbone
from sslviz.knobs import knob
from sslviz.methods.base import Augment, Batch, Method, Step, Views, pictures, projector_of
from sslviz.methods.decoder import SIDE, Decoder, canvas, hide, pixel_error

PATCH = 4
GRID = SIDE // PATCH


def random_patches(n: int, share: float, generator: torch.Generator) -> Tensor:
    """N x 1 x 32 x 32, 1 in the same number of hidden 4 x 4 patches in every image."""
    count = round(share * GRID**2)
    rank = torch.rand(n, GRID**2, generator=generator).argsort(1).argsort(1)
    grid = (rank < count).float().view(n, 1, GRID, GRID)
    return F.interpolate(grid, size=SIDE, mode="nearest")


def patch_normalised(x: Tensor) -> Tensor:
    """N x C x 32 x 32: every 4 x 4 patch with mean 0 and standard deviation 1, over all channels."""
    mean, std = patch_statistics(x)
    return (x - mean) / std


def patch_statistics(x: Tensor) -> tuple[Tensor, Tensor]:
    """N x C x 32 x 32 -> mean and standard deviation of the patch each pixel is in, same shape."""
    patches = F.unfold(x, PATCH, stride=PATCH)  # N x 16C x 64
    mean, std = patches.mean(1, True), (patches.var(1, keepdim=True) + 1e-6).sqrt()
    mean, std = (F.fold(v.expand_as(patches), SIDE, PATCH, stride=PATCH) for v in (mean, std))
    return mean, std


class MAE(Method):
    r"""**Idea.** Hide three quarters of an image's patches and paint them from the rest. So little is
    left that neighbouring pixels do not help; one has to guess what the picture shows. It is what
    language models do with hidden words.

    **Objective**, counted on hidden patches only:

    $$\mathcal{L} = \frac{1}{C\sum m}\big\lVert m \odot (\hat x - x)\big\rVert^2$$

    | symbol | meaning |
    |---|---|
    | $m$ | mask: 1 on hidden patches of 4 x 4 pixels |
    | $\hat x = d(g(f((1-m) \odot x)))$ | what the decoder paints from the visible patches |
    | $x$ | the image; if so chosen, each patch with mean 0 and standard deviation 1 |

    **Not as in the paper.** There a vision transformer reads *only* the visible patches. Our
    backbones are convolutional: hidden patches are gray instead of absent, and the decoder sees one
    vector instead of a token for each place. Expect poorer pictures.

    **How it breaks.** With few hidden patches colours are carried on from next door, and nothing is
    learned about content. Even at its best, features must be fine-tuned: neighbours in h and linear
    probes are far below contrastive learning, in the paper's setting too.
    """

    title = "MAE"
    family = "generative"

    @dataclass(frozen=True)
    class Config:
        # fmt: off
        mask: float = knob(0.75, "Hidden share", "How many of the patches are hidden.", low=0.1, high=0.95, step=0.05, live=True)
        normalise_patches: bool = knob(False, "Normalise patches", "On: each patch is painted with mean 0 and standard deviation 1, so that structure counts and not colour.", live=True)
        projector_depth: int = knob(0, "Projector depth", "Linear layers between h and z. 0: the loss acts on h itself.", low=0, high=3, step=1)
        projector_width: int = knob(256, "Projector width", "Units in the projector's hidden layers.", low=16, high=8192, step=16)
        embedding: int = knob(64, "Width of z", "Dimensions of the embedding.", low=2, high=4096, step=2)
        output_norm: bool = knob(False, "Output BatchNorm", "Standardises every dimension of z over the batch.")
        # fmt: on

    def __init__(self, backbone: Backbone, config: Config, n_images: int, n_classes: int) -> None:
        super().__init__(backbone, config, n_images, n_classes)
        self.projector, width = projector_of(config, backbone.width)
        self.decoder = Decoder(width)

    def views(self, batch: Batch, augment: Augment) -> Views:
        x = [augment.view(batch.images, 1), augment.view(batch.images, 2)]
        mask = random_patches(2 * len(x[0]), self.config.mask, augment.generator("mask"))
        return Views(x, batch, extra={"mask": mask.to(x[0].device)})

    def paint(self, views: Views) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """z, and 2N x 3 x S x S each: what is seen, what is painted from z, the whole image."""
        whole = torch.cat(views.x)
        seen = hide(whole, views.extra["mask"])
        z = self.encode(seen)[1].float()
        return z, seen, self.decoder(z), canvas(whole)

    def forward(self, views: Views) -> Step:
        z, _, painted, whole = self.paint(views)
        wanted = patch_normalised(whole) if self.config.normalise_patches else whole
        return Step(pixel_error(painted, wanted, views.extra["mask"]), {}, *z.chunk(2))

    def attempt(self, batch: Batch, augment: Augment) -> dict[str, Tensor]:
        """N x 3 x 3 x 32 x 32: of each image what is seen, hidden patches painted, the whole.

        Normalised patches get back the mean and contrast of the image's own, as in the paper.
        """
        views = self.views(batch, augment)
        _, seen, painted, whole = self.paint(views)
        if self.config.normalise_patches:
            mean, std = patch_statistics(whole)
            painted = painted * std + mean
        filled = torch.where(views.extra["mask"].bool(), painted, whole)
        shown = torch.stack([canvas(seen), filled, whole], dim=1)
        return {"pictures": pictures(shown[: len(batch.images)])}
