"""Keeps workers going until a sweep has nothing left: `python -m sslviz.sweeps.conduct SWEEP`.

It trains nothing itself. Whenever it dies, resuming the sweep goes on from the folders.
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

from sslviz.refusal import Refusal, Sentence, read_sentence
from sslviz.runs.files import locked, read_json, write_json
from sslviz.runs.lease import lease_of, read_lease, write_lease
from sslviz.runs.process import follow, start_process
from sslviz.runs.room import CannotWrite
from sslviz.sweeps.claims import claimed, done, give_back, unclaimed
from sslviz.sweeps.executors import Executor, check_executor, open_executor
from sslviz.sweeps.folder import about_sweep, members, read_sweep
from sslviz.sweeps.sweep import unfold

EVERY = 0.5  # seconds between two looks
TROUBLE = "trouble.json"  # why it ended before its end
MOST_FRUITLESS = 2  # workers in a row that end before they have taken a run


def conduct(folder: Path, looked: Callable[[], None] = lambda: None) -> None:
    """Has a sweep trained to its end, or until it is told to stop; `looked` is called at each look.

    Raises Refusal where another process does so already, or its workers cannot work.
    """
    _take(folder)
    executor = open_executor(about_sweep(folder)["executor"], folder)
    try:
        _free_what_nobody_trains(folder, executor)
        _keep_going(folder, executor, looked)
    finally:
        executor.close()


def start_conducting(folder: Path) -> None:
    """Starts the process that conducts a sweep; it outlives this one. Raises Refusal."""
    check_executor(about_sweep(folder)["executor"])
    with locked(folder / "lock"):
        if conducted(folder):
            raise _already(folder)
        (folder / "stop").unlink(missing_ok=True)
        try:
            process = start_process(
                ["sslviz.sweeps.conduct", str(folder)], folder / "conductor.log"
            )
            write_lease(folder / "conductor.json", lease_of(process.pid, 1))
        except OSError as error:
            raise CannotWrite(error, folder) from error
    follow(process, lambda code: None)


def stop_sweep(folder: Path) -> None:
    """Asks all workers to end after their step, with a checkpoint. Raises Refusal."""
    if not conducted(folder):
        raise Refusal("The sweep {sweep} is not under way.", sweep=folder.name)
    (folder / "stop").touch()


def conducted(folder: Path) -> bool:
    """Whether a living process on this machine conducts the sweep."""
    lease = read_lease(folder / "conductor.json")
    return lease is not None and lease.alive()


def trouble_of(folder: Path) -> Sentence | None:
    """Why the last process that conducted the sweep gave up, if it did."""
    with suppress(Refusal):
        return read_sentence(read_json(folder / TROUBLE).get("error"))
    return None


def _take(folder: Path) -> None:
    with locked(folder / "lock"):
        lease = read_lease(folder / "conductor.json")
        if lease and lease.alive() and lease.pid != os.getpid():
            raise _already(folder)
        for name in ("stop", TROUBLE):
            (folder / name).unlink(missing_ok=True)
        write_lease(folder / "conductor.json", lease_of(os.getpid(), 1))


def _already(folder: Path) -> Refusal:
    return Refusal("The sweep {sweep} is under way already.", sweep=folder.name)


def _free_what_nobody_trains(folder: Path, executor: Executor) -> None:
    """Gives back the claims of workers that are over, and so those of runs that failed before."""
    sweep, known = read_sweep(folder), members(folder)
    for index, job in claimed(folder).items():
        if not _lives(folder, job, executor) and not done(sweep, known.get(index)):
            give_back(folder, index)


def _lives(folder: Path, job: str, executor: Executor) -> bool:
    try:
        name = read_json(folder / "jobs" / f"{job}.json").get("name")
    except Refusal:
        return False
    return isinstance(name, str) and executor.poll(name) != "over"


def _keep_going(folder: Path, executor: Executor, looked: Callable[[], None]) -> None:
    sweep = read_sweep(folder)
    every = unfold(sweep)
    fruitless = 0
    jobs: dict[str, str] = {}  # job -> the engine's name for it
    while True:
        looked()
        stopping = (folder / "stop").exists()
        for job, name in list(jobs.items()):
            state = executor.poll(name)
            if state == "over":
                del jobs[job]
                fruitless = 0 if job in claimed(folder).values() else fruitless + 1
            elif stopping and state == "waiting":
                executor.cancel(name)
        left = [] if stopping else unclaimed(folder, sweep, every)
        others = {*claimed(folder).values()} - {*jobs}
        working = {*jobs} | {job for job in others if _lives(folder, job, executor)}
        if not left and not working:
            return
        if fruitless >= MOST_FRUITLESS:
            raise Refusal(
                "The workers of this sweep end before they train anything; {log} says more.",
                log=str(folder / "workers.log"),
            )
        for _ in range(min(executor.width(), len(left) + len(working)) - len(working)):
            job = f"{time.time_ns()}-{token_hex(3)}"
            jobs[job] = executor.submit(job)
            write_json(folder / "jobs" / f"{job}.json", {"name": jobs[job]}, sync=False)
        time.sleep(EVERY)


def main(folder: Path) -> int:
    signal.signal(signal.SIGTERM, lambda *_: (folder / "stop").touch())
    try:
        conduct(folder)
    except Refusal as refusal:
        with suppress(OSError):
            write_json(folder / TROUBLE, {"error": refusal.sentence})
        print(refusal, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).absolute()))
