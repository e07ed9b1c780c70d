"""Images of every kind become RGB squares; what is no image is refused with a reason."""

import struct
import zlib
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from sslviz.data.decode import decode
from sslviz.data.sources import Unreadable


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
        (b"hello, I am a text", "not an image of a kind that is read"),
        (b"%PDF-1.7", "not an image of a kind that is read"),
        (encoded(Image.effect_noise((200, 200), 90), "JPEG")[:900], "damaged"),
        (encoded(Image.effect_noise((200, 200), 90))[:3000], "damaged"),
        (huge_png(), "pixels"),
        (huge_png(10_001, 10_000), "10001 x 10000 pixels; the most is 100 million"),
        (huge_png(0, 40), "cannot be read|damaged"),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_reason(data, reason):
    with pytest.raises(Unreadable, match=reason):
        decode(data, 32)


def png16(pixels):
    """A PNG of 16 bits a sample. pixels: H x W x C uint16, C 1 to 4."""
    height, width, channels = pixels.shape
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in pixels)
    kind = {1: 0, 2: 4, 3: 2, 4: 6}[channels]
    header = struct.pack(">IIBBBBB", width, height, 16, kind, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    )


def tiff16(pixels, order="<", deflated=False):
    """A TIFF of 16 bits a sample, RGB."""
    height, width, channels = pixels.shape
    data = pixels.astype(f"{order}u2").tobytes()
    data = zlib.compress(data) if deflated else data
    end = 8 + 2 + 12 * 9 + 4
    tags = [
        (256, 4, 1, width), (257, 4, 1, height), (258, 3, channels, end),
        (259, 3, 1, 8 if deflated else 1), (262, 3, 1, 2), (273, 4, 1, end + 2 * channels),
        (277, 3, 1, channels), (278, 4, 1, height), (279, 4, 1, len(data)),
    ]  # fmt: skip
    packed = b""
    for tag, kind, count, value in tags:
        short = kind == 3 and count == 1
        packed += struct.pack(f"{order}HHI", tag, kind, count)
        packed += struct.pack(f"{order}H2x" if short else f"{order}I", value)
    first = (b"II" if order == "<" else b"MM") + struct.pack(f"{order}HI", 42, 8)
    bits = struct.pack(f"{order}{channels}H", *[16] * channels)
    return first + struct.pack(f"{order}H", len(tags)) + packed + bytes(4) + bits + data


def deep(top, shape=(32, 32, 3)):
    pixels = np.random.default_rng(0).integers(0, top + 1, shape).astype(np.uint16)
    pixels[0, 0] = top
    return pixels


@pytest.mark.parametrize("top", [1023, 4095, 16_383, 65_535])
@pytest.mark.parametrize(
    "written",
    [
        png16,
        tiff16,
        lambda pixels: tiff16(pixels, ">"),
        lambda pixels: tiff16(pixels, deflated=True),
    ],
)
def test_colours_of_more_than_eight_bits_are_scaled_by_their_depth(top, written):
    pixels = deep(top)
    expected = np.round(pixels / top * 255)
    assert np.abs(decode(written(pixels), 32) - expected).max() <= 1


@pytest.mark.parametrize("top", [200, 1023, 4095, 65_535])
@pytest.mark.parametrize("form", ["PNG", "TIFF"])
def test_grey_of_more_than_eight_bits_is_scaled_by_its_depth(top, form):
    pixels = deep(top, (32, 32))
    expected = np.round(pixels / max(top, 255) * 255)
    picture = decode(encoded(Image.fromarray(pixels), form), 32)
    assert np.abs(picture[..., 0] - expected).max() <= 1


@pytest.mark.parametrize(
    ("low", "high", "black", "white"),
    [(0, 1, 0, 1), (0, 0.9, 0, 1), (0, 255, 0, 255), (-3, 5, -3, 5), (0, 7000, 0, 7000)],
)
def test_fractions_are_scaled_by_their_range(low, high, black, white):
    pixels = np.linspace(low, high, 32 * 32, dtype=np.float32).reshape(32, 32)
    picture = decode(encoded(Image.fromarray(pixels), "TIFF"), 32)
    expected = (pixels - black) / (white - black) * 255
    assert np.abs(picture[..., 0] - expected).max() <= 1


