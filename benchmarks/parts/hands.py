"""Processes side by side, each of which does one job after the other."""

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from queue import Empty, Queue, SimpleQueue
from threading import Event, Timer
from time import monotonic
from types import TracebackType
from typing import Any

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "benchmarks.classics", "--work"]


class Hands:
    """`places` processes until `end` (monotonic seconds), when they are stopped wherever they are.

    A process that dies costs the job it had: that is answered with an error, and a new process goes
    on with the next.
    """

    def __init__(self, places: int, end: float) -> None:
        self.places, self.end = places, end
        self.over = Event()
        self.processes: set[subprocess.Popen[str]] = set()
        self.jobs: Queue[dict[str, Any]] = Queue()
        self.answers: SimpleQueue[dict[str, Any] | None] = SimpleQueue()

    def __enter__(self) -> "Hands":
        self.clock = Timer(max(0.0, self.end - monotonic()), self.stop)
        self.clock.daemon = True
        self.clock.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        self.clock.cancel()
        self.over.set()
        for process in list(self.processes):
            with suppress(OSError):
                process.kill()

    def results(self, jobs: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """The answer to each job as it comes; fewer than there are jobs where time ran out."""
        for job in jobs:
            self.jobs.put(job)
        with ThreadPoolExecutor(self.places) as pool:
            for _ in range(self.places):
                pool.submit(self._hand)
            working = self.places
            try:
                while working:
                    answer = self.answers.get()
                    if answer is None:
                        working -= 1
                    else:
                        yield answer
            finally:
                self.stop()

    def _hand(self) -> None:
        """Keeps one process at work."""
        process: subprocess.Popen[str] | None = None
        try:
            while not self.over.is_set():
                job = self.jobs.get_nowait()
                if process is None or process.poll() is not None:
                    process = self._started()
                answer = self._asked(process, job)
                if answer is not None:
                    self.answers.put(answer)
        except Empty:
            pass
        finally:
            if process is not None:
                process.kill()
                process.wait()
            self.answers.put(None)

    def _started(self) -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        process = subprocess.Popen(COMMAND, stdin=pipe, stdout=pipe, text=True, cwd=ROOT)
        self.processes.add(process)
        if self.over.is_set():
            process.kill()
        return process

    def _asked(self, process: subprocess.Popen[str], job: dict[str, Any]) -> dict[str, Any] | None:
        """The process's answer, or an error in its place; None where it was stopped on purpose."""
        assert process.stdin and process.stdout
        line = ""
        with suppress(OSError):
            process.stdin.write(json.dumps(job) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
        if line.endswith("\n"):
            return json.loads(line)
        if self.over.is_set():
            return None
        code = process.wait()
        return {
            "settings": job["settings"],
            "seed": job["seed"],
            "error": f"Its process ended ({code}).",
        }
