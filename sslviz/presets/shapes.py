"""Every method live on `shapes`: what differs from a RunConfig's defaults. Torch-free."""

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
    "rotnet": {"steps": 300},
    "jigsaw": {"steps": 400},
    # What is to paint the brightness must see it; MAE paints without it here.
    "autoencoder": {"lr": 0.001, "standardise": False},
    "context_encoder": {"lr": 0.001, "standardise": False},
    "mae": {"lr": 0.001, "batch_size": 64, "method.normalise_patches": True},
    "pirl": {**_FEW, "lr": 0.002},
    "simclr": _SHARP,
    "simclrv2": {**_SHARP, "method.queue": 0},
    "moco": {
        **{"steps": 1000, "method.tau": 0.2, "method.momentum": 0.9, "method.queue": 1024},
        **{"method.output_norm": True},
    },
    "mocov3": {**_SLOW, **_SHARP, "method.momentum": 0.98},
    "dcl": _SHARP,
    "nnclr": {**_SLOW, "lr": 0.002},
    "supcon": {**_SHARP, "steps": 300},
    "supervised": {"steps": 300},
    "spectral": {"method.mu": 10.0, "method.embedding": 64, "method.output_norm": True},
    "byol": {**_SLOW, "method.momentum": 0.98},
    "simsiam": _SLOW,
    "barlow": {
        **{"steps": 1000, "method.lam": 0.02, "method.projector_depth": 2},
        **{"method.output_norm": True},
    },
    "swav": {
        **{"lr": 0.001, "steps": 1000, "method.prototypes": 1024, "method.epsilon": 0.02},
        **{"method.output_norm": True},
    },
    "dino": {
        **{"lr": 0.001, "steps": 1000, "method.prototypes": 2048, "method.momentum": 0.95},
        **{"method.projector_depth": 2, "method.output_norm": True},
    },
    "wmse": {"steps": 1000, "method.normalise": False},
    "lejepa": {"lr": 0.002, "method.n_views": 4},
}
SHAPES_VIEWS = {
    **{"rotnet": "shapes_upright", "jigsaw": "shapes_upright"},
    **{"autoencoder": "crop_flip", "context_encoder": "crop_flip", "mae": "crop_flip"},
}
SHAPES_DATA = {"rotnet": "shapes_upright"}  # the others: shapes
