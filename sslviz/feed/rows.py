"""The rows of a run's metrics, parsed once for all viewers."""

import os
from pathlib import Path
from threading import Lock
from typing import Any

from sslviz.refusal import Refusal
from sslviz.runs.files import MOST_LINES, open_plain
from sslviz.runs.lines import parse_lines
from sslviz.runs.read import extend

MOST_ROWS = 2000


class MetricsTail:
    """The rows of a metrics file that grows, parsed once for all viewers."""

    def __init__(self, path: Path) -> None:
        self.path, self.lock = path, Lock()
        self.file_id = self.offset = 0
        self.rows: list[dict[str, Any]] = []
        self.damaged = 0

    def read(self) -> list[dict[str, Any]]:
        """All rows so far, one a step; starts over when the file has been replaced or cut.

        `damaged` counts the lines that were no rows. Raises Refusal where the file is too large, a
        link or no file.
        """
        with self.lock:
            try:
                self._take_news()
            except Refusal as refusal:
                if not isinstance(refusal.__cause__, FileNotFoundError):
                    raise
                self.rows, self.damaged = [], 0
            return list(self.rows)

    def _take_news(self) -> None:
        with open_plain(self.path, MOST_LINES) as file:
            facts = os.fstat(file.fileno())
            if facts.st_ino != self.file_id or facts.st_size < self.offset:
                self.file_id, self.offset, self.rows, self.damaged = facts.st_ino, 0, [], 0
            file.seek(self.offset)
            data = file.read(MOST_LINES)
        whole = data[: data.rfind(b"\n") + 1]
        self.offset += len(whole)
        rows, damaged = parse_lines(whole)
        self.damaged += damaged
        extend(self.rows, rows)


def thinned(rows: list[dict[str, Any]], most: int = MOST_ROWS) -> list[dict[str, Any]]:
    """At most `most` rows, evenly spread, with the last one; snapshot rows are always kept."""
    plain = [i for i, row in enumerate(rows) if not row.get("snapshot")]
    if len(rows) <= most:
        return rows
    places = max(1, most - (len(rows) - len(plain)))
    kept = {plain[(k + 1) * len(plain) // places - 1] for k in range(min(places, len(plain)))}
    return [row for i, row in enumerate(rows) if row.get("snapshot") or i in kept]
