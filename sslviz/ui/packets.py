"""What the HTTP routes send, built once and shared by all viewers: rows, packets, pictures."""

import json
import struct
from functools import lru_cache
from io import BytesIO
from math import ceil, sqrt
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from PIL import Image

from sslviz.knobs import ConfigError
from sslviz.runs.files import dumps, loads, parse_lines, read_arrays
from sslviz.runs.read import extend
from sslviz.runs.store import read_images

MOST_ROWS = 2000
WIRE = {"f": "float32", "i": "int32", "u": "int32", "b": "int16"}
SENT_AS_THEY_ARE = ("int16", "uint8")
_encoding = Lock()  # thirty viewers who open a run together wait for one picture


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


@lru_cache(maxsize=128)
def snapshot_packet(path: Path, step: int, version: int) -> bytes:
    """uint32 LE header length, JSON header, raw little-endian arrays (offsets from the data part,
    4-byte aligned). `version` is the file's mtime. Raises ConfigError for a damaged snapshot."""
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


@lru_cache(maxsize=4)
def _images(folder: Path, version: int) -> dict[str, np.ndarray]:
    arrays = read_images(folder)
    for name in ("probe", "views"):
        tiles = arrays.get(name)
        if tiles is None or tiles.dtype != np.uint8 or tiles.ndim != 4 or tiles.shape[3] != 3:
            raise ConfigError(f"The images of {folder.name} are not tiles of S x S x 3 bytes.")
        if not len(tiles) or tiles.shape[1] != tiles.shape[2] or tiles[0].size == 0:
            raise ConfigError(f"The images of {folder.name} are not square tiles.")
    return arrays


def columns(images: dict[str, np.ndarray]) -> int:
    """Tiles a row, in both atlases."""
    return ceil(sqrt(len(images["probe"])))


@lru_cache(maxsize=16)
def atlas(folder: Path, kind: str, version: int) -> bytes:
    """WebP of all tiles ("probe" or "views"), `columns` a row, left to right, top to bottom.

    Lossless up to 64 px, where neighbouring tiles would bleed into each other.
    """
    with _encoding:
        images = _images(folder, version)
        tiles, across = images[kind], columns(images)
        side, down = tiles.shape[1], ceil(len(tiles) / across)
        grid = np.zeros((down * across, side, side, 3), np.uint8)
        grid[: len(tiles)] = tiles
        picture = grid.reshape(down, across, side, side, 3).swapaxes(1, 2)
        file = BytesIO()
        image = Image.fromarray(picture.reshape(down * side, across * side, 3))
        image.save(file, "WEBP", lossless=side <= 64, quality=85 if side > 64 else 20, method=1)
        return file.getvalue()


@lru_cache(maxsize=16)
def probe_facts(folder: Path, version: int) -> bytes:
    """JSON of what the probe images are: labels, class names, factors, the atlas's geometry."""
    images = _images(folder, version)
    info = _info(images)
    known = info.get("factors", {})
    factors = {
        name.removeprefix("factor_"): {"kind": "continuous", "names": []}
        | (known.get(name.removeprefix("factor_")) or {})
        | {"values": values.ravel().tolist()}
        for name, values in images.items()
        if name.startswith("factor_")
    }
    none = np.zeros(0, np.int16)
    facts = {
        "n": len(images["probe"]),
        "tile": images["probe"].shape[1],
        "columns": columns(images),
        "class_names": info.get("class_names", []),
        "labels": images.get("labels", none).tolist(),
        "diag_labels": images.get("diag_labels", none).tolist(),
        "views_n": len(images["views"]),
        "factors": factors,
    }
    return dumps(facts)


def _info(images: dict[str, np.ndarray]) -> dict[str, Any]:
    try:
        info = loads(str(images.get("info", "{}")))
    except ValueError:
        return {}
    return info if isinstance(info, dict) else {}
