"""Images of more than 8 bits: their levels as they are, and what of them is black and white."""

import sys
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from sslviz.refusal import Sentence, say

DEPTHS = (8, 10, 12, 14, 16)  # bits of usual cameras and scanners, whatever the file has room for
SWAPPED = {"L": "B", "B": "L", "N": "B" if sys.byteorder == "little" else "L"}


@dataclass(frozen=True)
class Levels:
    """`values` S x S x 3 float32, not scaled; `whole`: they were whole numbers in the file."""

    values: np.ndarray
    whole: bool


def scaled(images: list[Levels]) -> tuple[list[np.ndarray], tuple[Sentence, ...]]:
    """S x S x 3 uint8 each, all of one kind by one scale, so that dark stays darker than bright.

    And a note on each scale that was guessed.
    """
    scales: dict[bool, tuple[float, float]] = {}
    notes = []
    for whole in sorted({image.whole for image in images}):
        values = [image.values for image in images if image.whole == whole]
        finite = np.concatenate([v[np.isfinite(v)] for v in values])
        scales[whole] = low, high = _scale(finite, whole)
        if (low, high) != (0, 65_535):
            notes.append(
                say(
                    "{n} images of more than 8 bits have values from {least} to {largest}: {low} "
                    "is shown as black and {high} as white in all of them.",
                    n=len(values),
                    least=_short(finite.min() if finite.size else low),
                    largest=_short(finite.max() if finite.size else low),
                    low=_short(low),
                    high=_short(high),
                )
            )
    return [_bytes(image.values, *scales[image.whole]) for image in images], tuple(notes)


def _scale(values: np.ndarray, whole: bool) -> tuple[float, float]:
    """What is black and what is white: the full range of a usual depth, else the real one."""
    if not values.size:
        return 0.0, 1.0
    low, high = float(values.min()), float(values.max())
    if low >= 0 and whole and high < 2**16:
        return 0.0, next(2.0**bits - 1 for bits in DEPTHS if high < 2**bits)
    for top in (1.0, 255.0):  # how programs usually write shares and bytes as fractions
        if low >= 0 and top / 16 < high <= top:
            return 0.0, top
    return low, high if high > low else low + 1


def _bytes(values: np.ndarray, low: float, high: float) -> np.ndarray:
    share = np.nan_to_num((values - low) / (high - low), nan=0.0, posinf=1.0, neginf=0.0)
    return (share * 255).round().clip(0, 255).astype(np.uint8)


def _short(value: float) -> str:
    return f"{value:.6g}"


def deep_colour(image: Image.Image, data: bytes) -> list[Image.Image]:
    """R, G and B of a 16-bit colour image, mode F, turned as its EXIF says; [] for all others.

    Pillow keeps one byte of each sample, the high one; with the byte order swapped it keeps the
    low one. What has transparent parts is left to it: white has no place among levels.
    """
    orders = {_rawmode(tile).partition(";16")[2] for tile in getattr(image, "tile", ())}
    if image.mode not in ("RGB", "RGBA") or len(orders) != 1 or not orders <= set(SWAPPED):
        return []
    if image.mode == "RGBA" and image.getchannel("A").getextrema()[0] != 255:
        return []
    with Image.open(BytesIO(data), formats=(image.format or "",)) as again:
        again.tile = [_swapped(tile) for tile in again.tile]  # type: ignore[attr-defined]
        halves = [ImageOps.exif_transpose(half).convert("RGB").split() for half in (image, again)]
    bands = zip(*halves, strict=True)
    return [
        Image.fromarray(np.asarray(high, np.float32) * 256 + np.asarray(low)) for high, low in bands
    ]


def _rawmode(tile: Any) -> str:
    return tile[3] if isinstance(tile[3], str) else str(tile[3][0])


def _swapped(tile: Any) -> Any:
    """The same piece of a file, to be unpacked with the other byte order."""
    rawmode = _rawmode(tile)
    other = rawmode[:-1] + SWAPPED[rawmode[-1]]
    return tile._replace(args=other if isinstance(tile[3], str) else (other, *tile[3][1:]))
