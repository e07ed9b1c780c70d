"""Barlow Twins: Zbontar, Jing, Misra, LeCun, Deny 2021, "Barlow Twins: Self-Supervised Learning via
Redundancy Reduction", arXiv 2103.03230."""

from dataclasses import dataclass

from torch import Tensor

from sslviz.backbones import Backbone
from sslviz.knobs import knob
from sslviz.methods import shared_knobs as shared
from sslviz.methods.base import Method, Step, Views, in_float32
from sslviz.methods.pieces.projector import projector_of


@in_float32
def cross_correlation(z1: Tensor, z2: Tensor) -> Tensor:
    r"""Correlation of every dimension of view 1 with every one of view 2 (eq. 2): N x D -> D x D.

    $$C_{jk} = \frac1N\sum_i \frac{z_{1,ij}-\mu_{1,j}}{\sigma_{1,j}}\,\frac{z_{2,ik}-\mu_{2,k}}{\sigma_{2,k}}$$
    """
    a, b = ((z - z.mean(0)) / (z.var(0, correction=0) + 1e-5).sqrt() for z in (z1, z2))
    return a.T @ b / len(z1)


@in_float32
def redundancy(c: Tensor) -> tuple[Tensor, Tensor]:
    r"""Distance of C (D x D) from the identity: sum over its diagonal, sum over all the rest.

    $$\sum_j(1-C_{jj})^2, \qquad \sum_j\sum_{k \ne j}C_{jk}^2$$
    """
    diagonal = c.diagonal()
    return (1 - diagonal).square().sum(), c.square().sum() - diagonal.square().sum()


class BarlowTwins(Method):
    r"""**Idea.** Compare *dimensions* instead of images. Each dimension of z should say the same
    about both views of an image, and no two dimensions should say the same thing. The correlation
    matrix between the views' embeddings should be the identity.

    **Objective:**

    $$\mathcal{L} = \sum_j (1 - C_{jj})^2 + \lambda\sum_j\sum_{k \ne j}C_{jk}^2$$

    | symbol | meaning |
    |---|---|
    | $z = g(f(x))$ | embedding, not brought to length 1 |
    | $C_{jk}$ | correlation over the batch of dimension $j$ in view 1 with dimension $k$ in view 2 |
    | first sum | invariance: both views agree |
    | second sum | redundancy reduction: dimensions differ |

    **How it breaks.** Complete collapse is ruled out, for a constant has no correlation. But with
    $\lambda = 0$ all dimensions may become copies of one: the diagonal is perfect, the rank falls.
    A small batch measures the matrix badly.
    """

    title = "Barlow Twins"

    @dataclass(frozen=True)
    class Config:
        # fmt: off
        lam: float = knob(0.005, "Redundancy weight lambda", "0: dimensions may be copies of each other. Large: they must differ even where views disagree.", low=0.0, high=1.0, step=0.001, live=True)
        projector_depth: int = shared.projector_depth(3)
        projector_width: int = shared.projector_width(256)
        embedding: int = shared.embedding(256)
        output_norm: bool = shared.output_norm(False)
        # fmt: on

    def __init__(self, backbone: Backbone, config: Config, n_images: int, n_classes: int) -> None:
        super().__init__(backbone, config, n_images, n_classes)
        self.projector, _ = projector_of(config, backbone.width)
        self.correlation: Tensor | None = None

    def forward(self, views: Views) -> Step:
        z1, z2 = (self.encode(x)[1].float() for x in views.x)
        c = cross_correlation(z1, z2)
        self.correlation = c.detach()
        invariance, rest = redundancy(c)
        terms = {"invariance": invariance.detach(), "redundancy": rest.detach()}
        return Step(invariance + self.config.lam * rest, terms, z1, z2)

    def observe(self) -> dict[str, Tensor]:
        """The last batch's correlations of the first 64 dimensions."""
        c = self.correlation
        return {} if c is None else {"cross_correlation": c[:64, :64]}
