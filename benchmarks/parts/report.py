"""Parts that are measured one after the other, each guarded, all of them before a deadline."""

import json
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path
from statistics import median
from time import monotonic, perf_counter
from typing import Any

import torch


@dataclass(frozen=True)
class Asked:
    """What is measured: on `device`, until `ends` (monotonic seconds); `toy`: at the least size."""

    device: torch.device
    ends: float
    toy: bool = False
    images: Path | None = None
    part_ends: float = inf

    def left(self) -> float:
        """Seconds until the deadline."""
        return self.ends - monotonic()

    def tight(self) -> bool:
        """Whether this part has had its share of the time: what is measured ends early."""
        return monotonic() > min(self.part_ends, self.ends)

    def sized(self, real: int, toy: int) -> int:
        return toy if self.toy else real


Part = Callable[[Asked], Mapping[str, Any]]

LEAST_SECONDS = 3.0  # with less left, a part is not begun


def measure(parts: Mapping[str, Part], asked: Asked, out: Path, facts: Mapping[str, Any]) -> dict:
    """Runs the parts, prints and keeps what each found: `<out>/results.json`, renewed after each.

    A part that raises is written down with the last line of its error, and the next one runs.
    """
    out.mkdir(parents=True, exist_ok=True)
    results: dict[str, Any] = {"facts": dict(facts)}
    for k, (name, part) in enumerate(parts.items()):
        if asked.left() < LEAST_SECONDS:
            results[name] = {"skipped": "no time was left"}
        else:
            began = monotonic()
            try:
                share = asked.left() / (len(parts) - k)
                results[name] = dict(part(replace(asked, part_ends=began + 1.5 * share)))
            except Exception as error:
                lines = str(error).strip().splitlines() or [""]
                results[name] = {"error": f"{type(error).__name__}: {lines[-1][:300]}"}
            results[name]["seconds"] = round(monotonic() - began, 1)
        print(f"{name}: {json.dumps(results[name])}", flush=True)
        (out / "results.json").write_text(json.dumps(results, indent=1))
    return results


def end_for_certain(seconds: float) -> None:
    """Ends the process after `seconds`, also where a library hangs; what was kept stays."""
    timer = threading.Timer(seconds, os._exit, (3,))
    timer.daemon = True
    timer.start()


def settled(device: torch.device) -> None:
    """Waits until the device has done all it was given."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def seconds_each(make: Callable[[], object], asked: Asked, rounds: int) -> float:
    """Median seconds of one call, after one to warm up; each waits for the device. Fewer rounds
    where time is short."""
    taken: list[float] = []
    while len(taken) < 2 or (len(taken) <= rounds and not asked.tight()):
        settled(asked.device)
        began = perf_counter()
        make()
        settled(asked.device)
        taken.append(perf_counter() - began)
    return median(taken[1:])


def seconds_in_a_row(make: Callable[[], object], asked: Asked, count: int) -> float:
    """Mean seconds of a call among `count` that do not wait for each other; fewer where time is
    short."""
    settled(asked.device)
    began, made = perf_counter(), 0
    while made < 1 or (made < count and not asked.tight()):
        make()
        made += 1
    settled(asked.device)
    return (perf_counter() - began) / made
