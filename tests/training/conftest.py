from contextlib import ExitStack

import pytest
import torch

from sslviz.config import RunConfig
from sslviz.data.images import Factor, ImageSet
from sslviz.data.load import DataSplit
from sslviz.training.session import Session, open_session
from tests.training.waits import worker_of


def images(n: int, seed: int) -> ImageSet:
    generator = torch.Generator().manual_seed(seed)
    pixels = torch.randint(0, 256, (n, 3, 16, 16), generator=generator, dtype=torch.uint8)
    hue = Factor(torch.rand(n, generator=generator), "circular")
    return ImageSet(pixels, torch.arange(n) % 4, ("a", "b", "c", "d"), {"hue": hue})


@pytest.fixture
def session_of():
    """Builds a fresh session on small noise images from dotted settings."""

    def build(**settings: object) -> Session:
        small = {"image_size": 16, "batch_size": 16, "steps": 20, "device": "cpu"}
        config = RunConfig().with_settings(small | settings)
        return open_session(config, DataSplit(images(64, 0), images(40, 1)), torch.device("cpu"))

    return build


@pytest.fixture
def start():
    """Starts a real worker on a run folder; none outlives its test."""
    with ExitStack() as workers:
        yield lambda folder: workers.enter_context(worker_of(folder))
