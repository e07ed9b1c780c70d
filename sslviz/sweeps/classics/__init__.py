"""Classic experiments of the field, each small enough for shapes: what the papers found, and what
is found here. A file <name>.toml each. Torch-free."""

from functools import cache

from sslviz.sweeps.classics.classic import Arm, Classic
from sslviz.sweeps.classics.read import read_classic

NAMES = (
    *("composition", "crop_colour", "jitter_strength", "feature_suppression", "noise_only"),
    *("temperature", "batch_size", "moco_v2", "longer_training", "alignment_uniformity"),
    *("projector", "dimensional_collapse", "stop_gradient", "predictor", "target_decay"),
    *("moco_momentum", "moco_queue", "parametric_or_bank", "predict_or_ignore"),
    *("label_fractions", "distillation", "generative"),
)


@cache
def _classic(name: str) -> Classic:
    return read_classic(name, _arm)


def _arm(name: str, arm: str) -> Arm:
    return _classic(name).arm(arm)


CLASSICS: dict[str, Classic] = {name: _classic(name) for name in NAMES}
