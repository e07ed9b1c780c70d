"""Starting and ending worker processes, one disposable process a run."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Thread

import sslviz
from sslviz.runs.ended import oom_kills, write_end
from sslviz.runs.lease import Lease, lease_of, read_lease, write_lease

WORKER = "sslviz.training.worker"
NICENESS = 5  # the app's server must answer while workers use every core
LOG = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC


def spawn(folder: Path) -> None:
    """Starts a worker for `folder` in a session of its own; it outlives this process.

    launch.json says who was started, so that the run reads as starting before it takes the lease.
    Raises OSError, and then no process is left behind.
    """
    folder = folder.absolute()
    package_home = str(Path(sslviz.__file__).parent.parent)
    paths = [package_home, os.environ.get("PYTHONPATH", "")]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(p for p in paths if p)}
    kills = oom_kills()
    with open(os.open(folder / "worker.log", LOG, 0o644), "ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", WORKER, str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            env=environment,
        )
    try:
        launched = announce(folder, process.pid)
    except OSError:
        process.kill()
        process.wait()
        raise
    with suppress(OSError):  # it may have ended already
        nice = max(NICENESS, os.getpriority(os.PRIO_PROCESS, 0))
        os.setpriority(os.PRIO_PROCESS, process.pid, nice)
    follow = (folder, process, launched.attempt, kills)
    Thread(target=write_end, args=follow, daemon=True).start()  # else it would stay a zombie


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
