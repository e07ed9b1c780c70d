"""What the HTTP routes send, built once and shared by all viewers: rows, packets, pictures."""

import json
import struct
from functools import lru_cache
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from sslviz.refusal import Refusal
from sslviz.runs.arrays import read_arrays
from sslviz.runs.core import OF_CORE, core_look
from sslviz.runs.files import label, loads

WIRE = {"f": "float32", "i": "int32", "u": "int32", "b": "int16"}
SENT_AS_THEY_ARE = ("int16", "uint8")
MOST_AXES = 4


@lru_cache(maxsize=128)
def snapshot_packet(path: Path, step: int, version: int, core: bool = False) -> bytes:
    """uint32 LE header length, JSON header, raw little-endian arrays (offsets from the data part,
    4-byte aligned) of a snapshot or a glance, with `core` of the core's points alone. `version` is
    the file's mtime. Raises Refusal for a damaged one."""
    header: dict[str, Any] = {"step": step, "arrays": {}}
    parts: list[bytes] = []
    offset = 0
    arrays = read_arrays(path)
    _check(arrays, label(path))
    for name, array in (core_look(arrays) if core else arrays).items():
        if array.dtype.kind not in WIRE or name.startswith(OF_CORE):
            continue
        own = array.dtype.name
        dtype = own if own in SENT_AS_THEY_ARE else WIRE[array.dtype.kind]
        data = array.astype(np.dtype(dtype).newbyteorder("<")).tobytes()
        header["arrays"][name] = {"dtype": dtype, "shape": list(array.shape), "offset": offset}
        padding = -len(data) % 4
        parts.append(data + bytes(padding))
        offset += len(data) + padding
    text = json.dumps(header).encode()
    return b"".join([struct.pack("<I", len(text)), text, *parts])


def read_packet(data: bytes) -> tuple[int, dict[str, np.ndarray]]:
    """(step, arrays) of what `snapshot_packet` built. Raises Refusal for anything else."""
    try:
        (length,) = struct.unpack_from("<I", data)
        header = loads(data[4 : 4 + length])
        step, known = header["step"], header["arrays"]
        arrays = {name: _array(data, 4 + length, **facts) for name, facts in known.items()}
    except (ValueError, TypeError, KeyError, AttributeError, struct.error):
        raise Refusal("A snapshot is damaged.") from None
    _check(arrays, "Snapshot")
    return step, arrays


def _array(data: bytes, start: int, dtype: str, shape: list[int], offset: int) -> np.ndarray:
    """Raises ValueError or TypeError for an array that does not lie within `data`."""
    if dtype not in (*SENT_AS_THEY_ARE, *WIRE.values()) or len(shape) > MOST_AXES:
        raise ValueError("no such array is sent")
    if not all(type(count) is int and count >= 0 for count in [offset, *shape]):
        raise ValueError("a place is not a whole number")
    kind = np.dtype(dtype).newbyteorder("<")
    if offset % kind.itemsize or start + offset + prod(shape) * kind.itemsize > len(data):
        raise ValueError("the array lies outside")
    return np.frombuffer(data, kind, prod(shape), start + offset).reshape(shape)


def _check(arrays: dict[str, np.ndarray], name: str) -> None:
    """The arrays that panels read by place: another shape or kind would draw nonsense."""
    layouts = {name: array for name, array in arrays.items() if name.startswith("layout_")}
    n = min((len(array) if array.ndim else 0 for array in layouts.values()), default=0)
    for key, array in arrays.items():
        if key in layouts:
            fits = array.ndim == 2 and len(array) == n and array.shape[1] in (2, 3)
            fits = fits and array.dtype.kind == "f" and bool(np.isfinite(array).all())
        elif key.startswith("neighbours_"):
            fits = array.ndim == 2 and array.dtype.kind in "iu" and (not n or len(array) == n)
            fits = fits and (not array.size or 0 <= array.min() <= array.max() < len(array))
        elif key.startswith(f"{OF_CORE}neighbours_"):
            fits = array.ndim == 2 and array.dtype.kind in "iu" and len(array) <= n
            fits = fits and (not array.size or 0 <= array.min() <= array.max() < len(array))
        elif key == "similarity":
            fits = array.ndim == 2 and array.shape[0] == array.shape[1] and array.shape[0] % 2 == 0
            fits = fits and array.dtype.kind == "f"
        elif key == "part":
            fits = array.shape == (2,) and array.dtype.kind in "iu"
            fits = fits and 0 <= array[0] < array[1]
        elif key.startswith(("histogram_", "spectrum_")):
            fits = array.ndim == 1 and array.dtype.kind in "iuf"
        else:
            fits = True
        if not fits:
            raise Refusal(
                "{name} is damaged: {array} has the shape {shape} and the type {kind}.",
                name=name,
                array=key[:40],
                shape=str(array.shape)[:60],
                kind=str(array.dtype)[:40],
            )
