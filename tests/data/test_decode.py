"""Images of every kind become RGB squares; what is no image is refused with a reason."""

import struct
import zlib
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from sslviz.data.decode import Unreadable, decode


def encoded(image, form="PNG", **options):
    file = BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def halves(first, second, size=(64, 64), mode="RGB"):
    """Upper half `first`, lower half `second`."""
    image = Image.new(mode, size, first)
    image.paste(second, (0, size[1] // 2, size[0], size[1]))
    return image


def huge_png(width=60_000, height=60_000):
    """A PNG of 60 bytes that claims to be large."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in ((b"IHDR", header), (b"IDAT", b"xx"))
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize("form", ["PNG", "WEBP", "GIF", "BMP", "PPM", "JPEG"])
def test_every_allowed_format_is_read(form):
    picture = decode(encoded(halves((200, 30, 40), (10, 60, 220)), form), 32)
    assert picture.shape == (32, 32, 3) and picture.dtype == np.uint8
    assert np.abs(picture[4, 16].astype(int) - (200, 30, 40)).max() < 8
    assert np.abs(picture[28, 16].astype(int) - (10, 60, 220)).max() < 8


def test_an_image_of_the_right_size_is_left_as_it_is():
    pixels = np.random.default_rng(0).integers(0, 256, (32, 32, 3), dtype=np.uint8)
    assert np.array_equal(decode(encoded(Image.fromarray(pixels)), 32), pixels)


def test_the_centre_square_is_kept():
    image = Image.new("RGB", (120, 40), "red")
    image.paste("blue", (40, 0, 80, 40))
    assert (decode(encoded(image), 20) == (0, 0, 255)).all()


def test_shrinking_averages_instead_of_picking():
    checks = (np.indices((64, 64)).sum(0) % 2 * 255).astype(np.uint8)
    picture = decode(encoded(Image.fromarray(checks)), 16)
    assert np.abs(picture.astype(int) - 127).max() < 12


def test_exif_orientation_is_obeyed():
    exif = Image.Exif()
    exif[0x0112] = 3
    turned = decode(encoded(halves("red", "blue"), "JPEG", exif=exif), 32)
    assert turned[4, 16, 2] > 200 and turned[28, 16, 0] > 200


def test_cmyk_becomes_rgb():
    picture = decode(encoded(Image.new("CMYK", (40, 40), (255, 0, 0, 0)), "JPEG"), 16)
    assert picture[8, 8, 0] < 60 and picture[8, 8, 2] > 180


def test_sixteen_bits_are_scaled_not_cut():
    levels = np.full((16, 16), 32_768, np.uint16)
    assert np.abs(decode(encoded(Image.fromarray(levels)), 16).astype(int) - 127.5).max() <= 1


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "RGBA", "I;16"])
def test_every_mode_becomes_rgb(mode):
    image = Image.new("L" if mode == "I;16" else "RGB", (24, 24), "white")
    image = Image.new("I;16", (24, 24), 65_535) if mode == "I;16" else image.convert(mode)
    form = "PNG" if mode != "PA" else "WEBP"
    image = image.convert("RGBA") if mode == "PA" else image
    assert (decode(encoded(image, form), 16) >= 254).all()


def test_transparent_parts_lie_on_white():
    image = halves((255, 0, 0, 255), (0, 0, 0, 0), mode="RGBA")
    picture = decode(encoded(image), 32)
    assert picture[28, 16].tolist() == [255, 255, 255]
    assert picture[4, 16].tolist() == [255, 0, 0]


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_of_an_animation_the_first_frame_is_taken(form):
    frames = [Image.new("RGB", (32, 32), colour) for colour in ("red", "lime", "blue")]
    data = encoded(frames[0], form, save_all=True, append_images=frames[1:], duration=50)
    assert decode(data, 16)[8, 8, 0] > 240


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"hello, I am a text", "not a JPEG"),
        (b"%PDF-1.7", "not a JPEG"),
        (encoded(halves("red", "blue"), "TIFF"), "not a JPEG"),
        (encoded(Image.effect_noise((200, 200), 90), "JPEG")[:900], "damaged"),
        (encoded(Image.effect_noise((200, 200), 90))[:3000], "damaged"),
        (huge_png(), "pixels"),
        (huge_png(9000, 9000), "9000 x 9000 pixels; the most is 50 million"),
        (huge_png(0, 40), "not a|damaged"),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_reason(data, reason):
    with pytest.raises(Unreadable, match=reason):
        decode(data, 32)
