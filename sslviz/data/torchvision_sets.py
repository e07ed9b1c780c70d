"""CIFAR-10, CIFAR-100, STL-10, Fashion-MNIST and SVHN: downloaded once, kept as plain arrays.

Archives are fetched here (with progress, atomically, checksums compared) and unpacked by
torchvision in a folder of their own that is gone afterwards.
"""

import hashlib
import http.client
import os
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlparse

import numpy as np
import torch
import torch.nn.functional as F

from sslviz.data.cache import Arrays, read_arrays, write_arrays
from sslviz.data.catalogue import DATASETS
from sslviz.data.images import ImageSet
from sslviz.refusal import Refusal, Sentence, say

Progress = Callable[[Sentence, float], None]

TIMEOUT = 15  # seconds without an answer
PIECE = 2**18


@dataclass(frozen=True)
class Archive:
    """A file to download, and where below its root torchvision looks for it."""

    url: str
    md5: str
    folder: str = ""

    @property
    def name(self) -> str:
        return self.url.rsplit("/", 1)[1]


def load(name: str, cache: Path, report: Progress) -> tuple[ImageSet, ImageSet]:
    """Train and test images at their own size, N x 3 x S x S. Raises Refusal when offline."""
    stored = cache / f"{name}.npz"
    arrays = read_arrays(stored)
    if arrays is None:
        try:
            arrays = _fetched(name, cache, report)
            write_arrays(stored, arrays)
        except OSError as error:
            raise Refusal(
                "{title} cannot be kept in {folder} ({reason}); free some space there or set "
                "SSLVIZ_DATA to another folder.",
                title=DATASETS[name].title,
                folder=str(cache),
                reason=error.strerror or str(error),
            ) from None
    names = DATASETS[name].class_names
    train, test = (
        ImageSet(
            torch.from_numpy(arrays[f"{part}_images"]),
            torch.from_numpy(arrays[f"{part}_labels"]),
            names,
        )
        for part in ("train", "test")
    )
    return train, test


def resized(images: ImageSet, size: int) -> ImageSet:
    """N x 3 x H x W -> N x 3 x size x size uint8, bilinear with antialiasing."""
    if images.images.shape[-1] == size:
        return images
    parts = [
        F.interpolate(part.float(), (size, size), mode="bilinear", antialias=True)
        for part in images.images.split(1024)
    ]
    pixels = torch.cat([part.round().clamp(0, 255).to(torch.uint8) for part in parts])
    return ImageSet(pixels, images.labels, images.class_names, images.factors)


def _fetched(name: str, cache: Path, report: Progress) -> Arrays:
    downloads = cache / "downloads"
    downloads.mkdir(parents=True, exist_ok=True)
    archives = _archives(name)
    for archive in archives:
        _download(archive, downloads, DATASETS[name].title, report)
    report(say("Unpacking {title}", title=DATASETS[name].title), 1.0)
    with TemporaryDirectory(dir=cache, prefix=f".{name}-") as root:
        for archive in archives:
            target = Path(root, archive.folder, archive.name)
            target.parent.mkdir(parents=True, exist_ok=True)
            _link_or_copy(downloads / archive.name, target)
        arrays: dict[str, np.ndarray] = {}
        for part in ("train", "test"):
            images, labels = _unpacked(name, root, part)
            arrays[f"{part}_images"] = np.ascontiguousarray(images)
            arrays[f"{part}_labels"] = labels
        return arrays


def _link_or_copy(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy(source, target)


def _archives(name: str) -> list[Archive]:
    from torchvision import datasets

    if name == "fashion_mnist":
        known = datasets.FashionMNIST
        return [
            Archive(known.mirrors[0] + f, md5, "FashionMNIST/raw") for f, md5 in known.resources
        ]
    if name == "svhn":
        return [Archive(*datasets.SVHN.split_list[part][::2]) for part in ("train", "test")]
    packed = {"cifar10": datasets.CIFAR10, "cifar100": datasets.CIFAR100, "stl10": datasets.STL10}
    return [Archive(packed[name].url, packed[name].tgz_md5)]


def _unpacked(name: str, root: str, part: str) -> tuple[np.ndarray, np.ndarray]:
    """Images N x 3 x S x S uint8 and labels N int64, read by torchvision."""
    from torchvision import datasets

    if name in ("cifar10", "cifar100"):
        known = datasets.CIFAR10 if name == "cifar10" else datasets.CIFAR100
        found: Any = known(root, train=part == "train", download=True)
        return found.data.transpose(0, 3, 1, 2), np.array(found.targets, np.int64)
    if name == "fashion_mnist":
        found = datasets.FashionMNIST(root, train=part == "train", download=True)
        return found.data.numpy()[:, None].repeat(3, axis=1), found.targets.numpy()
    known = datasets.STL10 if name == "stl10" else datasets.SVHN
    found = known(root, split=part, download=True)
    return found.data, np.asarray(found.labels, np.int64)


def _download(archive: Archive, folder: Path, title: str, report: Progress) -> None:
    """Put the archive into `folder`, whole and checked; nothing if it is there already."""
    target = folder / archive.name
    host = urlparse(archive.url).hostname
    if target.exists() and _md5(target) == archive.md5:
        return
    part = folder / f".{archive.name}.{os.getpid()}.part"
    try:
        with part.open("wb") as file:
            _copy(archive.url, file, title, report)
        if _md5(part) != archive.md5:
            raise Refusal(
                "The download of {title} from {host} came out damaged; try again.",
                title=title,
                host=host,
            )
        part.replace(target)
    except (urllib.error.URLError, http.client.HTTPException, ConnectionError, TimeoutError) as e:
        reason = getattr(e, "reason", None) or e
        reason = getattr(reason, "strerror", None) or reason
        raise Refusal(
            "{title} could not be downloaded from {host} ({reason}); connect to the internet, or "
            "put {archive} into {folder}, or choose shapes, which needs no download.",
            title=title,
            host=host,
            reason=str(reason),
            archive=archive.name,
            folder=str(folder),
        ) from None
    finally:
        part.unlink(missing_ok=True)


def _copy(url: str, file: Any, title: str, report: Progress) -> None:
    report(say("Downloading {title}", title=title), 0.0)
    with urllib.request.urlopen(url, timeout=TIMEOUT) as answer:
        total = int(answer.headers.get("Content-Length") or 0)
        done = 0
        while piece := answer.read(PIECE):
            file.write(piece)
            done += len(piece)
            size = say("{done} MB", done=f"{done / 1e6:.0f}")
            if total:
                known = {"done": f"{done / 1e6:.0f}", "total": f"{total / 1e6:.0f}"}
                size = say("{done} of {total} MB", **known)
            report(
                say("Downloading {title}: {size}", title=title, size=size),
                done / total if total else 0.0,
            )


def _md5(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
