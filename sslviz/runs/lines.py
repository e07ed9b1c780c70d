"""Append-only files of JSON lines: metrics and events. A torn last line is cut or passed over."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sslviz.refusal import Refusal
from sslviz.runs.files import MOST_LINE, MOST_LINES, dumps, loads, read_plain, replaced


def cut_torn_tail(path: Path) -> None:
    """Drops what a killed writer left of its last line, else the next line would be glued to it."""
    try:
        handle = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    with open(handle, "r+b") as file:
        end = file.seek(0, os.SEEK_END)
        while end > 0:
            start = max(0, end - 65536)
            file.seek(start)
            newline = file.read(end - start).rfind(b"\n")
            if newline >= 0:
                end = start + newline + 1
                break
            end = start
        file.truncate(end)


def append_line(path: Path, row: Mapping[str, Any]) -> None:
    """One object a line in one write(); what a full disk left of it is taken back."""
    line = dumps(row) + b"\n"
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    handle = os.open(path, flags, 0o644)
    try:
        before = os.fstat(handle).st_size
        try:
            if os.write(handle, line) != len(line):
                raise OSError(28, "No space left on device", str(path))
        except OSError:
            os.ftruncate(handle, before)
            raise
    finally:
        os.close(handle)


def parse_lines(data: bytes) -> tuple[list[dict[str, Any]], int]:
    """The rows in `data` (whole lines with a whole `step`), and how many lines were no rows.

    Of a row, lists and tables that are no sentences are left out.
    """
    rows, damaged = [], 0
    for line in data.split(b"\n"):
        if not line.strip():
            continue
        row = _row(line)
        if row is None:
            damaged += 1
        else:
            rows.append(row)
    return rows, damaged


def _row(line: bytes) -> dict[str, Any] | None:
    try:
        row = loads(line) if len(line) <= MOST_LINE else None
    except ValueError:
        return None
    if not isinstance(row, dict) or type(row.get("step")) is not int or row["step"] < 0:
        return None
    return {k: v for k, v in row.items() if _kept(v)}


def _kept(value: Any) -> bool:
    if isinstance(value, dict):
        return isinstance(value.get("template"), str)
    return not isinstance(value, list)


def read_lines(path: Path) -> list[dict[str, Any]]:
    """All whole lines of `path`, which may be missing or end in a torn one. Raises Refusal."""
    return counted_lines(path)[0]


def counted_lines(path: Path) -> tuple[list[dict[str, Any]], int]:
    """`read_lines`, and how many whole lines were no rows. Raises Refusal."""
    try:
        data = read_plain(path, MOST_LINES)
    except Refusal as refusal:
        if isinstance(refusal.__cause__, FileNotFoundError | NotADirectoryError):
            return [], 0
        raise
    return parse_lines(data[: data.rfind(b"\n") + 1])


def write_lines(path: Path, rows: list[dict[str, Any]]) -> None:
    """Replaces all lines at once."""
    data = b"".join(dumps(row) + b"\n" for row in rows)
    replaced(path, lambda temporary: _write(temporary, data))


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)
