"""Real runs in worker processes of their own: started, waited for, watched and ended."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

from benchmarks.parts.report import Asked
from sslviz.config import RunConfig
from sslviz.presets.catalogue import default
from sslviz.runs import launch
from sslviz.runs.process import busy
from sslviz.runs.status import read_status
from sslviz.runs.watched import note_watched

MOST_SECONDS = 90.0


def config_of(asked: Asked, **own: Any) -> RunConfig:
    toy = {"train_images": 256, "batch_size": 32, "image_size": 16} if asked.toy else {}
    settings = {"device": asked.device.type, "steps": 200_000, **toy, **own}
    return default().with_settings(settings)


def until(ready: Callable[[], object], seconds: float = MOST_SECONDS) -> float:
    """Seconds until `ready`. Raises TimeoutError."""
    began = time.monotonic()
    while not ready():
        if time.monotonic() - began > seconds:
            raise TimeoutError(f"{seconds:.0f} s were not enough")
        time.sleep(0.01)
    return time.monotonic() - began


@contextmanager
def while_watched(folder: Path) -> Iterator[None]:
    """Touches the run's watch file as an open page does."""
    over = Event()

    def touch() -> None:
        while not over.wait(0.5):
            note_watched(folder)

    note_watched(folder)
    thread = Thread(target=touch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def ended(folder: Path) -> None:
    launch.stop(folder)
    until(lambda: not busy(folder))


def counted(folder: Path) -> int:
    return read_status(folder)["step"]
