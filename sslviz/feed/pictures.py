"""The probe images of a run as the browser takes them: sprite atlas and what is known of each."""

import gzip
from functools import lru_cache
from hashlib import blake2b
from io import BytesIO
from math import ceil, sqrt
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from PIL import Image

from sslviz.refusal import Refusal
from sslviz.runs.core import CORE, core_images
from sslviz.runs.files import dumps, loads
from sslviz.runs.store import read_images

WIDEST = 16_383  # pixels of a WebP
_encoding = Lock()  # thirty viewers who open a run together wait for one picture


MOST_SIDE, MOST_TILES = 512, 20_000  # pixels; images


@lru_cache(maxsize=4)
def _images(folder: Path, version: int) -> dict[str, np.ndarray]:
    arrays = read_images(folder)
    for name in ("probe", "views"):
        tiles = arrays.get(name)
        if tiles is None or tiles.dtype != np.uint8 or tiles.ndim != 4 or tiles.shape[3] != 3:
            raise Refusal("The images of {run} are not tiles of S x S x 3 bytes.", run=folder.name)
        if not len(tiles) or tiles.shape[1] != tiles.shape[2] or tiles[0].size == 0:
            raise Refusal("The images of {run} are not square tiles.", run=folder.name)
        wide = tiles.shape[1] * ceil(sqrt(max(len(tiles), len(arrays["probe"]))))
        if tiles.shape[1] > MOST_SIDE or len(tiles) > MOST_TILES or wide > WIDEST:
            raise Refusal(
                "The images of {run} are more or larger than any run shows ({n} of {side} pixels).",
                run=folder.name,
                n=len(tiles),
                side=tiles.shape[1],
            )
    return {name: array for name, array in arrays.items() if _told(name, array)}


def _told(name: str, array: np.ndarray) -> bool:
    """Labels and factors are numbers, one an image; what is not is as if it were not there."""
    if name in ("labels", "diag_labels"):
        return array.ndim == 1 and array.dtype.kind in "iu"
    if name.startswith("factor_"):
        return array.ndim <= 2 and array.dtype.kind in "iuf"
    return True


def columns(images: dict[str, np.ndarray]) -> int:
    """Tiles a row, in both atlases."""
    return ceil(sqrt(len(images["probe"])))


@lru_cache(maxsize=16)
def atlas(folder: Path, kind: str, version: int, small: bool = False, core: bool = False) -> bytes:
    """WebP of all tiles ("probe" or "views"), with `core` of the core's: `columns` a row, left to
    right, top to bottom.

    Lossless up to 64 px, where neighbouring tiles would bleed into each other; `small`, or of more
    tiles than CORE: lossy whatever their size, in a quarter of the bytes.
    """
    with _encoding:
        images = _shown(folder, version, core)
        tiles, across = images[kind], columns(images)
        side, down = tiles.shape[1], ceil(len(tiles) / across)
        grid = np.zeros((down * across, side, side, 3), np.uint8)
        grid[: len(tiles)] = tiles
        picture = grid.reshape(down, across, side, side, 3).swapaxes(1, 2)
        file = BytesIO()
        image = Image.fromarray(picture.reshape(down * side, across * side, 3))
        small = small or len(tiles) > CORE
        exact = side <= 64 and not small
        usual = {"quality": 20, "method": 0} if exact else {"quality": 85, "method": 1}
        how = {"quality": 70, "method": 4} if small else usual
        image.save(file, "WEBP", lossless=exact, **how)
        return file.getvalue()


def _shown(folder: Path, version: int, core: bool) -> dict[str, np.ndarray]:
    images = _images(folder, version)
    return core_images(images) if core else images


@lru_cache(maxsize=16)
def probe_facts(folder: Path, version: int, core: bool = False) -> bytes:
    """JSON of what the probe images (or the core) are: labels, class names, factors, the atlas's
    geometry, and a `mark` that other images do not have. `all`: how many the run looks at."""
    images, everything = _shown(folder, version, core), _images(folder, version)
    info = _info(images)
    factors = {
        name.removeprefix("factor_"): _factor(info, name.removeprefix("factor_"))
        | {"values": _plain(values)}
        for name, values in images.items()
        if name.startswith("factor_")
    }
    none = np.zeros(0, np.int16)
    facts = {
        "n": len(images["probe"]),
        "all": len(everything["probe"]),
        "tile": images["probe"].shape[1],
        "columns": columns(images),
        "class_names": _words(info.get("class_names")),
        # of the files; [] where the images come from none
        "names": _words(info.get("names"))[: len(images["probe"])],
        "labels": images.get("labels", none).tolist(),
        "diag_labels": images.get("diag_labels", none).tolist(),
        "views_n": len(images["views"]),
        "mark": blake2b(images["probe"].tobytes(), digest_size=12).hexdigest(),
        "factors": factors,
    }
    return dumps(facts)


@lru_cache(maxsize=16)
def zipped_facts(folder: Path, version: int) -> bytes:
    """`probe_facts` of all of them in gzip: a megabyte of numbers where they are 10,000."""
    return gzip.compress(probe_facts(folder, version), 4, mtime=0)


def _plain(values: np.ndarray) -> list[Any]:
    """Numbers as short as float32 allows: half the letters, and the same numbers."""
    flat = values.ravel()
    return [float(str(v)) for v in flat] if flat.dtype == np.float32 else flat.tolist()


def _factor(info: dict[str, Any], name: str) -> dict[str, Any]:
    known = info.get("factors")
    facts = known.get(name) if isinstance(known, dict) else None
    facts = facts if isinstance(facts, dict) else {}
    kind = facts.get("kind")
    kind = kind if isinstance(kind, str) else "continuous"
    return {"kind": kind, "names": _words(facts.get("names"))}


def _words(value: Any) -> list[str]:
    return [str(word)[:200] for word in value] if isinstance(value, list) else []


def _info(images: dict[str, np.ndarray]) -> dict[str, Any]:
    try:
        info = loads(str(images.get("info", "{}")))
    except ValueError:
        return {}
    return info if isinstance(info, dict) else {}
