"""Images a second of each op and recipe, beside torchvision and kornia where they are installed."""

import importlib.util
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from benchmarks.parts.report import Asked, seconds_each
from benchmarks.parts.sessions import noise_images
from sslviz.augment.catalogue import OPS
from sslviz.augment.pipeline import Pipeline
from sslviz.augment.view import ViewConfig
from sslviz.presets.views import VIEW_PRESETS

SIDE = 32
RECIPES = ("simclr_cifar", "simclr", "byol", "shapes_default")
Transform = Callable[[Tensor], Tensor]


def ops(asked: Asked) -> Mapping[str, Any]:
    """Each op alone, on every image: ours; torchvision and kornia on the same batch, one image at a
    time and the whole batch (kornia draws for each image, as we do)."""
    images = noise_images(asked.sized(256, 16), SIDE).images.to(asked.device)
    single, batched = _torchvision(), _kornia()
    found = {}
    for op in OPS:
        off = ViewConfig(**dict.fromkeys(OPS, 0.0))
        view = replace(off, **{op: 1.0}, blur_sigma_max=1.0)
        row = {"ours": _ours(asked, images, view)}
        if op in single:
            make = single[op]
            row["torchvision"] = _speed(
                asked, images, lambda _, m=make: [m(x) for x in images.float() / 255]
            )
        if op in batched:
            make = batched[op]
            row["kornia"] = _speed(asked, images, lambda _, m=make: m(images.float() / 255))
        found[op] = row
    return found


def recipes(asked: Asked) -> Mapping[str, Any]:
    """Whole recipes (view 1), and torchvision's and kornia's SimCLR recipe for CIFAR-10."""
    images = noise_images(asked.sized(256, 16), SIDE).images.to(asked.device)
    found: dict[str, Any] = {
        name: _ours(asked, images, VIEW_PRESETS[name].view1) for name in RECIPES
    }
    if importlib.util.find_spec("torchvision"):
        from benchmarks.augment import torchvision_recipe

        recipe = torchvision_recipe()
        found["torchvision, image by image"] = _speed(
            asked, images, lambda _: [recipe(x) for x in images]
        )
    if importlib.util.find_spec("kornia"):
        import kornia.augmentation as k  # type: ignore[import-not-found]

        both = torch.nn.Sequential(
            k.RandomResizedCrop((SIDE, SIDE), scale=(0.08, 1.0)),
            k.RandomHorizontalFlip(),
            k.ColorJitter(0.4, 0.4, 0.4, 0.1, p=0.8),
            k.RandomGrayscale(p=0.2),
        )
        found["kornia, the batch"] = _speed(asked, images, lambda _: both(images.float() / 255))
    return found


def _ours(asked: Asked, images: Tensor, view: ViewConfig) -> int:
    pipeline = Pipeline(view, view, seed=0)
    return _speed(asked, images, lambda step: pipeline.at(step).view(images, 1))


def _speed(asked: Asked, images: Tensor, make: Callable[[int], object]) -> int:
    """Images a second, median of a few batches."""
    steps = iter(range(1000))
    taken = seconds_each(lambda: make(next(steps)), asked, asked.sized(5, 1))
    return round(len(images) / taken)


def _torchvision() -> dict[str, Transform]:
    """By our names, each at our default strength and certain to happen."""
    if not importlib.util.find_spec("torchvision"):
        return {}
    from torchvision.transforms import v2

    return {
        "crop": v2.RandomResizedCrop(SIDE, antialias=True),
        "flip": v2.RandomHorizontalFlip(1.0),
        "rotate": v2.RandomRotation(30, interpolation=v2.InterpolationMode.BILINEAR),
        "perspective": v2.RandomPerspective(0.5, 1.0),
        "jitter": v2.ColorJitter(0.4, 0.4, 0.4, 0.1),
        "gray": v2.RandomGrayscale(1.0),
        "invert": v2.RandomInvert(1.0),
        "solarize": v2.RandomSolarize(0.5, 1.0),
        "blur": v2.GaussianBlur(7, (0.1, 1.0)),
        "noise": v2.GaussianNoise(),
        "cutout": v2.RandomErasing(1.0),
    }


def _kornia() -> dict[str, Transform]:
    if not importlib.util.find_spec("kornia"):
        return {}
    import kornia.augmentation as k  # type: ignore[import-not-found]

    return {
        "crop": k.RandomResizedCrop((SIDE, SIDE)),
        "flip": k.RandomHorizontalFlip(p=1.0),
        "rotate": k.RandomRotation(30.0, p=1.0),
        "perspective": k.RandomPerspective(0.5, p=1.0),
        "jitter": k.ColorJitter(0.4, 0.4, 0.4, 0.1, p=1.0),
        "gray": k.RandomGrayscale(p=1.0),
        "invert": k.RandomInvert(p=1.0),
        "solarize": k.RandomSolarize(p=1.0),
        "posterize": k.RandomPosterize(p=1.0),
        "blur": k.RandomGaussianBlur((7, 7), (0.1, 1.0), p=1.0),
        "noise": k.RandomGaussianNoise(p=1.0),
        "cutout": k.RandomErasing(p=1.0),
    }
