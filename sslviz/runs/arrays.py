"""Arrays of a run as npz files: written atomically, read only after every header was checked."""

import io
import zipfile
from collections.abc import Mapping
from math import prod
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy

from sslviz.refusal import Refusal
from sslviz.runs.files import label, open_plain, replaced

MOST_ARRAYS = 256 << 20  # bytes of all arrays of a file together, unpacked
MOST_NAMES = 512
LONGEST_HEADER = 10_000


def packed(arrays: Mapping[str, np.ndarray]) -> bytes:
    """The npz file of `arrays`."""
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, **arrays)
    return file.getvalue()


def write_arrays(path: Path, arrays: Mapping[str, np.ndarray] | bytes) -> None:
    """An npz of `arrays` (or what `packed` made of them); readers see the old file or the whole
    new one."""
    file = arrays if isinstance(arrays, bytes) else packed(arrays)
    replaced(path, lambda temporary: temporary.write_bytes(file), sync=False)


def read_arrays(path: Path) -> dict[str, np.ndarray]:
    """Every array of an npz file, never unpickled. Raises Refusal for any broken file."""
    name = label(path)
    with open_plain(path, MOST_ARRAYS) as file:
        try:
            with zipfile.ZipFile(file) as archive:
                _check_size(archive, name)
                return {key.removesuffix(".npy"): _array(archive, key) for key in _names(archive)}
        except Refusal:
            raise
        except Exception as error:  # a hostile archive fails in many ways inside zipfile and numpy
            kind = type(error).__name__
            raise Refusal("{name} is damaged ({kind}).", name=name, kind=kind) from None


def _names(archive: zipfile.ZipFile) -> list[str]:
    return [entry.filename for entry in archive.infolist()]


def _check_size(archive: zipfile.ZipFile, name: str) -> None:
    """By each array's own header: what the archive says of its sizes may be a lie."""
    entries = archive.infolist()
    if len(entries) > MOST_NAMES:
        raise Refusal(
            "{name} holds more than {most} arrays, which no run writes.", name=name, most=MOST_NAMES
        )
    total = 0
    for entry in entries:
        with archive.open(entry) as member:
            shape, dtype = _header(member)
        if dtype.hasobject:
            raise ValueError("objects are not arrays")
        size = prod(shape) * dtype.itemsize
        if size > entry.file_size:
            raise ValueError("less data than the header says")
        total += max(size, entry.file_size)
    if total > MOST_ARRAYS:
        most = f"{MOST_ARRAYS >> 20} MB"
        raise Refusal(
            "{name} unpacks to more than {most}, which no run writes.", name=name, most=most
        )


def _header(member: IO[bytes]) -> tuple[tuple[int, ...], np.dtype[Any]]:
    version = npy.read_magic(member)
    read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    shape, _, dtype = read(member, max_header_size=LONGEST_HEADER)
    return shape, dtype


def _array(archive: zipfile.ZipFile, key: str) -> np.ndarray:
    with archive.open(key) as member:
        return npy.read_array(member, allow_pickle=False, max_header_size=LONGEST_HEADER)
