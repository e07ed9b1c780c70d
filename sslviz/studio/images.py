"""Images in and out of the studio: base64 PNG of their own size; the browser enlarges them."""

import base64
import io

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from sslviz.data.decode import decode
from sslviz.data.sources import Unreadable
from sslviz.refusal import Refusal, read_sentence

UPLOAD_SIDE = 96  # pixels


def opened(file: bytes) -> Tensor:
    """A visitor's file -> its central square, 3 x UPLOAD_SIDE x UPLOAD_SIDE uint8.

    Raises Refusal with the reason why it cannot be used.
    """
    try:
        return torch.from_numpy(decode(file, UPLOAD_SIDE).copy()).permute(2, 0, 1)
    except Unreadable as reason:
        raise Refusal("{reason}", reason=read_sentence(reason)) from None


def tensor(image: str) -> Tensor:
    with Image.open(io.BytesIO(base64.b64decode(image))) as file:
        return torch.from_numpy(np.array(file.convert("RGB"))).permute(2, 0, 1)


def png(image: Tensor) -> str:
    """3 x H x W float in 0..1 -> base64 PNG."""
    pixels = (image.clamp(0, 1) * 255).round().byte().permute(1, 2, 0).numpy()
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()
