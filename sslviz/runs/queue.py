"""Which runs may train now: at most SSLVIZ_MAX_RUNS at once, the others wait in order.

SSLVIZ_MAX_RUNS is a whole number from 1 to MOST_PLACES; anything else is as if it were not set.

A ticket is a file `<root>/.queue/<number>_<run id>`; numbers ascend, whatever the clock says. It is
empty, or holds the lease of a process in somebody's terminal that waits to train the run itself.
There is no daemon: whoever reads the runs, and every worker that ends (or who started it), calls
`advance`, which is cheap while nobody waits.
"""

import os
import re
import subprocess
from contextlib import suppress
from functools import cache
from pathlib import Path

from sslviz.runs.files import locked, write_json
from sslviz.runs.lease import lease_of, read_lease
from sslviz.runs.process import announce, busy
from sslviz.runs.warm import spawn

TICKET = re.compile(r"([0-9]{1,24})_([A-Za-z0-9][A-Za-z0-9._-]{0,119})")
MOST_TICKETS = 10_000
FEWEST, MOST, MOST_PLACES = 2, 8, 1000
GIGABYTES = 8  # of a CUDA device for one run: a ResNet-18 at batch 512, with room to spare


def places() -> int:
    """How many runs may train at once on this machine: SSLVIZ_MAX_RUNS, else FEWEST, or as many as
    a CUDA device has room for."""
    words = os.environ.get("SSLVIZ_MAX_RUNS", "").strip()
    asked = int(words) if re.fullmatch("[0-9]{1,9}", words) else 0
    if 1 <= asked <= MOST_PLACES:
        return asked
    return max(FEWEST, min(cuda_gigabytes() // GIGABYTES, os.cpu_count() or 1, MOST))


@cache
def cuda_gigabytes() -> int:
    """Memory of the first CUDA device, 0 where there is none; asked once, without torch."""
    ask = ["nvidia-smi", "--query-gpu=memory.total", "--format=csv,noheader,nounits"]
    try:
        answer = subprocess.run(ask, capture_output=True, text=True, timeout=10, check=True).stdout
        return int(answer.split()[0]) // 1024
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        return 0


def waiting(root: Path) -> list[str]:
    """Ids of the runs that wait for a free place, first come first."""
    return [ticket.name.partition("_")[2] for ticket in _tickets(root)]


def _tickets(root: Path) -> list[Path]:
    line = root / ".queue"
    try:
        names = [name for name in os.listdir(line) if TICKET.fullmatch(name)]
    except OSError:
        return []
    names.sort(key=lambda name: int(name.partition("_")[0]))
    return [line / name for name in names[:MOST_TICKETS]]


def join(folder: Path, pid: int = 0) -> None:
    """Puts a run at the end of the line, once; `pid`: the process that will train it itself."""
    root = folder.parent
    with locked(root / ".queue" / "lock"):
        line = _tickets(root)
        if all(ticket.name.partition("_")[2] != folder.name for ticket in line):
            last = max((int(ticket.name.partition("_")[0]) for ticket in line), default=0)
            ticket = root / ".queue" / f"{last + 1:020d}_{folder.name}"
            if pid:
                write_json(ticket, vars(lease_of(pid, 1)), sync=False)
            else:
                ticket.touch()


def leave(folder: Path) -> None:
    """Takes a run out of the line, if it stands there."""
    for ticket in _tickets(folder.parent):
        if ticket.name.partition("_")[2] == folder.name:
            with suppress(OSError):
                ticket.unlink()


def advance(root: Path, wait: bool = False) -> dict[str, OSError]:
    """Starts waiting runs while there are free places; returns at once where nobody waits.

    Safe from many processes at once: one of them does the work, and with `wait` the others queue
    up behind it instead of passing on. Returns why a run could not be started; it keeps its place.
    """
    if not _tickets(root):
        return {}
    try:
        with locked(root / ".queue" / "lock", wait) as mine:
            return _advance(root) if mine else {}
    except OSError as error:
        return dict.fromkeys(waiting(root), error)


def _advance(root: Path) -> dict[str, OSError]:
    failed: dict[str, OSError] = {}
    free = places() - sum(busy(folder) for folder in root.iterdir() if folder.is_dir())
    for ticket in _tickets(root):
        folder = root / ticket.name.partition("_")[2]
        try:
            if not (folder / "config.json").exists():
                ticket.unlink()
            elif free > 0:
                free -= _begin(folder, ticket)
        except OSError as error:
            failed[folder.name] = error
    return failed


def _begin(folder: Path, ticket: Path) -> bool:
    """Gives a run its place; False where the process that waited for it is gone."""
    alone = ticket.stat().st_size == 0
    waits = read_lease(ticket)
    if alone:
        spawn(folder, lambda: advance(folder.parent))
    elif waits and waits.alive():
        announce(folder, waits.pid)
    ticket.unlink()
    return alone or (waits is not None and waits.alive())
