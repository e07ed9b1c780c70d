"""A run against the clock on CIFAR-10: SimCLR with a ResNet-18, kNN accuracy beside seconds."""

import tarfile
from collections.abc import Mapping
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
import torch
from torch import Tensor

from benchmarks.parts.report import Asked, seconds_in_a_row
from benchmarks.parts.sessions import noise_images, step
from sslviz.config import RunConfig
from sslviz.data.images import ImageSet
from sslviz.data.load import DataSplit, load_data
from sslviz.metrics.neighbours import knn_accuracy, nearest_in
from sslviz.presets.catalogue import PRESETS
from sslviz.training.network import evaluating
from sslviz.training.session import Session, open_session

RECORD = 3073  # bytes: the label, then 3 x 32 x 32
KEEP_SECONDS = 8.0


def images_of(path: Path) -> DataSplit:
    """CIFAR-10 from its archive for C programs (cifar-10-binary.tar.gz), or whatever else the app
    reads: a folder or zip of train/<class>/, test/<class>/."""
    if path.name.endswith((".tar.gz", ".tgz", ".tar")):
        return _binary(path)
    return load_data(RunConfig(data=str(path.absolute()), image_size=32, train_images=0))


def _binary(path: Path) -> DataSplit:
    parts: dict[str, list[np.ndarray]] = {"train": [], "test": []}
    with tarfile.open(path) as archive:
        for member in sorted(archive.getmembers(), key=lambda m: m.name):
            if not member.name.endswith(".bin"):
                continue
            data = archive.extractfile(member)
            assert data is not None
            rows = np.frombuffer(data.read(), dtype=np.uint8).reshape(-1, RECORD)
            parts["test" if "test" in member.name else "train"].append(rows)
    return DataSplit(*(_images(np.concatenate(parts[part])) for part in ("train", "test")))


def _images(rows: np.ndarray) -> ImageSet:
    pixels = torch.from_numpy(rows[:, 1:].reshape(-1, 3, 32, 32).copy())
    names = tuple(f"class {k}" for k in range(10))
    return ImageSet(pixels, torch.from_numpy(rows[:, 0].astype(np.int64)), names)


def record_run(asked: Asked) -> Mapping[str, Any]:
    """Trains for the time left, one cosine to its end; kNN from h (k = 20, cosine, temperature 0.1,
    test images among the training images) at a few moments. Measuring does not count as seconds."""
    if asked.images is None and not asked.toy:
        return {"skipped": "no CIFAR-10: --cifar ARCHIVE"}
    data = images_of(asked.images) if asked.images else _toy()
    if asked.toy:
        data = DataSplit(*(images.take(torch.arange(64)) for images in (data.train, data.test)))
    labels = [images.labels.to(asked.device) for images in (data.train, data.test)]
    session = _opened(asked, data, 100_000)
    for _ in range(asked.sized(10, 1)):
        step(session)
    pace = seconds_in_a_row(lambda: step(session), asked, asked.sized(50, 1))
    room = asked.left() - KEEP_SECONDS
    steps = asked.sized(max(10, int(0.85 * room / pace)), 3)
    session = _opened(asked, data, steps)
    rows: list[dict[str, float]] = []
    spent, began = 0.0, monotonic()
    moments = {round(steps * share) for share in (0.1, 0.25, 0.5, 0.75, 1.0)}
    while session.step < steps and (asked.toy or asked.left() > KEEP_SECONDS):
        step(session)
        if session.step in moments:
            session.pace.keep() if asked.device.type == "cuda" else None
            paused = monotonic()
            accuracy = _knn(session, data, labels)
            spent += monotonic() - paused
            seconds = monotonic() - began - spent
            rows.append({"step": session.step, "seconds": round(seconds, 1), "knn": accuracy})
    epochs = session.step * session.batch_size / len(data.train)
    return {
        "ms_a_step": round(1000 * pace, 2),
        "epochs": round(epochs, 1),
        "steps": steps,
        "knn": rows,
    }


def _toy() -> DataSplit:
    return DataSplit(noise_images(64, 32), noise_images(64, 32, seed=1))


def _opened(asked: Asked, data: DataSplit, steps: int) -> Session:
    """The preset for CIFAR-10, its rate raised for a short run, one cosine over `steps`."""
    own = {"data": "shapes", "device": asked.device.type, "steps": steps, "train_images": 0}
    own |= {"warmup_steps": min(200, steps // 10)}
    if asked.toy:
        own |= {"backbone": "tiny", "batch_size": 16}
    return open_session(PRESETS["simclr_cifar"].config.with_settings(own), data, asked.device)


@torch.no_grad()
def _knn(session: Session, data: DataSplit, labels: list[Tensor]) -> float:
    bank, asked = (_features(session, images) for images in (data.train, data.test))
    right = 0.0
    for part, wanted in zip(asked.split(2000), labels[1].split(2000), strict=True):
        cosines, index = nearest_in(part, bank)
        right += len(part) * knn_accuracy(cosines, labels[0][index], wanted, 10)
    return round(right / len(asked), 4)


def _features(session: Session, images: ImageSet) -> Tensor:
    """h of all images, N x D."""
    parts = []
    with evaluating(session.method):
        for piece in images.images.split(2000):
            x = piece.to(session.device) / 255
            with torch.autocast(session.device.type, torch.bfloat16, enabled=session.bfloat16):
                parts.append(session.method.backbone(x).float())
    return torch.cat(parts)
