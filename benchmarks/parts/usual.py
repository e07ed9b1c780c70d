"""The usual way to train SimCLR: torchvision's transforms image by image in worker processes.

lightly's NTXentLoss where lightly is installed; else a plain one that computes the same.
"""

from collections.abc import Callable, Iterator
from copy import deepcopy
from statistics import median
from time import sleep

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

from benchmarks.parts.report import Asked, seconds_in_a_row
from sslviz.training.optim import build_optimizer
from sslviz.training.session import Session


class PlainNTXent(nn.Module):
    """Temperature-scaled cross-entropy over 2N views. z1, z2: N x D -> scalar."""

    def __init__(self, temperature: float) -> None:
        super().__init__()
        self.temperature = temperature

    def forward(self, z1: Tensor, z2: Tensor) -> Tensor:
        z = F.normalize(torch.cat([z1, z2]), dim=1)
        logits = z @ z.T / self.temperature
        n = len(z1)
        itself = torch.eye(2 * n, dtype=torch.bool, device=z.device)
        return F.cross_entropy(
            logits.masked_fill(itself, -9e15), torch.arange(2 * n).roll(n).to(z.device)
        )


def usual_loss(temperature: float) -> tuple[nn.Module, str]:
    """The loss and where it is from."""
    try:
        from lightly.loss import NTXentLoss  # type: ignore[import-not-found]
    except ImportError:
        return PlainNTXent(temperature), "a plain NT-Xent (lightly is not installed)"
    return NTXentLoss(temperature=temperature), "lightly's NTXentLoss"


class TwoViews(Dataset):
    """Pairs of views of PIL images, each by torchvision's SimCLR recipe for CIFAR-10."""

    def __init__(self, images: Tensor) -> None:
        from torchvision import transforms as t
        from torchvision.transforms.functional import to_pil_image

        side = images.shape[-1]
        self.images = [to_pil_image(image) for image in images.cpu()]
        self.recipe = t.Compose(
            [
                t.RandomResizedCrop(side, scale=(0.2, 1.0)),
                t.RandomHorizontalFlip(),
                t.RandomApply([t.ColorJitter(0.4, 0.4, 0.4, 0.1)], p=0.8),
                t.RandomGrayscale(0.2),
                t.ToTensor(),
            ]
        )

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, i: int) -> tuple[Tensor, Tensor]:
        return self.recipe(self.images[i]), self.recipe(self.images[i])


def usual_step(session: Session, workers: int) -> tuple[Callable[[], float], str]:
    """A function that makes one step the usual way with a copy of the session's networks, on its
    images; and what its loss is. Each of the `workers` processes prepares one batch ahead."""
    method, device = deepcopy(session.method), session.device
    loss_of, told = usual_loss(0.2)
    optimizer = build_optimizer(session.config, method)
    loader = DataLoader(
        TwoViews(session.train.images),
        session.batch_size,
        shuffle=True,
        drop_last=True,
        num_workers=workers,
        persistent_workers=workers > 0,
        prefetch_factor=1 if workers else None,
        pin_memory=device.type == "cuda",
    )
    batches = _endless(loader)

    def step() -> float:
        x1, x2 = (x.to(device, non_blocking=True) for x in next(batches))
        with torch.autocast(device.type, torch.bfloat16, enabled=session.bfloat16):
            z1, z2 = method.encode(torch.cat([x1, x2]))[1].float().chunk(2)
        loss = loss_of(z1, z2)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step, told


def in_blocks(
    ours: Callable[[], object],
    usual: Callable[[], object],
    ahead: int,
    asked: Asked,
    steps: int,
    rounds: int,
) -> dict[str, float]:
    """Median seconds of a step each way, in blocks of `steps` in turn.

    What lies ready when a block of the usual way begins (`ahead` batches) is used up first, and
    made again before ours begins: neither is measured while the other's work is done.
    """
    taken: dict[str, list[float]] = {"ours": [], "usual": []}
    ours()
    while not taken["ours"] or (len(taken["ours"]) < rounds and not asked.tight()):
        for _ in range(ahead):
            usual()
        taken["usual"].append(seconds_in_a_row(usual, asked, steps))
        sleep(2 * taken["usual"][-1])
        taken["ours"].append(seconds_in_a_row(ours, asked, steps))
    return {name: median(values) for name, values in taken.items()}


def _endless(loader: DataLoader) -> Iterator[tuple[Tensor, Tensor]]:
    while True:
        yield from loader
