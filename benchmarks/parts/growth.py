"""What looking costs, and how time and memory grow with everything that can be made larger."""

import gc
import os
import tempfile
import urllib.request
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from benchmarks.parts.report import Asked, seconds_each
from benchmarks.parts.sessions import session_of, step
from sslviz.config import RunConfig
from sslviz.runs.store import create_run, list_runs, read_metrics
from sslviz.training.session import Session


def looks(asked: Asked) -> Mapping[str, Any]:
    """Milliseconds of a snapshot of 1,000 probes, of a glance, and of a step beside them."""
    session = session_of(
        asked.device, 1024, probes=asked.sized(1000, 64), batch_size=asked.sized(256, 16)
    )
    rounds, observer = asked.sized(4, 1), session.observer
    ways = {
        "step": lambda: step(session),
        "snapshot": lambda: observer.snapshot(session.method, session.step),
    }
    found = {name: _ms(asked, make, rounds) for name, make in ways.items()}
    if find_spec("sslviz.training.glance"):
        from sslviz.training.glance import Glances  # type: ignore[import-not-found]

        eyes = Glances(observer)
        found["glance"] = _ms(asked, lambda: eyes.take(session.method, session.step), rounds)
    return {f"{name}_ms": value for name, value in found.items()}


def viewers(asked: Asked) -> Mapping[str, Any]:
    """Milliseconds until the app's server answers a feed, when 1, 10 and 30 pages ask at once."""
    from benchmarks.canvas import server
    from benchmarks.made_run import MadeRun

    found = {}
    with tempfile.TemporaryDirectory() as place:
        made = MadeRun(Path(place) / "runs", points=asked.sized(1000, 50))
        for at in range(0, 100, 10):
            made.snapshot(at)
        with server(Path(place), Path(place) / "runs") as address:
            url = f"{address}/sslviz/runs/{made.folder.name}/feed"
            for pages in (1, 10, 30)[: asked.sized(3, 2)]:
                with ThreadPoolExecutor(pages) as pool:
                    taken = sorted(pool.map(lambda _: _answer(url), range(10 * pages)))
                last = taken[int(0.95 * (len(taken) - 1))]
                row = {"median_ms": median(taken), "p95_ms": last}
                found[f"{pages} pages"] = {k: round(1000 * v, 1) for k, v in row.items()}
        made.writer.release()
    return found


def _answer(url: str) -> float:
    began = perf_counter()
    with urllib.request.urlopen(url, timeout=30) as answer:
        answer.read()
    return perf_counter() - began


def training(asked: Asked) -> Mapping[str, Any]:
    """Milliseconds of a step and megabytes of the process, one thing larger at a time."""
    ways: dict[str, tuple[dict[str, Any], ...]] = {
        "batch": ({"batch_size": 64}, {"batch_size": 256}, {"batch_size": 1024}),
        "side": ({"side": 32}, {"side": 64}, {"side": 96}),
        "images": ({"n": 1024}, {"n": 16384}),
        "width": ({"method.projector_width": 256}, {"method.projector_width": 2048}),
    }
    found: dict[str, Any] = {}
    for rows in ways.values():
        for own in rows[: asked.sized(len(rows), 1)]:
            all_of_it = {"n": 1024, "probes": 64, "batch_size": 64} | own
            if asked.toy:
                all_of_it |= {"n": 64, "batch_size": 16}
            session = session_of(asked.device, **all_of_it)
            name = ", ".join(f"{key} {value}" for key, value in own.items())
            found[name] = {"step_ms": _ms(asked, lambda s=session: step(s), asked.sized(3, 1))}
            found[name]["megabytes"] = _megabytes()
            del session
            gc.collect()
    return found


def probes(asked: Asked) -> Mapping[str, Any]:
    """Milliseconds of a snapshot by the number of probe images that are held out."""
    found = {}
    for number in (100, 300, 1000, 3000, 10_000)[: asked.sized(5, 1)]:
        session = session_of(asked.device, 256, probes=number, batch_size=64)
        found[f"{number} probes"] = {"snapshot_ms": _ms(asked, lambda s=session: _look(s), 3)}
    return found


def _look(session: Session) -> None:
    session.observer.snapshot(session.method, session.step)


def folders(asked: Asked) -> Mapping[str, Any]:
    """Seconds to list many runs, first and again; to read the metrics of a long one."""
    found = {}
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        for number in (100, 1000)[: asked.sized(2, 1)]:
            while sum(1 for _ in root.iterdir()) < asked.sized(number, 5):
                create_run(RunConfig(), root, "many")
            times = [_seconds(lambda: list_runs(root)) for _ in range(2)]
            found[f"{number} runs"] = {"first": round(times[0], 3), "again": round(times[1], 3)}
        folder = next(path for path in root.iterdir() if path.is_dir())
        rows = asked.sized(100_000, 100)
        lines = (f'{{"step": {k}, "loss": 1.5, "lr": 0.002}}\n' for k in range(rows))
        (folder / "metrics.jsonl").write_text("".join(lines))
        found[f"{rows} rows"] = {"read": round(_seconds(lambda: read_metrics(folder)), 3)}
    return found


def _seconds(make: Any) -> float:
    began = perf_counter()
    make()
    return perf_counter() - began


def _ms(asked: Asked, make: Any, rounds: int) -> float:
    return round(1000 * seconds_each(make, asked, rounds), 1)


def _megabytes() -> int:
    """Memory this process holds, where the system tells it."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") // 2**20
