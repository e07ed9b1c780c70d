"""Which runs may train now: at most SSLVIZ_MAX_RUNS at once, the others wait in order.

A ticket is an empty file `<root>/.queue/<time_ns>_<run id>`; there is no daemon: whoever reads the
runs, and every worker that ends, calls `advance`, which is cheap while nobody waits.
"""

import os
import time
from pathlib import Path

from sslviz.runs.files import locked
from sslviz.runs.process import busy, spawn
from sslviz.runs.status import waiting


def places() -> int:
    """How many runs may train at once on this machine."""
    words = os.environ.get("SSLVIZ_MAX_RUNS", "")
    return max(1, int(words)) if words.isdigit() else 2


def join(folder: Path) -> None:
    """Puts a run at the end of the line, once."""
    if folder.name not in waiting(folder.parent):
        line = folder.parent / ".queue"
        line.mkdir(exist_ok=True)
        (line / f"{time.time_ns():020d}_{folder.name}").touch()


def leave(folder: Path) -> None:
    for ticket in (folder.parent / ".queue").glob(f"[0-9]*_{folder.name}"):
        ticket.unlink(missing_ok=True)


def advance(root: Path, wait: bool = False) -> None:
    """Starts waiting runs while there are free places; returns at once where nobody waits.

    Safe from many processes at once: one of them does the work, and with `wait` the others queue
    up behind it instead of passing on.
    """
    if not waiting(root):
        return
    with locked(root / ".queue" / "lock", wait) as mine:
        if not mine:
            return
        line = waiting(root)
        free = places() - sum(busy(folder) for folder in root.iterdir() if folder.is_dir())
        for run in line:
            folder = root / run
            if not (folder / "config.json").exists():
                leave(folder)
            elif free > 0:
                spawn(folder)
                leave(folder)
                free -= 1
