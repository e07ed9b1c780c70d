"""What differs from a RunConfig's defaults, method by method: for `shapes` and for CIFAR-10.

Torch-free.
"""

from typing import Any

# Live on two CPU cores: small batches and BatchNorm after the projector, which spares the many
# steps in which all embeddings first move together.
ON_SHAPES: dict[str, Any] = {"batch_size": 128, "lr": 0.003, "steps": 1000}
SHAPES: dict[str, dict[str, Any]] = {
    "simclr": {"method.tau": 0.1, "method.output_norm": True},
    "dcl": {"method.tau": 0.1, "method.output_norm": True},
    "supcon": {"method.tau": 0.1, "method.output_norm": True},
    "moco": {"method.tau": 0.1, "method.output_norm": True},
    "byol": {"method.output_norm": True},
    "simsiam": {},
}

# Measured to end far above the random encoder (README); the others do not in so few steps.
WORK_ON_SHAPES = ("simclr", "dcl", "supcon", "supervised")

CIFAR: dict[str, dict[str, Any]] = {
    "simclr": {"method.tau": 0.5, "optimizer": "sgd", "lr": 0.06, "weight_decay": 5e-4},
    "moco": {"method.tau": 0.1, "optimizer": "sgd", "lr": 0.06, "weight_decay": 5e-4},
    "byol": {"optimizer": "sgd", "lr": 0.12, "weight_decay": 5e-4},
    "simsiam": {"optimizer": "sgd", "lr": 0.06, "weight_decay": 5e-4},
}
