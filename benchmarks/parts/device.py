"""What a CUDA device does with sslviz: the same numbers, how fast, and what looking costs."""

import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from functools import partial
from typing import Any

import torch

from benchmarks.parts import floor
from benchmarks.parts.report import Asked, seconds_each, seconds_in_a_row, settled
from benchmarks.parts.sessions import session_of, step
from benchmarks.parts.usual import in_blocks, usual_step
from sslviz.methods import METHODS, method_class
from sslviz.training.graph import WARM_UP
from sslviz.training.session import Session

TESTS = ("tests/training/test_graph.py", "tests/augment/test_pipeline.py", "tests/methods")
APP = "tests/methods/test_attempts.py"  # needs the app's own libraries, and no device


def gpu_tests(asked: Asked) -> Mapping[str, Any]:
    """The tests marked gpu, where pytest is installed, in a process of their own."""
    if importlib.util.find_spec("pytest") is None:
        return {"skipped": "pytest is not installed"}
    which = TESTS[: asked.sized(len(TESTS), 1)]
    command = [sys.executable, "-m", "pytest", "-q", "-m", "gpu", "-rf", "--tb=line", *which]
    done = subprocess.run(
        [*command, "-p", "no:cacheprovider", f"--ignore={APP}"],
        capture_output=True,
        text=True,
        timeout=max(1.0, min(asked.left(), 150)),
    )
    lines = [line for line in done.stdout.splitlines() if line.strip()]
    failed = [line[:300] for line in lines if line.startswith(("FAILED", "ERROR"))]
    return {"code": done.returncode, "summary": lines[-1] if lines else "", "failed": failed}


def losses(asked: Asked) -> Mapping[str, Any]:
    """For each method: how far its losses are from the CPU's, as a share; whether it is recorded.

    Float32; the same seeds, draws and weights. The first steps are plain, the last ones recorded.
    """
    steps, found = WARM_UP + 4, {}
    for method in list(METHODS)[: asked.sized(len(METHODS), 2)]:
        found[method] = _compared(asked, method, steps)
    return found


def _compared(asked: Asked, method: str, steps: int) -> dict[str, Any]:
    own = {"method": method, "backbone": method_class(method).needs or "tiny", "batch_size": 32}
    own |= {"precision": "float32"}
    told: list[str] = []
    try:
        here = session_of(torch.device("cpu"), 128, 32, 64, **own)
        there = session_of(asked.device, 128, 32, 64, **own)
        there.tell = lambda note: told.append(str(note))
        pairs = []
        for _ in range(steps):
            mine, other = (s.train_step(s.learning_rate()).loss for s in (here, there))
            pairs.append((float(mine), float(other)))
    except Exception as error:
        return {"error": f"{type(error).__name__}: {str(error)[:200]}"}
    apart = [abs(a - b) / max(abs(a), 0.1) for a, b in pairs]  # losses of cosines pass 0
    return {
        "apart_plain": float(f"{max(apart[:WARM_UP]):.2g}"),
        "apart_recorded": float(f"{max(apart[WARM_UP:]):.2g}"),
        "recorded": there.device.type == "cuda" and there.graph.replay is not None,
        "told": told,
    }


def step_times(asked: Asked) -> Mapping[str, Any]:
    """Milliseconds of a SimCLR step at batch 512 (two views), piece by piece and recorded; those of
    drawing alone, on the CPU, which must be the smaller."""
    found = {}
    for backbone in ("tiny", "resnet9", "resnet18")[: asked.sized(3, 1)]:
        made = {}
        for way in ("plain", "recorded"):
            session = _session(asked, backbone)
            if asked.device.type == "cuda":
                session.graph.refused = way == "plain"
            seconds = _step_seconds(asked, session)
            made[f"{way}_ms"] = round(1000 * seconds, 3)
        session.graph.asked = [(1, 0), (2, 0)]
        drawing = seconds_each(session.graph._draws, asked, 5)
        made |= {"drawing_ms": round(1000 * drawing, 3), "precision": _precision(session)}
        made["images_per_second"] = round(session.batch_size / seconds)
        found[backbone] = made
    return found


