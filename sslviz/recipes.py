"""What differs from a RunConfig's defaults, method by method: for `shapes` and for CIFAR-10.

Torch-free.
"""

from typing import Any

# Live on two CPU cores: small batches and BatchNorm after the projector, which spares the many
# steps in which all embeddings first move together. What each of them reaches stands in the README.
ON_SHAPES: dict[str, Any] = {"batch_size": 128, "lr": 0.003, "steps": 600}
_SHARP = {"method.tau": 0.1, "method.output_norm": True}
# A class or a place in a bank for every image: with fewer images each of them is met often enough.
_FEW = {"method.output_norm": True, "train_images": 1024}
# What learns from a slow or stopped copy of itself needs smaller steps, or it follows noise.
_SLOW = {"lr": 0.0015, "steps": 1000, "method.output_norm": True}
SHAPES: dict[str, dict[str, Any]] = {
    "exemplar": _FEW,
    "npid": {**_FEW, "lr": 0.002},
    "pirl": {**_FEW, "lr": 0.002},
    "simclr": _SHARP,
    "simclrv2": {**_SHARP, "method.queue": 0},
    "moco": {**_SLOW, **_SHARP, "method.momentum": 0.9, "method.queue": 512, "method.tau": 0.2},
    "mocov3": {**_SLOW, **_SHARP, "method.momentum": 0.98},
    "dcl": _SHARP,
    "nnclr": {**_SLOW, "lr": 0.002},
    "supcon": {**_SHARP, "steps": 300},
    "supervised": {"steps": 300},
    "spectral": {"method.mu": 10.0, "method.embedding": 64, "method.output_norm": True},
    "byol": {**_SLOW, "method.momentum": 0.98},
    "simsiam": _SLOW,
    "barlow": {
        **{"lr": 0.002, "steps": 1000, "method.lam": 0.02, "method.projector_depth": 2},
        **{"method.output_norm": True},
    },
    "lejepa": {"steps": 1000},
}
SHAPES_VIEWS = {"rotnet": "shapes_upright", "jigsaw": "shapes_upright"}
SHAPES_DATA = {"rotnet": "shapes_upright"}  # the others: shapes

CIFAR: dict[str, dict[str, Any]] = {
    "simclr": {"method.tau": 0.5, "optimizer": "sgd", "lr": 0.06, "weight_decay": 5e-4},
    "moco": {"method.tau": 0.1, "optimizer": "sgd", "lr": 0.06, "weight_decay": 5e-4},
    "byol": {"optimizer": "sgd", "lr": 0.12, "weight_decay": 5e-4},
    "simsiam": {"optimizer": "sgd", "lr": 0.06, "weight_decay": 5e-4},
}
