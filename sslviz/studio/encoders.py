"""What an untrained encoder and a run's encoder make of the same views."""

from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from sslviz.config import RunConfig
from sslviz.methods.base import Method
from sslviz.metrics import pairs
from sslviz.runs.store import find_run, newest_checkpoint, read_config
from sslviz.training.network import encode, evaluating, load_encoder, settle_norms, untrained


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
        load_encoder(method, weights, config)
        rows["trained"] = _cosines(method, x) | {"step": state["step"]}
    return rows


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
