"""The rows of a run's metrics, parsed once for all viewers."""

from pathlib import Path
from threading import Lock
from typing import Any

from sslviz.runs.files import parse_lines
from sslviz.runs.read import extend

MOST_ROWS = 2000


class MetricsTail:
    """The rows of a metrics file that grows, parsed once for all viewers."""

    def __init__(self, path: Path) -> None:
        self.path, self.lock = path, Lock()
        self.file_id = self.offset = 0
        self.rows: list[dict[str, Any]] = []

    def read(self) -> list[dict[str, Any]]:
        """All rows so far, one a step; starts over when the file has been replaced or cut."""
        with self.lock:
            try:
                self._take_news()
            except FileNotFoundError:
                self.rows = []
            return list(self.rows)

    def _take_news(self) -> None:
        with self.path.open("rb") as file:
            stat = self.path.stat()
            if stat.st_ino != self.file_id or stat.st_size < self.offset:
                self.file_id, self.offset, self.rows = stat.st_ino, 0, []
            file.seek(self.offset)
            data = file.read()
        whole = data[: data.rfind(b"\n") + 1]
        self.offset += len(whole)
        extend(self.rows, parse_lines(whole))


def thinned(rows: list[dict[str, Any]], most: int = MOST_ROWS) -> list[dict[str, Any]]:
    """At most `most` rows, evenly spread, with the last one; snapshot rows are always kept."""
    plain = [i for i, row in enumerate(rows) if not row.get("snapshot")]
    if len(rows) <= most:
        return rows
    places = max(1, most - (len(rows) - len(plain)))
    kept = {plain[(k + 1) * len(plain) // places - 1] for k in range(min(places, len(plain)))}
    return [row for i, row in enumerate(rows) if row.get("snapshot") or i in kept]
