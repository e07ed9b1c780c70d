"""What breaks what: each what-if switch beside the intact method, on `shapes`, same seed.

`python -m benchmarks.switches` trains every method's preset for `--steps` steps, then again with
one switch moved, and prints what the app's own panels would show at the end.
"""

import argparse
import json
import tempfile
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from sslviz.presets import PRESETS

SWITCHES: dict[str, tuple[dict[str, Any], ...]] = {
    "simclr": ({"method.negatives": False, "method.output_norm": False},),
    "moco": ({"method.momentum": 1.0}, {"method.momentum": 0.0}, {"method.stop_gradient": False}),
    "mocov3": ({"method.predictor": False}, {"method.momentum": 1.0}),
    "nnclr": ({"method.neighbours": False}, {"method.predictor": False}),
    "spectral": ({"method.repulsion": False},),
    "byol": (
        {"method.stop_gradient": False}, {"method.predictor": False}, {"method.momentum": 1.0},
        {"standardise": False},
    ),
    "simsiam": (
        {"method.stop_gradient": False}, {"method.predictor": False}, {"standardise": False},
        {"method.stop_gradient": False, "method.output_norm": False},
    ),
    "barlow": ({"method.lam": 0.0},),
    "vicreg": ({"method.variance": 0.0}, {"method.covariance": 0.0}, {"method.invariance": 0.0}),
    "lejepa": ({"method.lam": 0.0},),
    "swav": ({"method.balanced": False},),
    "dino": ({"method.centring": False}, {"method.tau_teacher": 0.2}),
    "jigsaw": ({"method.gap": 0.0},),
    "rotnet": ({"data": "shapes"},),
}  # fmt: skip
SHOWN = (
    "loss", "knn_h", "feature_std_z", "effective_rank_h", "effective_rank_z", "alignment",
    "verdict",
)  # fmt: skip


def measured(job: tuple[str, dict[str, Any]], steps: int) -> str:
    import torch

    from sslviz.runs import store
    from sslviz.training.worker import run

    torch.set_num_threads(1)
    name, moved = job
    config = PRESETS[name].config.with_settings({"device": "cpu", "steps": steps, **moved})
    with tempfile.TemporaryDirectory() as root:
        folder = store.create_run(config, Path(root), name)
        run(folder)
        newest = store.newest_values(store.read_metrics(folder))
    cells = [v if isinstance(v := newest[key], str) else f"{v:.3g}" for key in SHOWN]
    return " | ".join(["", name, json.dumps(moved)[1:-1] or "intact", *cells, ""]).strip()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("methods", nargs="*", metavar="METHOD", help="all of them if none is named")
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--jobs", type=int, default=2, help="runs at a time")
    asked = parser.parse_args()
    jobs = [(m, moved) for m in asked.methods or SWITCHES for moved in ({}, *SWITCHES[m])]
    print("|", " | ".join(("method", "switch", *SHOWN)), "|")
    print("|" + "---|" * (2 + len(SHOWN)))
    with ProcessPoolExecutor(asked.jobs, get_context("spawn")) as pool:
        for line in pool.map(partial(measured, steps=asked.steps), jobs):
            print(line, flush=True)


if __name__ == "__main__":
    main()
