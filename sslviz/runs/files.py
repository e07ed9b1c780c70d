"""Files that survive a kill at any instant: atomic replacement, append-only lines, strict JSON.

What a reader takes at most. All of it is checked before the reading, and what is larger, a link or
no plain file at all is refused in one sentence:

file                                        at most
config, status, lease, launch, about, exit, 4 MB of UTF-8 JSON, MOST_DEPTH tables inside each other;
  checkpoint-?.json, an evaluation, aside     numbers that are not finite in 64 bits become null
a command in the inbox                      64 KB, likewise
metrics.jsonl, events.jsonl                 64 MB; a line of 1 MB
snapshots/*.npz, glances/*.npz, images.npz, 256 MB unpacked, 512 arrays, by the headers of all
  evaluations' *.npz                          arrays before the first is unpacked (`runs.arrays`)
worker.log                                  its last 4 KB
.queue                                      10,000 tickets; the last 1,000 presses
checkpoint-?.safetensors                    as many bytes as its record says, in pieces of 1 MB
"""

import errno
import fcntl
import json
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from math import isfinite
from pathlib import Path
from secrets import token_hex
from typing import Any, BinaryIO

import numpy as np

from sslviz.refusal import Refusal, Sentence

MOST_JSON = 4 << 20
MOST_COMMAND = 64 << 10
MOST_LINES = 64 << 20
MOST_LINE = 1 << 20
MOST_DEPTH = 32
_PLAIN = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC  # a link or a pipe must not be followed


def replaced(path: Path, write: Callable[[Path], object], sync: bool = True) -> None:
    """Lets `write` fill a temporary file beside `path`, then puts it in `path`'s place at once.

    Readers see the old or the new file, never half of one; if `write` fails the old one stays.
    """
    temporary = path.with_name(f".{os.getpid()}-{token_hex(3)}-{path.name}")
    try:
        write(temporary)
        if sync:
            _sync(temporary)
        os.replace(temporary, path)
    finally:
        with suppress(OSError):
            temporary.unlink()
    if sync:
        _sync(path.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_json(path: Path, values: Mapping[str, Any], sync: bool = True) -> None:
    data = dumps(values, indent=1)
    replaced(path, lambda temporary: _write(temporary, data), sync)


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
    """UTF-8 JSON with null for numbers that are not finite in 64 bits. Raises ValueError.

    Half of a surrogate pair, which no page can show, becomes a question mark.
    """
    if isinstance(text, bytes):
        text = text.decode("utf-8-sig")
    try:
        value = json.loads(text, parse_float=_finite, parse_int=_whole, parse_constant=_none)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    level = [value]
    for _ in range(MOST_DEPTH):
        level = [inner for outer in level for inner in _inner(outer)]
        if not level:
            return _shown(value) if "\\u" in text else value
    raise ValueError("nested too deeply")


def _inner(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _finite(text: str) -> float | None:
    value = float(text)
    return value if isfinite(value) else None


def _whole(text: str) -> int | float | None:
    return int(text) if len(text) < 19 else _finite(text)


def _none(_: str) -> None:
    return None


def _shown(value: Any) -> Any:
    if isinstance(value, dict):
        return {_shown(k): _shown(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_shown(v) for v in value]
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def label(path: Path) -> str:
    """`folder/file`, as a sentence may show it."""
    name = f"{path.parent.name}/{path.name}"
    return name.encode("utf-8", "backslashreplace").decode()


def open_plain(path: Path, most: int) -> BinaryIO:
    """Opens a plain file of at most `most` bytes for reading; never a link, a pipe or a device.

    Raises Refusal, FileNotFoundError included: every reason is one sentence.
    """
    name = label(path)
    try:
        handle = os.open(path, os.O_RDONLY | _PLAIN)
    except (OSError, ValueError) as error:
        if getattr(error, "errno", None) == errno.ELOOP:
            raise Refusal("{name} is a link, which no run writes.", name=name) from None
        reason = getattr(error, "strerror", None) or str(error)
        raise Refusal("{name} cannot be read ({reason}).", name=name, reason=reason) from error
    facts = os.fstat(handle)
    if not stat.S_ISREG(facts.st_mode):
        os.close(handle)
        raise Refusal("{name} is not a plain file.", name=name)
    if facts.st_size > most:
        os.close(handle)
        raise Refusal(
            "{name} is larger than {most}, which no run writes.", name=name, most=_size(most)
        )
    return open(handle, "rb")


def _size(most: int) -> str:
    return f"{most >> 20} MB" if most >= 1 << 20 else f"{most >> 10} KB"


def read_plain(path: Path, most: int) -> bytes:
    """All of a plain file, at most `most` bytes of it. Raises Refusal."""
    with open_plain(path, most) as file:
        return file.read(most)


def read_json(path: Path, most: int = MOST_JSON) -> dict[str, Any]:
    """The JSON table in `path`. Raises Refusal with a sentence that names the file."""
    data = read_plain(path, most)
    try:
        values = loads(data)
    except ValueError:
        raise Refusal("{name} is not valid JSON; it may be cut off.", name=label(path)) from None
    if not isinstance(values, dict):
        raise Refusal("{name} is not a JSON table.", name=label(path))
    return values


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


def swept(folder: Path) -> None:
    """Removes temporary files whose writer was killed before it could put them in place."""
    for left in folder.glob(".[0-9]*-*"):
        pid = left.name[1:].partition("-")[0]
        if not (pid.isascii() and pid.isdecimal() and Path(f"/proc/{pid}").exists()):
            with suppress(OSError):
                left.unlink()
