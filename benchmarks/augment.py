"""Images a second of the augmentation beside torchvision: `python -m benchmarks.augment`.

The same SimCLR-CIFAR recipe on the same batch. torchvision v2 on a whole batch draws one set of
parameters for all images, so it does less than the other two; it is listed as a speed limit only.
"""

from collections.abc import Callable
from statistics import median
from time import perf_counter

import torch
from torchvision.transforms import v2

from sslviz.augment.pipeline import Pipeline
from sslviz.presets.views import VIEW_PRESETS

BATCH, SIDE, ROUNDS = 256, 32, 9


def torchvision_recipe() -> v2.Transform:
    """SimCLR for CIFAR-10, as in the preset simclr_cifar."""
    return v2.Compose(
        [
            v2.RandomResizedCrop(SIDE, scale=(0.08, 1.0), antialias=True),
            v2.RandomHorizontalFlip(),
            v2.ToDtype(torch.float32, scale=True),
            v2.RandomApply([v2.ColorJitter(0.4, 0.4, 0.4, 0.1)], p=0.8),
            v2.RandomGrayscale(0.2),
        ]
    )


def images_per_second(make: Callable[[int], object], device: str, rounds: int = ROUNDS) -> float:
    """Median over rounds of one batch each, after one to warm up."""
    seconds = []
    for step in range(rounds + 1):
        start = perf_counter()
        make(step)
        if device == "cuda":
            torch.cuda.synchronize()
        seconds.append(perf_counter() - start)
    return BATCH / median(seconds[1:])


def measure(device: str) -> None:
    images = torch.randint(0, 256, (BATCH, 3, SIDE, SIDE), dtype=torch.uint8).to(device)
    recipe = torchvision_recipe()
    rows = {
        "torchvision v2, image by image": images_per_second(
            lambda _: torch.stack([recipe(image) for image in images]), device, rounds=3
        ),
        "torchvision v2, one draw for the batch": images_per_second(
            lambda _: recipe(images), device
        ),
    }
    for name in ("simclr_cifar", "simclr", "byol", "shapes_default", "crop_only"):
        preset = VIEW_PRESETS[name]
        pipeline = Pipeline(preset.view1, preset.view2, seed=0)
        rows[f"sslviz, {name}"] = images_per_second(
            lambda step, made=pipeline: made.at(step).view(images, 1), device, rounds=30
        )
    first = next(iter(rows.values()))
    print(f"{device}, {torch.get_num_threads()} threads, batch {BATCH} of {SIDE} x {SIDE}")
    for label, speed in rows.items():
        print(f"  {label:<40} {speed:>12,.0f} images/s {speed / first:>8.1f}x")


if __name__ == "__main__":
    measure("cpu")
    if torch.cuda.is_available():
        measure("cuda")
