"""Images in and out of the studio: base64 PNG of their own size; the browser enlarges them."""

import base64
import io

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor

from sslviz.knobs import ConfigError

UPLOAD_SIDE = 96  # pixels
MOST_PIXELS = 60_000_000


def opened(file: bytes) -> Tensor:
    """An image file -> its central square, 3 x UPLOAD_SIDE x UPLOAD_SIDE uint8.

    Transparent parts become white. Raises ConfigError for anything that is no image.
    """
    try:
        with Image.open(io.BytesIO(file)) as image:
            if image.width * image.height > MOST_PIXELS:
                raise ConfigError("The image is too large; 60 million pixels are allowed.")
            opaque = ImageOps.exif_transpose(image).convert("RGBA")
            square = Image.new("RGB", opaque.size, "white")
            square.paste(opaque, mask=opaque)
    except ConfigError:
        raise
    except Exception:
        raise ConfigError(
            "The file is not an image that can be read; PNG, JPEG and WebP can."
        ) from None
    side = min(square.size)
    left, top = (square.width - side) // 2, (square.height - side) // 2
    box = (left, top, left + side, top + side)
    small = square.resize((UPLOAD_SIDE, UPLOAD_SIDE), Image.Resampling.LANCZOS, box)
    return torch.from_numpy(np.array(small)).permute(2, 0, 1)


def tensor(image: str) -> Tensor:
    with Image.open(io.BytesIO(base64.b64decode(image))) as file:
        return torch.from_numpy(np.array(file.convert("RGB"))).permute(2, 0, 1)


def png(image: Tensor) -> str:
    """3 x H x W float in 0..1 -> base64 PNG."""
    pixels = (image.clamp(0, 1) * 255).round().byte().permute(1, 2, 0).numpy()
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()
