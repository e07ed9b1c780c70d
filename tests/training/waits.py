"""Small runs in real worker processes: how tests make them and wait for what must come."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sslviz.config import RunConfig
from sslviz.runs import store

SMALL = {"train_images": 512, "image_size": 16, "batch_size": 64, "device": "cpu"}
SMALL |= {"backbone": "tiny", "probes": 200}
TINY = SMALL | {"train_images": 64, "batch_size": 16}


def new_run(root: Path, **settings: Any) -> Path:
    return store.create_run(RunConfig().with_settings(SMALL | settings), root)


@contextmanager
def worker_of(folder: Path) -> Iterator["subprocess.Popen[str]"]:
    """A real worker on a run folder, gone when the body ends."""
    command = [sys.executable, "-m", "sslviz.training.worker", str(folder)]
    worker = subprocess.Popen(command, start_new_session=True, stderr=subprocess.PIPE, text=True)
    try:
        yield worker
    finally:
        worker.kill()
        worker.wait()


def reached(folder: Path, step: int) -> Callable[[], bool]:
    return lambda: store.read_status(folder).get("step", 0) >= step


def is_now(folder: Path, state: str) -> Callable[[], bool]:
    return lambda: store.read_status(folder)["state"] == state


def kinds(folder: Path) -> list[str]:
    return [event["kind"] for event in store.read_events(folder)]


def losses(folder: Path, until: int = 10**9) -> list[tuple[int, float, float]]:
    rows = [r for r in store.read_metrics(folder) if "loss" in r and r["step"] <= until]
    return [(row["step"], row["loss"], row["lr"]) for row in rows]
