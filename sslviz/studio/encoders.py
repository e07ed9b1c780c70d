"""What an untrained encoder and a run's encoder make of the same views."""

from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import Tensor

from sslviz.backbones import build_backbone
from sslviz.config import RunConfig
from sslviz.knobs import ConfigError
from sslviz.methods import method_class
from sslviz.methods.base import Method
from sslviz.metrics import pairs
from sslviz.runs.store import find_run, newest_checkpoint, read_config
from sslviz.streams import stream
from sslviz.training.observe import encode, evaluating, settle_norms


def compared(x1: Tensor, x2: Tensor, run: str | None, root: Path) -> dict[str, dict[str, Any]]:
    """Cosines of z between two views (N x 3 x H x W in 0..1), under "random" and "trained".

    The random encoder is the run's own network before its first step (the default recipe's where
    no run is asked for). Without a checkpoint there is no "trained".
    """
    config = read_config(find_run(run, root)) if run else RunConfig()
    side = [config.image_size] * 2
    x = F.interpolate(torch.cat([x1, x2]), side, mode="bilinear", antialias=True)
    method = untrained(config)
    settle_norms(method, [x])
    rows = {"random": _cosines(method, x)}
    found = newest_checkpoint(find_run(run, root)) if run else None
    if found:
        weights, state = found
        load_encoder(method, weights)
        rows["trained"] = _cosines(method, x) | {"step": state["step"]}
    return rows


def untrained(config: RunConfig) -> Method:
    """The run's network as its seed made it."""
    torch.manual_seed(stream(config.seed, "weights").initial_seed())
    backbone = build_backbone(config.backbone, 3, torch.device("cpu"), config.standardise)
    return method_class(config.method)(backbone, config.method_config(), config.batch_size, 1)


def load_encoder(method: Method, weights: Path) -> None:
    """Puts backbone and projector of a checkpoint into `method`; ConfigError where they differ."""
    tensors = load_file(weights)
    for name in ("backbone", "projector"):
        prefix = f"method.{name}."
        part = {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}
        try:
            getattr(method, name).load_state_dict(part)
        except RuntimeError:
            raise ConfigError(f"The run's checkpoint does not fit its {name}.") from None


def _cosines(method: Method, x: Tensor) -> dict[str, Any]:
    with torch.no_grad(), evaluating(method):
        z1, z2 = encode(method, x)[1].chunk(2)
    matrix = pairs.cosine_matrix(z1, z2)
    positive, negative = pairs.split_pairs(matrix)
    return {
        "positive": float(positive.mean()),
        "negative": float(negative.mean()),
        "positive_bins": pairs.histogram(positive).tolist(),
        "negative_bins": pairs.histogram(negative).tolist(),
        "found": pairs.contrastive_accuracy(matrix),
    }
