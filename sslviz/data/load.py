"""The images of a run: `load_data` turns a config's `data` into tensors."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sslviz.config import RunConfig
from sslviz.data.images import ImageSet
from sslviz.data.shapes import shapes

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class DataSplit:
    """Images to train on, and held-out ones to look at."""

    train: ImageSet
    test: ImageSet


def load_data(
    config: RunConfig, cache_dir: Path | None = None, progress: Progress | None = None
) -> DataSplit:
    """The train and test images that `config` asks for, uint8 on the CPU. Raises ConfigError."""
    n = config.train_images or 4096
    size = config.image_size
    return DataSplit(shapes(n, size, "train"), shapes(1024, size, "test"))
