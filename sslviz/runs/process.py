"""Starting and ending worker processes, one disposable process a run."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Thread
from time import sleep
from typing import IO

import sslviz
from sslviz.runs.ended import oom_kills, write_end
from sslviz.runs.lease import Lease, lease_of, read_lease, write_lease

WORKER = "sslviz.training.worker"
NICENESS = 5  # the app's server must answer while workers use every core
Process = subprocess.Popen[bytes]
Stream = int | IO[bytes]
_LOG = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC


def spawn(folder: Path, ended: Callable[[], object]) -> None:
    """Starts a worker for `folder`, as `hand_over`."""
    begun = partial(start_process, [WORKER, str(folder)], folder / "worker.log")
    hand_over(folder, begun, lambda process: None, ended)


def hand_over(
    folder: Path,
    begun: Callable[[], Process],
    order: Callable[[Process], None],
    ended: Callable[[], object],
) -> None:
    """Lets the process that `begun` returns train the run in `folder` once `order` has told it to.

    launch.json says who was started, so that the run reads as starting before it takes the lease.
    `ended` is called in a thread when the process has. Raises OSError, and then no process is left
    behind.
    """
    kills = oom_kills()
    process = begun()
    try:
        launched = announce(folder, process.pid)
        order(process)
    except OSError:
        process.kill()
        process.wait()
        raise

    def gone(code: int) -> None:
        write_end(folder, launched.attempt, code, kills)
        ended()

    follow(process, gone)


def start_process(module: list[str], log: Path) -> Process:
    """Starts `python -m <module and its arguments>` in a session of its own.

    It outlives this process, gives way to it, and appends what it prints to `log`. Raises OSError.
    """
    with open(open_log(log), "ab") as printed:
        return begin(module, subprocess.DEVNULL, printed, printed)


def open_log(path: Path) -> int:
    """A handle that appends to the log at `path`. Raises OSError."""
    return os.open(path, _LOG, 0o644)


def begin(module: list[str], stdin: Stream, stdout: Stream, stderr: Stream) -> Process:
    """`start_process` with any standard streams, as of subprocess.Popen."""
    process = subprocess.Popen(
        [sys.executable, "-m", *module],
        stdin=stdin,
        stdout=stdout,
        stderr=stderr,
        start_new_session=True,
        env=environment(),
    )
    _give_way(process.pid)
    return process


def _give_way(pid: int) -> None:
    """Has the session that `pid` leads give way to others. Linux may schedule sessions as groups
    ("autogroup"); nice values then count within each alone, and a group has one of its own."""
    with suppress(OSError):  # it may have ended already
        nice = max(NICENESS, os.getpriority(os.PRIO_PROCESS, 0))
        os.setpriority(os.PRIO_PROCESS, pid, nice)
        for _ in range(3):
            with suppress(BlockingIOError):  # one in a tenth of a second, unless one is root
                Path(f"/proc/{pid}/autogroup").write_text(str(nice))
                return
            sleep(0.1)


def environment() -> dict[str, str]:
    """The environment of processes that find this very sslviz."""
    paths = [str(Path(sslviz.__file__).parent.parent), os.environ.get("PYTHONPATH", "")]
    return os.environ | {"PYTHONPATH": os.pathsep.join(p for p in paths if p)}


def follow(process: Process, ended: Callable[[int], None]) -> None:
    """Calls `ended` with the exit code in a thread; else the process would stay a zombie."""
    Thread(target=lambda: ended(process.wait()), daemon=True).start()


def announce(folder: Path, pid: int) -> Lease:
    """Notes that process `pid` is about to take the lease of `folder`."""
    held = read_lease(folder / "lease.json")
    launched = lease_of(pid, (held.attempt if held else 0) + 1)
    write_lease(folder / "launch.json", launched)
    return launched


def trained_now(folder: Path) -> bool:
    """Whether a living process holds the lease of this run."""
    held = read_lease(folder / "lease.json")
    return held is not None and held.alive()


def busy(folder: Path) -> bool:
    """Whether a process trains this run or is about to."""
    held = read_lease(folder / "lease.json")
    if held and held.alive():
        return True
    launched = read_lease(folder / "launch.json")
    newer = launched is not None and launched.attempt > (held.attempt if held else 0)
    return newer and launched is not None and launched.alive()


def kill(folder: Path) -> None:
    """Ends the worker of `folder` at once, in training or starting; its checkpoint stays.

    Only a process whose start time and boot match is touched, and never the caller.
    """
    for name in ("lease.json", "launch.json"):
        known = read_lease(folder / name)
        if known and known.pid != os.getpid() and known.alive():
            os.kill(known.pid, signal.SIGKILL)
