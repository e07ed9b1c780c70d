"""A run for TensorBoard: its metrics as an event file, its map with images for the projector.

Written by hand, because the format is small and the package that writes it is not: records of a
length, its checksum, a message and its checksum; messages of numbered fields (protocol buffers).
"""

import struct
import zipfile
from collections.abc import Mapping, Sequence
from functools import cache
from io import BytesIO
from math import ceil, sqrt
from typing import Any

import numpy as np
from PIL import Image

from sslviz.export.arrays import Recorded
from sslviz.export.tables import as_tsv, coordinates

MOST_SPRITE = 8192  # pixels a side that the projector draws
PROJECTOR = """embeddings {{
  tensor_name: "{name}"
  tensor_path: "{name}.tsv"
  metadata_path: "metadata.tsv"
  sprite {{ image_path: "sprite.png" single_image_dim: {side} single_image_dim: {side} }}
}}
"""


def tensorboard(run: Recorded, step: int | None) -> bytes:
    """A zip: unpack it and point `tensorboard --logdir` at it."""
    columns = coordinates(run, step)
    places = {name: values for name, values in columns.items() if name[:2] in ("h_", "z_")}
    facts = {name: values for name, values in columns.items() if name not in places}
    layouts = dict.fromkeys(name.rpartition("_")[0] for name in places)
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"events.out.tfevents.0.{run.folder.name}", events(run.rows))
        archive.writestr("metadata.tsv", as_tsv(facts))
        archive.writestr("sprite.png", sprite(run.tiles))
        for name in layouts:
            axes = [values for key, values in places.items() if key.rpartition("_")[0] == name]
            points = zip(*axes, strict=True)
            lines = ["\t".join(f"{value:.6g}" for value in point) for point in points]
            archive.writestr(f"{name}.tsv", "\n".join(lines) + "\n")
        side = run.tiles.shape[1]
        config = "".join(PROJECTOR.format(name=name, side=side) for name in layouts)
        archive.writestr("projector_config.pbtxt", config)
    return file.getvalue()


def sprite(tiles: np.ndarray) -> bytes:
    """PNG of all tiles (N x S x S x 3) in a square, row by row."""
    side = tiles.shape[1]
    across = min(ceil(sqrt(len(tiles))), MOST_SPRITE // side)
    grid = np.zeros((across * across, side, side, 3), np.uint8)
    grid[: len(tiles)] = tiles[: across * across]
    whole = grid.reshape(across, across, side, side, 3).swapaxes(1, 2)
    file = BytesIO()
    Image.fromarray(whole.reshape(across * side, across * side, 3)).save(file, "PNG")
    return file.getvalue()


def events(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """All numbers of a run's metrics as scalars; wall time is seconds since the run began."""
    records = [_double(1, 0.0) + _bytes(3, b"brain.Event:2")]
    seconds = 0.0
    for row in rows:
        seconds = float(row.get("seconds") or seconds)
        values = [
            _bytes(1, _bytes(1, name.encode()) + _float(2, float(value)))
            for name, value in row.items()
            if name not in ("step", "seconds", "snapshot") and isinstance(value, int | float)
        ]
        if values:
            event = _double(1, seconds) + _whole(2, row["step"]) + _bytes(5, b"".join(values))
            records.append(event)
    return b"".join(map(_record, records))


def _record(data: bytes) -> bytes:
    length = struct.pack("<Q", len(data))
    return length + _checksum(length) + data + _checksum(data)


def _checksum(data: bytes) -> bytes:
    """CRC-32C, turned and shifted as the format asks."""
    table, state = _table(), 0xFFFFFFFF
    for byte in data:
        state = table[(state ^ byte) & 0xFF] ^ (state >> 8)
    state ^= 0xFFFFFFFF
    return struct.pack("<I", (((state >> 15) | (state << 17)) + 0xA282EAD8) & 0xFFFFFFFF)


@cache
def _table() -> list[int]:
    def entry(value: int) -> int:
        for _ in range(8):
            value = (value >> 1) ^ (0x82F63B78 if value & 1 else 0)
        return value

    return [entry(byte) for byte in range(256)]


def _varint(value: int) -> bytes:
    parts = bytearray()
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*parts, value])


def _whole(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _double(field: int, value: float) -> bytes:
    return _varint(field << 3 | 1) + struct.pack("<d", value)


def _float(field: int, value: float) -> bytes:
    return _varint(field << 3 | 5) + struct.pack("<f", value)


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value
