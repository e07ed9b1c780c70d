"""Real runs in worker processes of their own: how soon they show something, what being watched
costs, several at once, stopped and gone on with, and a device without memory."""

import os
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch

from benchmarks.parts.report import Asked
from benchmarks.parts.started import config_of, counted, ended, until
from benchmarks.parts.watching import press, watching
from sslviz.runs import launch
from sslviz.runs.process import busy
from sslviz.runs.read import read_events, read_metrics
from sslviz.runs.status import read_status
from sslviz.runs.warm import STOVE

OVER = ("finished", "stopped", "failed", "interrupted")


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


def changed_live(asked: Asked, root: Path) -> Mapping[str, Any]:
    """A recorded step is recorded anew after a change: notes, and the seconds until the answer."""
    folder = launch.start(config_of(asked), root)
    until(lambda: counted(folder) > asked.sized(200, 2))
    launch.change(folder, {"method.tau": 0.5, "view1.jitter": 0.0})
    took = until(lambda: any(row["kind"] == "set" for row in read_events(folder)))
    before = counted(folder)
    until(lambda: counted(folder) > before + asked.sized(200, 3))
    notes = [str(note) for note in read_status(folder)["notes"]]
    ended(folder)
    return {"answered_after": round(took, 2), "notes": notes, "state": read_status(folder)["state"]}


def gone_on_with(asked: Asked, root: Path) -> Mapping[str, Any]:
    """The same run in one piece and in three (stopped twice): losses that differ."""
    steps = asked.sized(2000, 60)
    config = config_of(asked, steps=steps)
    whole = launch.start(config, root)
    until(lambda: not busy(whole))
    pieces = launch.start(config, root)
    for _ in range(2):
        until(lambda: counted(pieces) > steps // 5 or not busy(pieces))
        if busy(pieces):
            ended(pieces)
        if read_status(pieces)["state"] != "finished":
            launch.resume(pieces)
    until(lambda: read_status(pieces)["state"] == "finished")
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
            folders.append(launch.start(config_of(asked, seed=len(folders)), root))
        until(lambda: all(counted(f) > asked.sized(300, 2) for f in folders))
        began, before = time.monotonic(), [counted(f) for f in folders]
        time.sleep(asked.sized(5, 1))
        seconds = time.monotonic() - began
        after = [counted(f) for f in folders]
        pairs = zip(after, before, strict=True)
        found[f"{count} at once"] = [round((b - a) / seconds, 1) for b, a in pairs]
    for folder in folders:
        ended(folder)
    del os.environ["SSLVIZ_MAX_RUNS"]
    return found


def without_memory(asked: Asked, root: Path) -> Mapping[str, Any]:
    """A run on a device whose memory somebody else has taken: its state and what it says."""
    if asked.device.type != "cuda":
        return {"skipped": "no CUDA device"}
    free, _ = torch.cuda.mem_get_info(asked.device)
    taken = torch.empty(max(0, free - (3 << 30)), dtype=torch.uint8, device=asked.device)
    config = config_of(asked, backbone="resnet18", batch_size=2048, image_size=64)
    folder = launch.start(config, root)
    until(lambda: read_status(folder)["state"] in OVER)
    status = read_status(folder)
    del taken
    torch.cuda.empty_cache()
    return {"state": status["state"], "says": str(status["error"])}
