"""Starting and ending worker processes, one disposable process a run."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Thread

import sslviz
from sslviz.runs.lease import lease_of, read_lease, write_lease

WORKER = "sslviz.training.worker"
NICENESS = 5  # the app's server must answer while workers use every core


def spawn(folder: Path) -> None:
    """Starts a worker for `folder`; launch.json says who was started, so that the run reads as
    starting before it takes the lease."""
    folder = folder.absolute()
    announce(folder, start_process([WORKER, str(folder)], folder / "worker.log"))


def start_process(module: list[str], log: Path) -> int:
    """Starts `python -m <module and its arguments>` in a session of its own; returns its pid.

    It outlives this process, gives way to it, and appends what it prints to `log`.
    """
    package_home = str(Path(sslviz.__file__).parent.parent)
    paths = [package_home, os.environ.get("PYTHONPATH", "")]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(p for p in paths if p)}
    with log.open("ab") as printed:
        process = subprocess.Popen(
            [sys.executable, "-m", *module],
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=printed,
            start_new_session=True,
            env=environment,
        )
    nice = max(NICENESS, os.getpriority(os.PRIO_PROCESS, 0))
    os.setpriority(os.PRIO_PROCESS, process.pid, nice)
    Thread(target=process.wait, daemon=True).start()  # else it would stay behind as a zombie
    return process.pid


def announce(folder: Path, pid: int) -> None:
    """Notes that process `pid` is about to take the lease of `folder`."""
    held = read_lease(folder / "lease.json")
    write_lease(folder / "launch.json", lease_of(pid, (held.attempt if held else 0) + 1))


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
