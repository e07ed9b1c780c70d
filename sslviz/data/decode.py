"""One image file -> a square RGB picture. The bytes may come from anybody."""

from io import BytesIO

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from sslviz.refusal import Fact, Sentence, say

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "PPM")
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".ppm", ".pgm")
FORMAT_WORDS = "JPEG, PNG, WebP, GIF, BMP or PPM"
MOST_PIXELS = 50_000_000


class Unreadable(Exception):
    """Why an image cannot be used, in a few words: a template and its facts."""

    def __init__(self, template: str, **facts: Fact) -> None:
        self.sentence = Sentence(template, facts)
        super().__init__(str(self.sentence))


def decode(data: bytes, size: int) -> np.ndarray:
    """The centre square of an image, size x size x 3 uint8.

    Turned as its EXIF says; of an animation the first frame; on white where it is transparent;
    16-bit grey scaled to 8. Raises Unreadable; an image of too many pixels is refused unread.
    """
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as image:
            width, height = image.size
            if width * height > MOST_PIXELS:
                raise _too_many(say("{width} x {height} pixels", width=width, height=height))
            image.draft(None, (2 * size, 2 * size))
            ImageOps.exif_transpose(image, in_place=True)
            return np.asarray(_square(_rgb(image), size))
    except Unreadable:
        raise
    except UnidentifiedImageError:
        if not data:
            raise Unreadable("it is empty") from None
        raise Unreadable("it is not a {formats} image", formats=FORMAT_WORDS) from None
    except Image.DecompressionBombError:
        raise _too_many(say("far too many pixels")) from None
    except Exception as error:  # decoders of damaged files raise nearly anything
        reason = str(error).split("\n")[0][:80] or type(error).__name__
        raise Unreadable("it is damaged: {reason}", reason=reason) from error


def _too_many(found: Sentence) -> Unreadable:
    most = MOST_PIXELS // 1_000_000
    return Unreadable("it has {found}; the most is {most} million", found=found, most=most)


def _rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):
        levels = np.asarray(image, dtype=np.float32) / 257
        return Image.fromarray(levels.round().clip(0, 255).astype(np.uint8)).convert("RGB")
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