def test_what_is_no_number_is_black():
    pixels = np.full((32, 32), 0.5, np.float32)
    pixels[:4], pixels[4:8], pixels[8] = np.nan, np.inf, 1
    picture = decode(encoded(Image.fromarray(pixels), "TIFF"), 32)[..., 0]
    assert picture[0, 0] == 0 and picture[5, 0] == 255 and abs(int(picture[20, 0]) - 128) <= 1


def test_a_16_bit_colour_image_with_transparent_parts_lies_on_white():
    pixels = np.full((32, 32, 4), 65_535, np.uint16)
    pixels[16:, :, 3] = 0
    pixels[:16, :, 1:3] = 0
    picture = decode(png16(pixels), 32)
    assert picture[28, 16].tolist() == [255, 255, 255]
    assert picture[4, 16].tolist() == [255, 0, 0]
    opaque = png16(np.dstack([deep(4095), np.full((32, 32), 65_535, np.uint16)]))
    assert decode(opaque, 32).max() == 255


@pytest.mark.parametrize("form", ["TIFF", "PNG", "WEBP"])
def test_exif_orientation_is_obeyed_in_every_form(form):
    exif = Image.Exif()
    exif[0x0112] = 3
    turned = decode(encoded(halves((255, 0, 0), (0, 0, 255)), form, exif=exif), 32)
    assert turned[4, 16, 2] > 200 and turned[28, 16, 0] > 200


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "F"])
def test_tiff_of_every_mode_and_only_its_first_page(mode):
    white = Image.new("RGB", (32, 32), "white").convert("RGBA" if mode == "RGBA" else "RGB")
    white = white.convert(mode) if mode not in ("I;16", "F") else Image.new(mode, (32, 32), 1)
    if mode == "I;16":
        white = Image.new(mode, (32, 32), 65_535)
    black = Image.new(white.mode, white.size, (0, 0, 0, 255) if mode == "CMYK" else 0)
    data = encoded(white, "TIFF", save_all=True, append_images=[black])
    assert (decode(data, 32) >= 250).all()


def test_avif_is_read_where_pillow_reads_it():
    from PIL import features

    if not features.check("avif"):
        pytest.skip("this Pillow reads no AVIF")
    picture = decode(encoded(halves((200, 30, 40), (10, 60, 220)), "AVIF"), 32)
    assert np.abs(picture[4, 16].astype(int) - (200, 30, 40)).max() < 12


@pytest.mark.parametrize(("width", "height"), [(8000, 6000), (16_384, 12_288)])
def test_photographs_of_48_and_of_200_megapixels_are_decoded_small(width, height):
    photograph = halves(200, 30, (width, height), "L")
    picture = decode(encoded(photograph, "JPEG", quality=30), 32).astype(int)
    assert np.abs(picture[4, 16] - 200).max() < 8 and np.abs(picture[28, 16] - 30).max() < 8


def test_a_large_image_of_another_form_is_read_or_says_its_size():
    assert decode(encoded(Image.new("1", (9000, 9000), 1)), 16).min() == 255
    with pytest.raises(Unreadable, match="it has 12000 x 12000 pixels; the most is 100 million"):
        decode(encoded(Image.new("1", (12_000, 12_000))), 16)


def test_a_palette_with_transparency_lies_on_white():
    image = Image.new("P", (32, 32), 0)
    image.putpalette([255, 0, 0, 0, 0, 255])
    image.paste(1, (0, 16, 32, 32))
    picture = decode(encoded(image, transparency=1), 32)
    assert picture[4, 16].tolist() == [255, 0, 0] and picture[28, 16].tolist() == [255] * 3


def test_a_foreign_kind_is_called_by_its_name():
    with pytest.raises(Unreadable, match="it is a JPEG XL file that cannot be read"):
        decode(b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(40), 32)
