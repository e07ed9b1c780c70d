"""DINO: Caron, Touvron, Misra, Jegou, Mairal, Bojanowski, Joulin 2021, "Emerging Properties in
Self-Supervised Vision Transformers", arXiv 2104.14294."""

from dataclasses import dataclass
from math import log

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sslviz.backbones import Backbone
from sslviz.knobs import knob
from sslviz.methods import shared_knobs as shared
from sslviz.methods.base import Method, Step, Views, in_float32
from sslviz.methods.pieces.momentum import ema_update, frozen_copy, momentum_at, weight_distance
from sslviz.methods.pieces.projector import projector_of


class Prototypes(nn.Module):
    """N x D -> N x K: cosines with K prototypes; the last, weight-normalised layer of the head.

    In float32 always: a temperature of 0.04 makes the rounding of bfloat16 25 times as large.
    """

    def __init__(self, width: int, k: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(k, width))

    @in_float32
    def forward(self, z: Tensor) -> Tensor:
        return F.linear(F.normalize(z, dim=1), F.normalize(self.weight, dim=1))


@in_float32
def teach(student: Tensor, teacher: Tensor, tau_s: float, tau_t: float) -> Tensor:
    r"""Cross-entropy of the student with the (centred) teacher (eq. 2). N x K each -> scalar.

    $$-\frac1N\sum_i\sum_k P_t\log P_s, \quad P_t = \mathrm{softmax}(t/\tau_t),\ P_s = \mathrm{softmax}(s/\tau_s)$$
    """
    target = (teacher / tau_t).softmax(1).detach()
    return -(target * (student / tau_s).log_softmax(1)).sum(1).mean()


class DINO(Method):
    r"""**Idea.** Self-distillation without labels: a student predicts, from one view, the
    distribution that a teacher gives to the other view over $K$ classes nobody named. The teacher
    is a slow average of the student. Two opposite forces on the teacher's output keep it alive:
    *centring* keeps any class from winning always, *sharpening* keeps it from being undecided.

    **Objective**, for both orders of the two views, averaged:

    $$\mathcal{L} = -\sum_k P_t^{(k)}\log P_s^{(k)}, \quad
    P_t = \mathrm{softmax}\frac{t - c}{\tau_t}, \quad P_s = \mathrm{softmax}\frac{s}{\tau_s}$$

    | symbol | meaning |
    |---|---|
    | $s, t$ | output of student and teacher: cosines of z with $K$ prototypes |
    | $c$ | centre: moving average of $t$ |
    | $\tau_t < \tau_s$ | the lower temperature makes the teacher sharper |

    **Left out.** Multi-crop, warm-ups; BatchNorm and ReLU replace GELU.

    **How it breaks.** Without centring one class takes all images; without sharpening
    ($\tau_t \ge \tau_s$) all classes become equal, and the loss stays at $\log K$.
    """

    title = "DINO"

    @dataclass(frozen=True)
    class Config:
        # fmt: off
        tau_student: float = knob(0.1, "Student temperature", "Sharpness of the student's distribution. Small: sharp.", low=0.02, high=2.0, step=0.01, live=True)
        tau_teacher: float = knob(0.04, "Teacher temperature", "Sharpness of the teacher's. Not below the student's: no sharpening, all classes become equal.", low=0.01, high=2.0, step=0.01, live=True)
        centring: bool = knob(True, "Centring", "Off: one class may take all images.", live=True)
        centre_momentum: float = knob(0.9, "Centre momentum", "How slowly the centre follows the teacher's outputs.", low=0.0, high=1.0, step=0.01, live=True)
        momentum: float = shared.momentum(0.99, help="How slowly the teacher follows. 0: it is a copy of the student. 1: it stays random.")
        momentum_schedule: str = shared.momentum_schedule("cosine")
        prototypes: int = knob(256, "Prototypes K", "How many nameless classes there are.", low=2, high=65536, step=2)
        projector_depth: int = shared.projector_depth(3)
        projector_width: int = shared.projector_width(256)
        embedding: int = shared.embedding(64)
        output_norm: bool = shared.output_norm(False)
        # fmt: on

    centre: Tensor
    usage: Tensor

    def __init__(self, backbone: Backbone, config: Config, n_images: int, n_classes: int) -> None:
        super().__init__(backbone, config, n_images, n_classes)
        self.projector, width = projector_of(config, backbone.width)
        self.head = Prototypes(width, config.prototypes)
        self.teacher = frozen_copy(self.student())
        self.register_buffer("centre", torch.zeros(config.prototypes))
        self.register_buffer("usage", torch.full((config.prototypes,), 1 / config.prototypes))
        self.fresh: Tensor | None = None

    def student(self) -> nn.Module:
        return nn.Sequential(self.backbone, self.projector, self.head)

    def forward(self, views: Views) -> Step:
        c = self.config
        z1, z2 = (self.encode(x)[1].float() for x in views.x)
        s1, s2 = self.head(z1), self.head(z2)
        with torch.no_grad():
            t1, t2 = (self.teacher(x) for x in views.x)
        self.fresh = torch.cat([t1, t2])
        centred = self.fresh - self.centre if c.centring else self.fresh
        self.usage = (centred / c.tau_teacher).softmax(1).mean(0)
        t1, t2 = centred.chunk(2)
        taus = (c.tau_student, c.tau_teacher)
        return Step((teach(s1, t2, *taus) + teach(s2, t1, *taus)) / 2, {}, z1, z2)

    def after_step(self, progress: float | Tensor) -> None:
        c = self.config
        m = momentum_at(progress, c.momentum) if c.momentum_schedule == "cosine" else c.momentum
        ema_update(self.teacher, self.student(), m)
        if self.fresh is not None:
            self.centre.lerp_(self.fresh.mean(0), 1 - c.centre_momentum)
            self.fresh = None

    def observe(self) -> dict[str, Tensor]:
        distance = weight_distance(self.teacher, self.student())
        return {"prototype_use": self.usage, "teacher_distance": distance}

    def chance_loss(self, batch_size: int) -> float | None:
        return log(self.config.prototypes)
