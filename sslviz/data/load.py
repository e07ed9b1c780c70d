"""The training and held-out images of a run."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import torch

from sslviz.config import RunConfig
from sslviz.data import torchvision_sets
from sslviz.data.cache import cache_folder
from sslviz.data.catalogue import DATASETS, DRAWN
from sslviz.data.folder import load_folder
from sslviz.data.images import ImageSet
from sslviz.data.paths import located
from sslviz.data.shapes import shapes
from sslviz.refusal import Sentence, say
from sslviz.streams import stream

Progress = Callable[[Sentence, float], None]

MOST_SHAPES = 65_536  # training images that are drawn in under a minute
drawn = lru_cache(maxsize=2)(shapes)  # a worker that waits for its run has both splits already


@dataclass(frozen=True)
class DataSplit:
    """Both uint8 N x 3 x S x S on the CPU. `notes`: what was left out or guessed."""

    train: ImageSet
    test: ImageSet
    notes: tuple[Sentence, ...] = ()


def load_data(
    config: RunConfig, cache_dir: Path | None = None, progress: Progress | None = None
) -> DataSplit:
    """The images of `config.data`, S = config.image_size, in a fixed shuffled order.

    The first `config.train_images` (0: all) are kept, so that a smaller set is part of a larger
    one; the seed of the run plays no part. Of drawn sets at least `config.probes` are held out.
    `progress(message, share)` is called while downloading or reading. Raises Refusal for data that
    is unknown, missing, unreadable or unreachable.
    """
    report = progress or _silent
    cache = cache_dir or cache_folder()
    size, wanted = config.image_size, config.train_images
    if config.data in DRAWN:
        info, upright = DATASETS[config.data], config.data == "shapes_upright"
        report(say("Drawing shapes"), 0.0)
        train = drawn(min(wanted, MOST_SHAPES) or info.n_train, size, "train", upright)
        return DataSplit(train, drawn(max(info.n_test, config.probes), size, "test", upright))
    if config.data in DATASETS:
        train, test = torchvision_sets.load(config.data, cache, report)
        train, test = _shuffled(train, wanted), _shuffled(test, 0)
        return DataSplit(
            torchvision_sets.resized(train, size), torchvision_sets.resized(test, size)
        )
    return DataSplit(*load_folder(located(config.data), size, wanted, cache, report))


def _shuffled(images: ImageSet, wanted: int) -> ImageSet:
    order = torch.randperm(len(images), generator=stream(0, "data"))
    return images.take(order[: wanted or None])


def _silent(message: Sentence, share: float) -> None:
    return None