def _session(asked: Asked, backbone: str, **more: Any) -> Session:
    batch = asked.sized(512, 16)
    return session_of(
        asked.device,
        asked.sized(8192, 64),
        probes=asked.sized(1000, 64),
        backbone=backbone,
        batch_size=batch,
        **more,
    )


def _precision(session: Session) -> str:
    return "bfloat16" if session.bfloat16 else "float32"


def _step_seconds(asked: Asked, session: Session) -> float:
    for _ in range(asked.sized(10, 1)):
        step(session)
    return seconds_in_a_row(lambda: step(session), asked, asked.sized(100, 1))


def resnet18(asked: Asked) -> Mapping[str, Any]:
    """Seconds an epoch of 50,000 images at batch 512 with two views; share of the arithmetic floor
    (the machine's own rate at products of large matrices, measured here)."""
    session = _session(asked, "tiny" if asked.toy else "resnet18")
    gflop = floor.step_gflop(session)
    seconds = _step_seconds(asked, session)
    rates = floor.machine(asked)
    rate = rates[f"matmul_{_precision(session)}_gflops"]
    peak = torch.cuda.max_memory_allocated() / 2**30 if asked.device.type == "cuda" else 0.0
    return {
        **rates,
        "step_ms": round(1000 * seconds, 2),
        "seconds_an_epoch": round(seconds * (50_000 // session.batch_size), 2),
        "step_gflop": round(gflop, 1),
        "share_of_floor": round(gflop / rate / seconds, 3),
        "peak_gigabytes": round(peak, 2),
    }


def against_usual(asked: Asked) -> Mapping[str, Any]:
    """Images a second, ours and the usual way in turn: torchvision in worker processes."""
    found: dict[str, Any] = {}
    for backbone in ("tiny", "resnet18")[: asked.sized(2, 1)]:
        session = _session(asked, backbone)
        workers = 0 if asked.toy else os.cpu_count() or 1
        usual, found["loss"] = usual_step(session, workers)
        make, steps = partial(step, session), asked.sized(20, 1)
        taken = in_blocks(make, usual, workers, asked, steps, rounds=asked.sized(3, 1))
        ours, theirs = (session.batch_size / taken[name] for name in ("ours", "usual"))
        row = {"ours": round(ours), "usual": round(theirs), "times": round(ours / theirs, 2)}
        found[backbone] = row
    return found


def looks(asked: Asked) -> Mapping[str, Any]:
    """Milliseconds of a snapshot and of a glance, beside those of a step."""
    found = {}
    for backbone in ("tiny", "resnet18")[: asked.sized(2, 1)]:
        session = _session(asked, backbone)
        rounds = asked.sized(5, 1)
        row = {"step_ms": 1000 * _step_seconds(asked, session)}
        snapshot = lambda s=session: s.observer.snapshot(s.method, s.step)  # noqa: E731
        row["snapshot_ms"] = 1000 * seconds_each(snapshot, asked, rounds)
        if importlib.util.find_spec("sslviz.training.glance"):
            from sslviz.training.glance import Glances  # type: ignore[import-not-found]

            eyes = Glances(session.observer)
            glance = lambda s=session, e=eyes: e.take(s.method, s.step)  # noqa: E731
            row["glance_ms"] = 1000 * seconds_each(glance, asked, rounds)
        found[backbone] = {key: round(value, 2) for key, value in row.items()}
    return found


def card(device: torch.device) -> dict[str, str]:
    """The device, its driver and torch."""
    settled(device)
    if device.type != "cuda":
        return {"card": "no CUDA device", "torch": torch.__version__}
    ask = ["nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader"]
    try:
        answer = subprocess.run(ask, capture_output=True, text=True, timeout=10).stdout
    except (OSError, subprocess.SubprocessError):
        answer = ""
    driver = re.search(r"[0-9.]+", answer)
    name = torch.cuda.get_device_name(device)
    return {"card": name, "driver": driver.group() if driver else "", "torch": torch.__version__}
