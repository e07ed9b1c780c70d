"""Whether somebody watches a run: a file that the feed touches and the worker looks at.

Watching buys glances and denser snapshots; training itself never depends on it.
"""

import os
import time
from contextlib import suppress
from pathlib import Path

WATCHED = "watched"
TOUCH_SECONDS = 1.0  # a page asks more often; once a second is enough
FRESH_SECONDS = 4.0  # longer than a page that is still there takes to ask again
CHECK_SECONDS = 0.5
AHEAD_SECONDS = 1.0  # of this clock a touch may be, not more: a file from tomorrow never grows old


def note_watched(folder: Path) -> None:
    """Says that somebody looks at the run now. Where that cannot be written, nobody is told."""
    path = folder / WATCHED
    if 0 <= _age(path) < TOUCH_SECONDS:
        return
    with suppress(OSError):
        try:
            os.utime(path, follow_symlinks=False)
        except FileNotFoundError:
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
            os.close(os.open(path, flags, 0o644))


def _age(path: Path) -> float:
    """Seconds since the last touch; infinite where there was none."""
    try:
        return time.time() - os.lstat(path).st_mtime
    except OSError:
        return float("inf")


class Watched:
    """Whether `folder` is watched, asked of the disk at most every CHECK_SECONDS."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / WATCHED
        self.checked = float("-inf")
        self.answer = False

    def __bool__(self) -> bool:
        now = time.monotonic()
        if now - self.checked >= CHECK_SECONDS:
            self.checked = now
            self.answer = -AHEAD_SECONDS <= _age(self.path) < FRESH_SECONDS
        return self.answer
