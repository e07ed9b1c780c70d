"""What breaks what: each what-if switch beside the intact method, on `shapes`, same seed.

`python -m benchmarks.switches` trains every method's preset for `--steps` steps, then again with
one switch moved, and prints what the app's own panels would show at the end. `--record`: for the
page Methods to show; methods that are not named keep the rows they have there.
"""

import argparse
import json
import tempfile
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from benchmarks.recording import record
from sslviz.presets.catalogue import PRESETS

SWITCHES: dict[str, tuple[dict[str, Any], ...]] = {
    "supcon": ({"method.labels": False},),
    "autoencoder": ({"method.noise": 0.3},),
    "context_encoder": (
        {"method.adversarial": True}, {"method.hole": 0.2}, {"method.centred": False},
    ),
    "mae": ({"method.mask": 0.2}, {"method.normalise_patches": False}),
    "rotnet": ({"data": "shapes"},),
    "jigsaw": ({"method.gap": 0.0}, {"method.gap": 0.0, "method.standardise": False}),
    "exemplar": ({"train_images": 4096},),
    "npid": ({"train_images": 4096}, {"method.loss": "nce", "method.noise": 4}),
    "pirl": (
        {"method.tiles_weight": 0.0}, {"method.tiles_weight": 1.0},
        {"method.transform": "rotation"},
    ),
    "simclr": (
        {"method.negatives": False, "method.output_norm": False}, {"batch_size": 8},
        {"method.normalise": False},
    ),
    "simclrv2": ({"method.queue": 1024},),
    "moco": (
        {"method.momentum": 1.0}, {"method.momentum": 0.0}, {"method.stop_gradient": False},
        {"method.normalise": False},
    ),
    "mocov3": (
        {"method.predictor": False}, {"method.momentum": 1.0}, {"method.stop_gradient": False},
        {"method.normalise": False},
    ),
    "nnclr": ({"method.neighbours": False}, {"method.predictor": False}),
    "dcl": ({"method.weighted": True}, {"batch_size": 8}, {"method.normalise": False}),
    "spectral": ({"method.repulsion": False},),
    "byol": (
        {"method.stop_gradient": False}, {"method.predictor": False}, {"method.momentum": 1.0},
        {"method.normalise": False}, {"standardise": False},
    ),
    "simsiam": (
        {"method.stop_gradient": False}, {"method.predictor": False}, {"standardise": False},
        {"method.stop_gradient": False, "method.output_norm": False},
    ),
    "swav": ({"method.balanced": False},),
    "dino": ({"method.centring": False}, {"method.tau_teacher": 0.2}),
    "barlow": ({"method.lam": 0.0},),
    "vicreg": ({"method.variance": 0.0}, {"method.covariance": 0.0}, {"method.invariance": 0.0}),
    "wmse": ({"method.normalise": True}, {"method.epsilon": 0.1}),
    "lejepa": ({"method.lam": 0.0}, {"method.lam": 1.0}),
}  # fmt: skip
SHOWN = (
    "loss", "knn_h", "feature_std_z", "effective_rank_h", "effective_rank_z", "alignment",
    "verdict",
)  # fmt: skip
KEPT = ("total_variance_h", "total_variance_z")


def measured(
    job: tuple[str, dict[str, Any]], steps: int, settings: dict[str, str]
) -> dict[str, Any]:
    import torch

    from sslviz.runs import store
    from sslviz.training.worker import run

    torch.set_num_threads(1)
    name, moved = job
    config = PRESETS[name].config.with_settings(
        {"device": "cpu", "steps": steps, **settings, **moved}
    )
    with tempfile.TemporaryDirectory() as root:
        folder = store.create_run(config, Path(root), name)
        run(folder)
        rows = store.read_metrics(folder)
    newest = store.newest_values(rows)
    row = {"method": name, "settings": moved}
    row |= {key: newest[key] for key in (*SHOWN, *KEPT)}
    return row | {f"start_{key}": rows[0][key] for key in (*SHOWN[1:5], *KEPT)}


def cells(row: dict[str, Any]) -> str:
    numbers = [v if isinstance(v := row[key], str) else f"{v:.3g}" for key in SHOWN]
    moved = json.dumps(row["settings"])[1:-1] or "intact"
    return " | ".join(["", row["method"], moved, *numbers, ""]).strip()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("methods", nargs="*", metavar="METHOD", help="all of them if none is named")
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--jobs", type=int, default=2, help="runs at a time")
    parser.add_argument("--set", nargs="*", default=[], metavar="KEY=VALUE", help="of every run")
    parser.add_argument("--record", action="store_true", help="write what the page Methods shows")
    asked = parser.parse_args()
    settings = dict(entry.split("=", 1) for entry in asked.set)
    jobs = [(m, moved) for m in asked.methods or SWITCHES for moved in ({}, *SWITCHES[m])]
    print("|", " | ".join(("method", "switch", *SHOWN)), "|")
    print("|" + "---|" * (2 + len(SHOWN)))
    rows = []
    with ProcessPoolExecutor(asked.jobs, get_context("spawn")) as pool:
        for row in pool.map(partial(measured, steps=asked.steps, settings=settings), jobs):
            rows.append(row)
            print(cells(row), flush=True)
    if asked.record:
        record("switches", rows, asked.set, steps=asked.steps)


if __name__ == "__main__":
    main()
