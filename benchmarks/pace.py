"""How fast a run trains: steps a second of the clock, and processor time a step."""

import os
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sslviz.config import RunConfig
from sslviz.runs import launch
from sslviz.runs.lease import held_lease
from sslviz.runs.states import STATES
from sslviz.runs.status import read_status
from sslviz.runs.watched import note_watched


@dataclass(frozen=True)
class Mark:
    """Where a run is: its step, the clock, and the processor time of its worker (seconds)."""

    step: int
    clock: float
    processor: float


def mark(folder: Path) -> Mark:
    lease = held_lease(folder)
    if lease is None:
        raise ProcessLookupError
    fields = Path(f"/proc/{lease.pid}/stat").read_text().rpartition(")")[2].split()
    ticks = int(fields[11]) + int(fields[12])
    return Mark(read_status(folder)["step"], time.monotonic(), ticks / os.sysconf("SC_CLK_TCK"))


@dataclass(frozen=True)
class Pace:
    """Steps a second of the clock, and seconds of processor time a step."""

    speed: float
    processor: float


def pace(first: Mark, last: Mark) -> Pace:
    steps = last.step - first.step
    return Pace(steps / (last.clock - first.clock), (last.processor - first.processor) / steps)


def alone(config: RunConfig, runs: Path, watched: bool) -> Pace:
    """How fast a whole run is without any page, `watched` or not."""
    folder = launch.start(config, runs)
    marks: list[Mark] = []
    while not STATES[read_status(folder)["state"]].over:
        if watched:
            note_watched(folder)
        with suppress(OSError):  # its process has just ended
            if read_status(folder)["step"] > 0:
                marks.append(mark(folder))
        time.sleep(0.1)
    status = read_status(folder)
    if status["state"] != "finished":
        raise RuntimeError(f"{folder.name} is {status['state']}: {status['error']}")
    return pace(marks[0], marks[-1])


def ended(folder: Path) -> None:
    if STATES[read_status(folder)["state"]].can_stop:
        launch.stop(folder)
    while not STATES[read_status(folder)["state"]].over:
        time.sleep(0.1)
