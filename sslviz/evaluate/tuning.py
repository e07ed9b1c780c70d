"""Training with labels, or with a teacher's opinion: fine-tuning, from scratch, distillation."""

from collections.abc import Callable
from dataclasses import replace
from math import cos, pi

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sslviz.augment.pipeline import Pipeline
from sslviz.augment.view import ViewConfig
from sslviz.evaluate.protocols import EvaluationConfig
from sslviz.evaluate.trunk import Trunk
from sslviz.refusal import Refusal
from sslviz.streams import stream
from sslviz.training.network import evaluating
from sslviz.training.optim import uncompiled

CROP_AND_FLIP = replace(ViewConfig(), crop_scale_min=0.5, jitter=0.0, gray=0.0)
Report = Callable[[float], None]
Loss = Callable[[Tensor, Tensor], Tensor]  # (images N x 3 x H x W in 0..1, their index N) -> scalar


def classifier(trunk: Trunk, n_classes: int, seed: int) -> nn.Sequential:
    """The trunk and a new linear layer on it."""
    torch.manual_seed(stream(seed, "downstream/classifier").initial_seed())
    return nn.Sequential(trunk, nn.Linear(trunk.width, n_classes).to(_device(trunk)))


def fit(
    network: nn.Module,
    images: Tensor,
    loss: Loss,
    config: EvaluationConfig,
    seed: int,
    tell: Report,
) -> None:
    """`config.steps` steps of AdamW with a cosine on crops and flips of `images` (uint8)."""
    kind = uncompiled(torch.optim.AdamW)
    optimizer = kind(network.parameters(), lr=config.lr, weight_decay=5e-4)
    pipeline = Pipeline(CROP_AND_FLIP, CROP_AND_FLIP, seed)
    n = min(config.batch_size, len(images))
    network.train()
    for step in range(config.steps):
        for group in optimizer.param_groups:
            group["lr"] = config.lr * (1 + cos(pi * step / config.steps)) / 2
        index = _batch(len(images), n, step, seed).to(images.device)
        x = pipeline.at(step).view(images[index], 1)
        optimizer.zero_grad(set_to_none=True)
        loss(x, index).backward()
        optimizer.step()
        tell((step + 1) / config.steps)


def fine_tune(
    network: nn.Module,
    images: Tensor,
    labels: Tensor,
    config: EvaluationConfig,
    seed: int,
    tell: Report,
) -> None:
    """Cross-entropy on all weights. images: N x 3 x H x W uint8, labels: N."""
    fit(network, images, lambda x, i: F.cross_entropy(network(x), labels[i]), config, seed, tell)


def distillation_loss(teacher: Tensor, student: Tensor, t: float) -> Tensor:
    r"""$-\frac1N\sum_x\sum_y P_T(y|x;t)\log P_S(y|x;t)$, P = softmax(logits / t). Both N x C.

    SimCLR v2, arXiv 2006.10029, equation 2. The teacher gets no gradient.
    """
    if teacher.shape[1] != student.shape[1]:
        raise Refusal(
            "The teacher tells {teacher} classes apart and the student {student}; they must be the "
            "same.",
            teacher=teacher.shape[1],
            student=student.shape[1],
        )
    opinion = (teacher.detach() / t).softmax(dim=1)
    return -(opinion * (student / t).log_softmax(dim=1)).sum(dim=1).mean()


def same_classes(teacher: tuple[str, ...], student: tuple[str, ...], data: str) -> None:
    """Raises Refusal where a student's data has other classes than its teacher learned."""
    if teacher != student:
        raise Refusal(
            "The teacher knows the classes {teacher}, but those of {data} are {student}; "
            "distillation needs the same classes.",
            teacher=_some(teacher),
            data=data,
            student=_some(student),
        )


def distil(
    teacher: nn.Module,
    student: nn.Module,
    images: Tensor,
    config: EvaluationConfig,
    seed: int,
    tell: Report,
) -> None:
    """Trains `student` to agree with `teacher` on crops and flips of unlabelled images."""

    def loss(x: Tensor, index: Tensor) -> Tensor:
        with torch.no_grad(), evaluating(teacher):
            opinion = teacher(x)
        return distillation_loss(opinion, student(x), config.temperature)

    fit(student, images, loss, config, seed, tell)


def _batch(total: int, n: int, step: int, seed: int) -> Tensor:
    """N indices; each epoch has its own order, the rest of it is dropped."""
    epoch, place = divmod(step, total // n)
    order = torch.randperm(total, generator=stream(seed, "downstream/order", epoch))
    return order[place * n : (place + 1) * n]


def _device(module: nn.Module) -> torch.device:
    return next(module.parameters()).device


def _some(names: tuple[str, ...]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
