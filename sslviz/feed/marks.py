"""Whether a run's files have changed since they were read: what 304 and caches go by."""

from pathlib import Path

from sslviz.runs.aside import PICTURES

MARKED = ("metrics.jsonl", "events.jsonl", *PICTURES, "aside", "aside/metrics.jsonl")
Marks = tuple[tuple[int, int], ...]


def marks_of(folder: Path) -> Marks:
    """The marks of all that a feed tells, but for the status."""
    return tuple(mark(folder / name) for name in MARKED)


def mark(path: Path) -> tuple[int, int]:
    """Time and size of a file: another pair means other contents."""
    try:
        stat = path.stat()
    except OSError:
        return 0, 0
    return stat.st_mtime_ns, stat.st_size
