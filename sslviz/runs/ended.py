"""How a worker process ended, written down by whoever started it: exit.json of a run."""

import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any

from sslviz.refusal import Refusal, Sentence, say
from sslviz.runs.files import open_plain, read_json, write_json

MOST_LOG = 1 << 40  # only its end is read


def write_end(folder: Path, attempt: int, code: int, kills: int) -> None:
    """Notes that a signal ended the worker, which could not write that down itself.

    `code`: its exit code; `kills`: `oom_kills()` before it started. A run deleted meanwhile stays
    deleted.
    """
    if code < 0:
        facts = {"attempt": attempt, "signal": -code, "memory": oom_kills() > kills}
        with suppress(OSError):
            write_json(folder / "exit.json", facts, sync=False)


def read_end(folder: Path, attempt: int) -> Sentence | None:
    """Why the worker of that attempt is gone, where it was ended by a signal; else None."""
    try:
        facts = read_json(folder / "exit.json")
    except Refusal:
        return None
    number = facts.get("signal")
    if facts.get("attempt") != attempt or type(number) is not int:
        return None
    if number == signal.SIGKILL and facts.get("memory") is True:
        return say(
            "The machine ran out of memory, and the system ended the training process. Try a "
            "smaller batch size or backbone."
        )
    if number == signal.SIGKILL:
        return say("The training process was ended from outside (killed).")
    return say("The training process was ended by the signal {name}.", name=_name(number))


def _name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)


def last_words(folder: Path) -> Sentence:
    """Why a worker ended before it could say so itself: the last line of its log."""
    try:
        with open_plain(folder / "worker.log", MOST_LOG) as log:
            log.seek(max(0, log.seek(0, os.SEEK_END) - 4096))
            lines = log.read(4096).decode(errors="replace").split("\n")
    except (Refusal, OSError):
        lines = []
    last = next((line.strip() for line in reversed(lines) if line.strip()), "")
    return say(
        "The worker ended before training began: {last}",
        last=last or say("it left no message"),
    )


def oom_kills() -> int:
    """How many processes the kernel has ended for want of memory: in this control group, where it
    counts them, else on this machine; 0 where nobody tells."""
    counters = [*_group_files(), Path("/proc/vmstat")]
    for path in counters:
        count = _counted(path)
        if count is not None:
            return count
    return 0


def _group_files() -> list[Path]:
    try:
        lines = Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    found = []
    for _, kinds, own in (line.split(":", 2) for line in lines if line.count(":") >= 2):
        group = own.lstrip("/")
        if not kinds:
            found.append(Path("/sys/fs/cgroup", group, "memory.events"))
        elif "memory" in kinds.split(","):
            root = Path("/sys/fs/cgroup/memory")
            found += [root / group / "memory.oom_control", root / "memory.oom_control"]
    return found


def _counted(path: Path) -> int | None:
    try:
        rows: list[Any] = [line.split() for line in path.read_text(encoding="utf-8").splitlines()]
    except OSError:
        return None
    counts = (row[1] for row in rows if row[:1] == ["oom_kill"] and len(row) == 2)
    return next((int(count) for count in counts if count.isdecimal()), None)
