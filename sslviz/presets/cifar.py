"""CIFAR-10 with a large backbone: from a method's own numbers to settings of a run. Torch-free.

Each `[cifar]` table of a method's .toml says where its numbers come from. Weight decay: here biases
and BatchNorms have none. The programs named there decay them like all other weights, but for vissl
(PIRL) and solo-learn's LARS (MoCo v3, VICReg), which decay neither.
"""

from typing import Any

from sslviz.config import RunConfig
from sslviz.knobs import knobs
from sslviz.methods.entry import Cifar

IMAGES = 50_000
EPOCHS = 200


def on_cifar(recipe: Cifar) -> dict[str, Any]:
    """What `RunConfig.with_settings` takes: a cosine over 200 epochs, the rate scaled to the batch.

    Raises Refusal for a batch size out of bounds.
    """
    batch = int(knobs(RunConfig)["batch_size"].checked(recipe.batch_size))
    epoch = IMAGES // batch
    settings = {
        "data": "cifar10",
        "backbone": recipe.backbone,
        "standardise": False,
        "batch_size": batch,
        "steps": EPOCHS * epoch,
        "warmup_steps": recipe.warmup_epochs * epoch,
        "optimizer": recipe.optimizer,
        "lr": recipe.lr_for_256 * batch / 256,
        "weight_decay": recipe.weight_decay,
    }
    return settings | {f"method.{name}": value for name, value in recipe.method.items()}
