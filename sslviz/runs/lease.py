"""Who is training a run: a process that cannot be mistaken for another, and an attempt number."""

import os
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sslviz.refusal import Refusal
from sslviz.runs.files import locked, read_json, write_json

MOST_ATTEMPTS = 10**9  # a larger number is damage


class StaleWorker(RuntimeError):
    """Another worker has taken over this run: this one must not write any more."""


@dataclass(frozen=True)
class Lease:
    """`attempt` counts this run's workers from 1. A pid alone may be reused by a stranger."""

    pid: int
    start_time: str
    boot_id: str
    attempt: int

    def alive(self) -> bool:
        """Whether this very process, not merely one with its number, runs on this machine now."""
        return (
            self.pid > 0
            and self.boot_id == boot_id()
            and started(self.pid) == self.start_time != ""
        )


def lease_of(pid: int, attempt: int) -> Lease:
    return Lease(pid, started(pid), boot_id(), attempt)


def started(pid: int) -> str:
    """When process `pid` started, in ticks since boot; empty where there is none (or a zombie)."""
    if not Path("/proc/self/stat").exists():
        done = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True)
        return done.stdout.decode().strip()
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return ""
    after_name = stat.rpartition(")")[2].split()
    return "" if after_name[0] in "ZX" else after_name[19]


@cache
def boot_id() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""


def read_lease(path: Path) -> Lease | None:
    """The lease in a file, or None where it is missing or damaged."""
    try:
        return lease_from(read_json(path))
    except Refusal:
        return None


def held_lease(folder: Path) -> Lease | None:
    """The lease of a run for one who is about to write: raises OSError where it cannot be read at
    present, which must not be taken for a run that nobody holds."""
    try:
        return lease_from(read_json(folder / "lease.json"))
    except Refusal as refusal:
        cause = refusal.__cause__
        if isinstance(cause, OSError) and not isinstance(
            cause, FileNotFoundError | NotADirectoryError
        ):
            raise cause from None
        return None


def lease_from(values: Any) -> Lease | None:
    """The lease in a JSON table; None for anything else."""
    if not isinstance(values, Mapping):
        return None
    pid, start, boot, attempt = (values.get(k) for k in ("pid", "start_time", "boot_id", "attempt"))
    if type(pid) is not int or type(attempt) is not int or not 0 <= attempt <= MOST_ATTEMPTS:
        return None
    if not isinstance(start, str) or not isinstance(boot, str):
        return None
    return Lease(pid, start, boot, attempt)


def write_lease(path: Path, lease: Lease) -> None:
    write_json(path, asdict(lease))


def acquire(folder: Path) -> Lease:
    """Makes this process the one writer of `folder`; Refusal while another lives."""
    with locked(folder / "lease.lock"):
        held = held_lease(folder)
        if held and held.alive() and held.pid != os.getpid():
            raise Refusal(
                "The run {run} is being trained by process {pid} already; stop that one first.",
                run=folder.name,
                pid=held.pid,
            )
        lease = lease_of(os.getpid(), _last_attempt(folder, held) + 1)
        write_lease(folder / "lease.json", lease)
    return lease


def _last_attempt(folder: Path, held: Lease | None) -> int:
    try:
        noted = read_json(folder / "status.json").get("attempt")
    except Refusal:
        noted = 0
    counted = noted if isinstance(noted, int) and noted <= MOST_ATTEMPTS else 0
    return max(held.attempt if held else 0, counted)


def release(folder: Path, lease: Lease) -> None:
    """Gives the run up but keeps the attempt number, so that an older worker stays refused.

    A run that was deleted meanwhile stays deleted.
    """
    with suppress(FileNotFoundError), locked(folder / "lease.lock", create=False):
        if read_lease(folder / "lease.json") == lease:
            write_lease(folder / "lease.json", Lease(0, "", lease.boot_id, lease.attempt))
