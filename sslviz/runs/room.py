"""When the system cannot write: which errors pass by themselves, and what to say of them."""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from sslviz.refusal import Refusal, Sentence, say

T = TypeVar("T")
HOLD_SECONDS = 1.0  # between two tries to write where there was no room
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
CLOSED = (errno.EROFS, errno.EACCES, errno.EPERM)
CROWDED = (errno.EMFILE, errno.ENFILE)
PASSING = (*FULL, *CLOSED, *CROWDED, errno.EIO)


def lasting(write: Callable[[], T], hold: Callable[[OSError], None] | None) -> T:
    """Does `write`, as often as it takes: `hold` waits after each error that may pass by itself."""
    while True:
        try:
            return write()
        except OSError as error:
            if hold is None or error.errno not in PASSING:
                raise
            hold(error)


class Spare:
    """A file kept open so that another can be opened where too many are: the run can still say so.

    One file at a time may be open while `lent` is.
    """

    def __init__(self) -> None:
        self._handle: int | None = None
        self._take()

    def _take(self) -> None:
        with suppress(OSError):
            self._handle = os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)

    @contextmanager
    def lent(self) -> Iterator[None]:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
        try:
            yield
        finally:
            self._take()


def trouble(error: OSError, folder: Path) -> Sentence:
    """One sentence on what cannot be written in `folder`, as far as the system tells."""
    place = os.fsdecode(os.fspath(folder)).encode("utf-8", "backslashreplace").decode()
    if error.errno in FULL:
        return say("The disk of {place} is full: free some space there.", place=place)
    if error.errno in CLOSED:
        return say("Nothing can be written in {place}: it is read-only here.", place=place)
    if error.errno in CROWDED:
        return say("Too many files are open on this machine.")
    reason = error.strerror or type(error).__name__
    return say("{place} cannot be used ({reason}).", place=place, reason=reason)


class CannotWrite(Refusal):
    """What was asked for needs a place in which nothing can be written."""

    def __init__(self, error: OSError, folder: Path) -> None:
        super().__init__(trouble(error, folder))


def full_now(folder: Path) -> Sentence | None:
    """What a silent worker may suffer from, seen from outside: no space left, or read-only."""
    try:
        facts = os.statvfs(folder)
    except OSError as error:
        return trouble(error, folder)
    if facts.f_flag & os.ST_RDONLY:
        return trouble(OSError(errno.EROFS, ""), folder)
    if facts.f_bavail * facts.f_frsize < 64 << 10:
        return trouble(OSError(errno.ENOSPC, ""), folder)
    return None
