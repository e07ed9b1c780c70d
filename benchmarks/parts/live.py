"""Real runs in worker processes of their own: how soon they show something, what being watched
costs, several at once, stopped and gone on with, and a device without memory."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from threading import Event, Thread
from typing import Any

import torch

from benchmarks.parts.report import Asked
from sslviz.config import RunConfig
from sslviz.presets.catalogue import default
from sslviz.runs import launch
from sslviz.runs.looks import GLANCES, SNAPSHOTS, look_path, look_steps
from sslviz.runs.process import busy
from sslviz.runs.read import read_events, read_metrics
from sslviz.runs.status import read_status
from sslviz.runs.warm import STOVE
from sslviz.runs.watched import note_watched

OVER = ("finished", "stopped", "failed", "interrupted")
MOST_SECONDS = 90.0


def live(asked: Asked) -> Mapping[str, Any]:
    """All of it, one after the other; what fails is said and the next is tried."""
    found: dict[str, Any] = {}
    parts: tuple[Callable[[Asked, Path], Any], ...] = (
        press, watching, side_by_side, without_memory, changed_live, gone_on_with,
    )  # fmt: skip
    for part in parts:
        if asked.tight():
            found[part.__name__] = "no time was left"
            continue
        with tempfile.TemporaryDirectory(prefix="live-") as folder:
            try:
                found[part.__name__] = part(asked, Path(folder))
            except Exception as error:
                found[part.__name__] = f"{type(error).__name__}: {str(error)[:200]}"
    STOVE.close()
    return found


def _config(asked: Asked, **own: Any) -> RunConfig:
    toy = {"train_images": 256, "batch_size": 32, "image_size": 16} if asked.toy else {}
    settings = {"device": asked.device.type, "steps": 200_000, **toy, **own}
    return default().with_settings(settings)


def _until(ready: Callable[[], object], seconds: float = MOST_SECONDS) -> float:
    """Seconds until `ready`. Raises TimeoutError."""
    began = time.monotonic()
    while not ready():
        if time.monotonic() - began > seconds:
            raise TimeoutError(f"{seconds:.0f} s were not enough")
        time.sleep(0.01)
    return time.monotonic() - began


@contextmanager
def _watched(folder: Path) -> Iterator[None]:
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


def _ended(folder: Path) -> None:
    launch.stop(folder)
    _until(lambda: not busy(folder))


def _looks(folder: Path) -> list[int]:
    return sorted(look_steps(folder, SNAPSHOTS) + look_steps(folder, GLANCES))


def press(asked: Asked, root: Path) -> Mapping[str, Any]:
    """Seconds from the press to the first picture and to the first of another step, in the folder:
    what a page adds is not in them."""
    found = {}
    config = _config(asked)
    for way in ("cold", "warm"):
        os.environ["SSLVIZ_WARM"] = "1" if way == "warm" else "0"
        if way == "warm":
            _until(lambda: STOVE.ready(config) or STOVE.pid)
            time.sleep(asked.sized(20, 12))
        began = time.monotonic()
        folder = launch.start(config, root)
        with _watched(folder):
            _until(lambda f=folder: _looks(f))
            found[f"{way}_picture"] = round(time.monotonic() - began, 2)
            _until(lambda f=folder: len(_looks(f)) > 1)
            found[f"{way}_motion"] = round(time.monotonic() - began, 2)
        _ended(folder)
    os.environ["SSLVIZ_WARM"] = "0"
    return found


def watching(asked: Asked, root: Path) -> Mapping[str, Any]:
    """Steps a second watched and not, in turn within one run; seconds between looks."""
    folder = launch.start(_config(asked), root)
    _until(lambda: read_status(folder)["step"] > asked.sized(300, 3))
    speeds: dict[str, list[float]] = {"watched": [], "unwatched": []}
    gaps: list[float] = []
    window = asked.sized(4, 2)
    for _ in range(asked.sized(3, 1)):
        with _watched(folder):
            time.sleep(1)
            speeds["watched"].append(_speed(folder, window))
            gaps += _gaps(folder, window)
        time.sleep(4.5)
        speeds["unwatched"].append(_speed(folder, window))
    looking = read_status(folder)["looking_share"]
    _ended(folder)
    watched, not_watched = (median(speeds[way]) for way in ("watched", "unwatched"))
    return {
        "steps_per_second": {way: [round(x, 1) for x in each] for way, each in speeds.items()},
        "lost": round(1 - watched / not_watched, 3),
        "by_its_books": looking,
        "longest_gap": round(max(gaps), 2),
        "median_gap": round(median(gaps), 2),
    }


def _speed(folder: Path, window: float) -> float:
    step, began = _counted(folder), time.monotonic()
    time.sleep(window)
    return (_counted(folder) - step) / (time.monotonic() - began)


def _counted(folder: Path) -> int:
    return read_status(folder)["step"]


def _gaps(folder: Path, window: float) -> list[float]:
    """Seconds between the newest looks, by the times of their files."""
    times = []
    for kind in (SNAPSHOTS, GLANCES):
        for step in look_steps(folder, kind):
            times.append(look_path(folder, kind, step).stat().st_mtime)
    newest = sorted(x for x in times if x > time.time() - window)
    return [b - a for a, b in zip(newest, newest[1:], strict=False)] or [window]


def changed_live(asked: Asked, root: Path) -> Mapping[str, Any]:
    """A recorded step is recorded anew after a change: notes, and the seconds until the answer."""
    folder = launch.start(_config(asked), root)
    _until(lambda: _counted(folder) > asked.sized(200, 2))
    launch.change(folder, {"method.tau": 0.5, "view1.jitter": 0.0})
    took = _until(lambda: any(row["kind"] == "set" for row in read_events(folder)))
    before = _counted(folder)
    _until(lambda: _counted(folder) > before + asked.sized(200, 3))
    notes = [str(note) for note in read_status(folder)["notes"]]
    _ended(folder)
    return {"answered_after": round(took, 2), "notes": notes, "state": read_status(folder)["state"]}


def gone_on_with(asked: Asked, root: Path) -> Mapping[str, Any]:
    """The same run in one piece and in three (stopped twice): losses that differ."""
    steps = asked.sized(2000, 60)
    config = _config(asked, steps=steps)
    whole = launch.start(config, root)
    _until(lambda: not busy(whole))
    pieces = launch.start(config, root)
    for _ in range(2):
        _until(lambda: _counted(pieces) > steps // 5 or not busy(pieces))
        if busy(pieces):
            _ended(pieces)
        if read_status(pieces)["state"] != "finished":
            launch.resume(pieces)
    _until(lambda: read_status(pieces)["state"] == "finished")
    one, other = (
        {row["step"]: row["loss"] for row in read_metrics(f) if "loss" in row}
        for f in (whole, pieces)
    )
    apart = [abs(loss - other[step]) for step, loss in one.items() if step in other]
    return {"compared": len(apart), "differ": sum(x > 0 for x in apart), "most": max(apart)}


def side_by_side(asked: Asked, root: Path) -> Mapping[str, Any]:
    """Steps a second of one run, and of each of four that share the device."""
    os.environ["SSLVIZ_MAX_RUNS"] = "4"
    found, folders = {}, []
    for count in (1, asked.sized(4, 2)):
        while len(folders) < count:
            folders.append(launch.start(_config(asked, seed=len(folders)), root))
        _until(lambda: all(_counted(f) > asked.sized(300, 2) for f in folders))
        began, before = time.monotonic(), [_counted(f) for f in folders]
        time.sleep(asked.sized(5, 1))
        seconds = time.monotonic() - began
        after = [_counted(f) for f in folders]
        pairs = zip(after, before, strict=True)
        found[f"{count} at once"] = [round((b - a) / seconds, 1) for b, a in pairs]
    for folder in folders:
        _ended(folder)
    del os.environ["SSLVIZ_MAX_RUNS"]
    return found


def without_memory(asked: Asked, root: Path) -> Mapping[str, Any]:
    """A run on a device whose memory somebody else has taken: its state and what it says."""
    if asked.device.type != "cuda":
        return {"skipped": "no CUDA device"}
    free, _ = torch.cuda.mem_get_info(asked.device)
    taken = torch.empty(max(0, free - (3 << 30)), dtype=torch.uint8, device=asked.device)
    config = _config(asked, backbone="resnet18", batch_size=2048, image_size=64)
    folder = launch.start(config, root)
    _until(lambda: read_status(folder)["state"] in OVER)
    status = read_status(folder)
    del taken
    torch.cuda.empty_cache()
    return {"state": status["state"], "says": str(status["error"])}
