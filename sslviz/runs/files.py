"""Files that survive a kill at any instant: atomic replacement, append-only lines, strict JSON."""

import fcntl
import json
import os
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np

from sslviz.refusal import Refusal, Sentence

MOST_JSON = 4 << 20
MOST_ARRAYS = 1 << 30


def replaced(path: Path, write: Callable[[Path], None], sync: bool = True) -> None:
    """Lets `write` fill a temporary file beside `path`, then puts it in `path`'s place at once.

    Readers see the old or the new file, never half of one; if `write` fails the old one stays.
    """
    temporary = path.with_name(f".{os.getpid()}-{path.name}")
    try:
        write(temporary)
        if sync:
            _sync(temporary)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    if sync:
        _sync(path.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_json(path: Path, values: Mapping[str, Any], sync: bool = True) -> None:
    replaced(path, lambda p: _write(p, dumps(values, indent=1)), sync)


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def dumps(values: Any, indent: int | None = None) -> bytes:
    """JSON that every reader accepts: NaN and infinity become null, numpy numbers plain ones,
    sentences what `read_sentence` reads."""
    return json.dumps(_plain(values), allow_nan=False, indent=indent).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if isinstance(value, np.ndarray | np.generic):
        return _plain(value.tolist())
    if isinstance(value, Sentence):
        return _plain(value.to_json())
    if isinstance(value, float) and not isfinite(value):
        return None
    return value


def loads(text: str | bytes) -> Any:
    """JSON with null for numbers that are not finite. Raises ValueError."""
    try:
        return json.loads(text, parse_float=_finite, parse_constant=lambda _: None)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _finite(text: str) -> float | None:
    value = float(text)
    return value if isfinite(value) else None


def read_json(path: Path) -> dict[str, Any]:
    """The JSON table in `path`. Raises Refusal with a sentence that names the file."""
    name = f"{path.parent.name}/{path.name}"
    try:
        with path.open("rb") as file:
            data = file.read(MOST_JSON + 1)
    except OSError as error:
        raise Refusal(
            "{name} cannot be read ({reason}).", name=name, reason=error.strerror
        ) from None
    if len(data) > MOST_JSON:
        raise Refusal(
            "{name} is larger than {most} MB, which no run writes.", name=name, most=MOST_JSON >> 20
        )
    try:
        values = loads(data)
    except ValueError:
        raise Refusal("{name} is not valid JSON; it may be cut off.", name=name) from None
    if not isinstance(values, dict):
        raise Refusal("{name} is not a JSON table.", name=name)
    return values


def cut_torn_tail(path: Path) -> None:
    """Drops what a killed writer left of its last line, else the next line would be glued to it."""
    if not path.exists():
        return
    with path.open("r+b") as file:
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
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        before = os.fstat(handle).st_size
        try:
            if os.write(handle, line) != len(line):
                raise OSError(28, f"No space left for {path.name}")
        except OSError:
            os.ftruncate(handle, before)
            raise
    finally:
        os.close(handle)


def parse_lines(data: bytes) -> Iterator[dict[str, Any]]:
    """The objects in whole lines with a whole `step`; anything else is passed over."""
    for line in data.splitlines():
        try:
            row = loads(line)
        except ValueError:
            continue
        if isinstance(row, dict) and type(row.get("step")) is int:
            yield row


def read_lines(path: Path) -> list[dict[str, Any]]:
    """All whole lines of `path`, which may be missing or end in a torn one."""
    try:
        data = path.read_bytes()
    except OSError:
        return []
    return list(parse_lines(data[: data.rfind(b"\n") + 1]))


def write_arrays(path: Path, arrays: Mapping[str, np.ndarray]) -> None:
    def write(temporary: Path) -> None:
        with temporary.open("wb") as file:
            np.savez_compressed(file, allow_pickle=False, **arrays)

    replaced(path, write, sync=False)


def read_arrays(path: Path) -> dict[str, np.ndarray]:
    """Every array of an npz file, never unpickled. Raises Refusal for any broken file."""
    name = f"{path.parent.name}/{path.name}"
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_ARRAYS:
                raise Refusal("{name} unpacks to more than 1 GB, which no run writes.", name=name)
        with np.load(path, allow_pickle=False) as arrays:
            return {key: arrays[key] for key in arrays.files}
    except Refusal:
        raise
    except FileNotFoundError:
        raise Refusal("{name} does not exist.", name=name) from None
    except Exception as error:  # a hostile archive can fail in many ways inside zipfile and numpy
        raise Refusal("{name} is damaged ({kind}).", name=name, kind=type(error).__name__) from None


@contextmanager
def locked(path: Path, wait: bool = True, create: bool = True) -> Iterator[bool]:
    """Holds the lock file while the body runs; without `wait`, gives False if another has it.

    Without `create` a lock file that is gone, perhaps with its folder, raises FileNotFoundError.
    """
    if create:
        path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a" if create else "r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True
