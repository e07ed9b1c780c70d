"""Sessions to measure: real ones, on images drawn here."""

from typing import Any

import torch

from sslviz.config import RunConfig
from sslviz.data.images import ImageSet
from sslviz.data.load import DataSplit
from sslviz.presets.views import VIEW_PRESETS
from sslviz.training.session import Session, open_session

OF_CIFAR = VIEW_PRESETS["simclr_cifar"]


def noise_images(n: int, side: int, seed: int = 0) -> ImageSet:
    """n x 3 x side x side of noise in ten classes: for time, not for learning."""
    draws = torch.Generator().manual_seed(seed)
    pixels = torch.randint(0, 256, (n, 3, side, side), generator=draws, dtype=torch.uint8)
    return ImageSet(pixels, torch.arange(n) % 10, tuple("abcdefghij"))


def session_of(
    device: torch.device, n: int = 2048, side: int = 32, probes: int = 1000, **settings: Any
) -> Session:
    """A fresh session of `settings` (dotted names) with SimCLR's views for CIFAR-10."""
    own = {"device": device.type, "steps": 100_000, "image_size": side}
    own |= {"probes": max(probes, RunConfig.probes), **settings}
    config = RunConfig(view1=OF_CIFAR.view1, view2=OF_CIFAR.view2).with_settings(own)
    data = DataSplit(noise_images(n, side), noise_images(probes, side, seed=1))
    return open_session(config, data, device)


def step(session: Session) -> None:
    session.train_step(session.learning_rate())
