"""What the HTTP routes send, built once and shared by all viewers: rows, packets, pictures."""

import json
import struct
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from sslviz.runs.files import read_arrays

WIRE = {"f": "float32", "i": "int32", "u": "int32", "b": "int16"}
SENT_AS_THEY_ARE = ("int16", "uint8")


@lru_cache(maxsize=128)
def snapshot_packet(path: Path, step: int, version: int) -> bytes:
    """uint32 LE header length, JSON header, raw little-endian arrays (offsets from the data part,
    4-byte aligned). `version` is the file's mtime. Raises Refusal for a damaged snapshot."""
    header: dict[str, Any] = {"step": step, "arrays": {}}
    parts: list[bytes] = []
    offset = 0
    for name, array in read_arrays(path).items():
        if array.dtype.kind not in WIRE:
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
