"""One image file -> a square RGB picture. The bytes may come from anybody."""

from contextlib import nullcontext
from io import BytesIO
from threading import RLock

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from sslviz.data.kinds import FORMAT_WORDS, FORMATS, HEAD, HEIC_READ, kind_by_content
from sslviz.data.levels import Levels, deep_colour, scaled
from sslviz.data.names import printable
from sslviz.data.sources import Unreadable

if HEIC_READ:
    from pillow_heif import register_heif_opener  # pyright: ignore[reportMissingImports]

    register_heif_opener()

MOST_JPEG_PIXELS = 256_000_000  # a telephone's 200 megapixels; decoded at an eighth of its side
MOST_PIXELS = 100_000_000  # of all others, which are decoded whole: 400 MB
LARGE = 16_000_000  # pixels or bytes; these are read one at a time, to bound the memory
ONE_AT_A_TIME = RLock()
Image.MAX_IMAGE_PIXELS = None  # Pillow's own limit would refuse photographs; ours stand above


def decode(data: bytes, size: int) -> np.ndarray:
    """The centre square of an image, size x size x 3 uint8; one of more bits by its own range.

    Turned as its EXIF says; of an animation the first frame; on white where it is transparent.
    Raises Unreadable; an image of too many pixels is refused unread.
    """
    square = read_square(data, size)
    return scaled([square])[0][0] if isinstance(square, Levels) else square


def read_square(data: bytes, size: int) -> np.ndarray | Levels:
    """As `decode`; but what has more than 8 bits comes as it is, to be scaled with its set."""
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as image:
            pixels = image.width * image.height
            most = MOST_JPEG_PIXELS if image.format in ("JPEG", "MPO") else MOST_PIXELS
            if pixels > most:
                raise Unreadable(
                    "it has {width} x {height} pixels; the most is {most} million",
                    width=image.width,
                    height=image.height,
                    most=most // 1_000_000,
                )
            with ONE_AT_A_TIME if pixels > LARGE else nullcontext():
                return _picture(image, data, size)
    except Unreadable:
        raise
    except UnidentifiedImageError:
        raise _foreign(data) from None
    except Exception as error:  # decoders of damaged files raise nearly anything
        reason = printable(str(error).split("\n")[0]) or type(error).__name__
        raise Unreadable("it is damaged: {reason}", reason=reason) from error


def _picture(image: Image.Image, data: bytes, size: int) -> np.ndarray | Levels:
    image.draft(None, (2 * size, 2 * size))
    deep = deep_colour(image, data)
    if deep:
        bands = [np.asarray(_square(band, size)) for band in deep]
        return Levels(np.stack(bands, -1), whole=True)
    ImageOps.exif_transpose(image, in_place=True)
    if image.mode[0] in "IF":
        whole = image.mode != "F"
        grey = np.asarray(_square(Image.fromarray(np.asarray(image, np.float32)), size))
        return Levels(np.repeat(grey[..., None], 3, -1), whole)
    return np.asarray(_square(_rgb(image), size))


def _foreign(data: bytes) -> Unreadable:
    if not data:
        return Unreadable("it is empty")
    kind = kind_by_content(data[:HEAD])
    if kind:
        return Unreadable("it is a {kind} file that cannot be read", kind=kind)
    return Unreadable("it is not an image of a kind that is read ({kinds})", kinds=FORMAT_WORDS)


def _rgb(image: Image.Image) -> Image.Image:
    if image.has_transparency_data:
        image = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    return image.convert("RGB")


def _square(image: Image.Image, size: int) -> Image.Image:
    if image.size == (size, size):
        return image
    width, height = image.size
    side = min(width, height)
    left, top = (width - side) // 2, (height - side) // 2
    centre = image.crop((left, top, left + side, top + side))
    return centre.resize((size, size), Image.Resampling.BILINEAR)
