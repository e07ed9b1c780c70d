"""A run's beginning, made before anybody has asked for it: data, network, pictures, first look.

Every draw depends on (seed, stream, step) alone, so it is bit for bit the beginning that the run
would make itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from sslviz.config import RunConfig
from sslviz.data.catalogue import DRAWN
from sslviz.data.load import DataSplit, load_data
from sslviz.runs.arrays import packed
from sslviz.runs.core import CORE
from sslviz.training.prepare import chosen_device
from sslviz.training.session import Session, open_session

SMALL = ("tiny", "vit")  # backbones that look at CORE images in a fraction of a second
LARGEST, MOST_PIXELS = 64, 50_000_000  # side of an image; pixels of all training images


@dataclass(frozen=True)
class Beginning:
    """A run of `config` at step 0. `images`: its images.npz; `random`: torch's own state then."""

    config: RunConfig
    data: DataSplit
    session: Session
    images: bytes
    random: Tensor


def quickly_begun(config: RunConfig) -> bool:
    """Whether a beginning costs little and cannot grow stale: drawn data, on the CPU."""
    size = config.image_size
    return (
        config.data in DRAWN
        and config.backbone in SMALL
        and config.probes <= CORE
        and size <= LARGEST
        and config.train_images * size**2 <= MOST_PIXELS
        and chosen_device(config.device).type == "cpu"
    )


def beginning(config: RunConfig) -> Iterator[Beginning | None]:
    """Makes it piece by piece, and gives it with the last. Raises Refusal for what cannot train."""
    if not quickly_begun(config):
        return
    data = load_data(config)
    yield None
    session = open_session(config, data, chosen_device(config.device))
    yield None
    images = packed(session.observer.images())
    yield None
    session.observer.look_ahead(session.method)
    yield Beginning(config, data, session, images, torch.get_rng_state())
