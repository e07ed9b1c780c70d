"""A small recorded run with everything a replay shows, without training anything."""

import json
from pathlib import Path

import numpy as np

from sslviz.config import RunConfig
from sslviz.runs.store import RunWriter, create_run

N, VIEWS, WIDTH = 24, 8, 16
STEPS = (0, 10, 20, 40)
HOSTILE = '<img src=x onerror="document.title=1">'


def made_run(root: Path, name: str = "made", images: int = 0, **settings) -> Path:
    """A finished MoCo run of N images in two classes that come apart; one is named HOSTILE. Other
    `images` are other probe images."""
    known = {"method": "moco", "steps": 40, "seed": 7, "method.tau": 0.5} | settings
    writer = RunWriter(create_run(RunConfig().with_settings(known), root, name))
    draw = np.random.default_rng(images)
    tiles = draw.integers(0, 256, (N, 16, 16, 3), dtype=np.uint8)
    labels = np.arange(N, dtype=np.int16) % 2
    factors = {"size": {"kind": "continuous", "names": []}}
    info = {"class_names": ["left", HOSTILE], "factors": factors}
    writer.images({
        "probe": tiles, "views": tiles[:VIEWS], "labels": labels,
        "diag_labels": labels[: VIEWS // 2],
        "factor_size": np.linspace(0, 1, N), "info": np.array(json.dumps(info)),
    })  # fmt: skip
    noise = draw.normal(size=(N, 3)) * 0.4
    for step in range(STEPS[-1] + 1):
        row = {
            "step": step,
            "seconds": step / 10,
            "loss": 3 - step / 50,
            "lr": 0.01,
            "chance_loss": 2.7,
        }
        if step in STEPS:
            writer.snapshot(step, _arrays(noise, labels, step))
            row |= _measured(step)
        writer.metrics(row)
    writer.event("set", 20, knob="method.tau", old=0.5, new=0.25)
    writer.status(state="finished", step=40, device="cpu", device_name="CPU, 1 threads")
    writer.release()
    return writer.folder


def _arrays(noise: np.ndarray, labels: np.ndarray, step: int) -> dict[str, np.ndarray]:
    places = noise + np.outer(labels * 2.0 - 1, [step / 20, 0, 0])
    far = np.linalg.norm(places[:, None] - places[None], axis=2) + np.eye(N) * 99
    near = far.argsort(axis=1)[:, :10].astype(np.int16)
    cosines = np.eye(VIEWS) * 0.75 + 0.25 * np.cos(np.arange(VIEWS * VIEWS)).reshape(VIEWS, VIEWS)
    counts = np.arange(80, dtype=np.int32)
    spectrum = np.linspace(1, 0.1, WIDTH).astype(np.float32)
    shared = {"similarity": cosines.astype(np.float16), "observe_queue_age": np.arange(32) % 7}
    shared |= {"histogram_positive": counts, "histogram_negative": counts[::-1].copy()}
    return shared | {
        name: array
        for space in "hz"
        for name, array in {
            f"layout_{space}_pca": places.astype(np.float16),
            f"neighbours_{space}": near,
            f"spectrum_{space}": spectrum,
        }.items()
    }


def _measured(step: int) -> dict[str, object]:
    row = {"snapshot": True, "verdict": "healthy", "verdict_reason": "ok", "alignment": 0.1}
    row |= {"uniformity": -2.0, "positive_cosine": 0.75, "negative_cosine": -0.125}
    both = {"feature_std": 0.5, "effective_rank": 5.0, "total_variance": 2.0}
    both |= {"knn": 0.5 + step / 100, "probe_size": 0.4}
    return row | {f"{name}_{space}": value for name, value in both.items() for space in "hz"}
