"""This machine: as many workers as the queue has places, each a process."""

import os
import signal
from contextlib import suppress
from pathlib import Path

from sslviz.runs.lease import lease_of, started
from sslviz.runs.process import follow, start_process
from sslviz.runs.queue import places
from sslviz.sweeps.executors import command

NEEDS: tuple[str, ...] = ()


class Engine:
    """Workers are named `<pid>-<start time>`, which no later process has."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.names = folder, []

    def width(self) -> int:
        return places()

    def submit(self, job: str) -> str:
        words = [*command(self.folder, job), "--places"]
        process = start_process(words, self.folder / "workers.log")
        name = f"{process.pid}-{lease_of(process.pid, 1).start_time.replace(' ', '_')}"
        follow(process, lambda code: None)
        self.names.append(name)
        return name

    def poll(self, name: str) -> str:
        return "over" if _pid(name) is None else "running"

    def cancel(self, name: str) -> None:
        pid = _pid(name)
        if pid is not None:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)

    def list(self) -> list[str]:
        return [name for name in self.names if self.poll(name) != "over"]

    def close(self) -> None:
        return None


def _pid(name: str) -> int | None:
    """The process of that name, while it lives."""
    pid, _, start = name.partition("-")
    alive = pid.isdecimal() and started(int(pid)).replace(" ", "_") == start != ""
    return int(pid) if alive else None
