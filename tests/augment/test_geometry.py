"""Crops, turns, shifts and perspective, against torchvision at the same parameters."""

import pytest
import torch
from torchvision.transforms.v2 import functional as tv

from sslviz.augment.geometry import perspective, resample
from tests.augment.drawn import SIZE, N, one_by_one, uniform

RESAMPLED = {"atol": 1e-4, "rtol": 0.0}  # geometry: rounding of coordinates of up to 32 pixels


def whole():
    return torch.zeros(N), torch.zeros(N), torch.ones(N), torch.ones(N)


def still(images, **changes):
    rest = torch.zeros(N)
    usual = {"crop": whole(), "flip": rest, "degrees": rest, "shift": (rest, rest)}
    given = usual | {"zoom": torch.ones(N)} | changes
    own = (given.pop(name) for name in ("flip", "degrees"))
    return resample(
        images, *given.pop("crop"), *own, *given.pop("shift"), given.pop("zoom"), **given
    )


def test_crop_and_flip_equal_resized_crop(images):
    """To the last pixel, edges included; antialias plays no role, as crops are only enlarged."""
    boxes = torch.randint(4, SIZE + 1, (N, 2), generator=torch.Generator().manual_seed(3))
    width, height = boxes.unbind(1)
    left = (uniform(0, 1, 6) * (SIZE - width + 1)).long()
    top = (uniform(0, 1, 7) * (SIZE - height + 1)).long()
    flip = torch.arange(N) % 2 == 0
    got = still(images, crop=tuple(v / SIZE for v in (left, top, width, height)), flip=flip)

    def reference(image, x, y, w, h, mirrored):
        out = tv.resized_crop(image, y, x, h, w, [SIZE, SIZE], antialias=True)
        return tv.horizontal_flip(out) if mirrored else out

    want = one_by_one(images, reference, left, top, width, height, flip)
    torch.testing.assert_close(got, want, **RESAMPLED)


def test_rotation_equals_rotate(images):
    degrees = uniform(-180, 180)
    got = still(images, degrees=degrees, outside="zeros")
    want = one_by_one(images, lambda x, a: tv.rotate(x, a, tv.InterpolationMode.BILINEAR), degrees)
    torch.testing.assert_close(got, want, **RESAMPLED)


@pytest.mark.parametrize("size", [(32, 32), (24, 48)])
def test_rotation_shift_and_zoom_equal_affine(images, size):
    images = tv.resize(images, list(size))
    degrees, zoom = uniform(-90, 90), uniform(0.5, 2.0, 3)
    right, down = uniform(-10, 10, 4).round(), uniform(-10, 10, 5).round()
    shift = (right / size[1], down / size[0])
    got = still(images, degrees=degrees, shift=shift, zoom=zoom, outside="zeros")

    def reference(image, angle, x, y, scale):
        mode = tv.InterpolationMode.BILINEAR
        return tv.affine(image, -angle, [x, y], scale, [0.0, 0.0], mode)

    want = one_by_one(images, reference, degrees, right, down, zoom)
    torch.testing.assert_close(got, want, **RESAMPLED)


def test_border_differs_from_black_only_where_the_image_ends(images):
    """Wherever a white image stays white with black outside, both ways give the same."""
    degrees = uniform(-60, 60)
    black = still(images, degrees=degrees, outside="zeros")
    border = still(images, degrees=degrees)
    inside = still(torch.ones_like(images), degrees=degrees, outside="zeros") > 1 - 1e-4
    assert inside.float().mean() > 0.5
    torch.testing.assert_close(border[inside], black[inside], **RESAMPLED)
    torch.testing.assert_close(
        still(torch.ones_like(images), degrees=degrees), torch.ones_like(images), **RESAMPLED
    )


def moved_corners(size, largest=0.3, seed=10):
    """Whole pixels by which the corners go inwards, N x 4 x 2 (across, down), and as shares."""
    height, width = size
    sides = torch.tensor([width, height])
    generator = torch.Generator().manual_seed(seed)
    pixels = (torch.rand(N, 4, 2, generator=generator) * (largest * sides + 1)).long()
    return pixels, [share for corner in (pixels / sides).unbind(1) for share in corner.unbind(1)]


def slanted(image, pixels):
    """torchvision's perspective from the image's corners to those moved by `pixels` (4 x 2)."""
    height, width = image.shape[-2:]
    start = [[0, 0], [width, 0], [width, height], [0, height]]
    inwards = [(1, 1), (-1, 1), (-1, -1), (1, -1)]
    end = [
        [x + a * i, y + b * j]
        for (x, y), (a, b), (i, j) in zip(start, inwards, pixels.tolist(), strict=True)
    ]
    return tv.perspective(image, start, end, tv.InterpolationMode.BILINEAR)


@pytest.mark.parametrize("size", [(32, 32), (24, 48), (96, 96)])
def test_perspective_equals_perspective(images, size):
    """Edges and what lies outside included; the largest difference seen was 6e-5."""
    images = tv.resize(images, list(size))
    pixels, shares = moved_corners(size)
    got = still(images, later=[perspective(*shares)], outside="zeros")
    want = torch.stack([slanted(image, own) for image, own in zip(images, pixels, strict=True)])
    torch.testing.assert_close(got, want, **RESAMPLED)


def test_perspective_with_border_differs_from_black_only_where_the_image_ends(images):
    later = [perspective(*moved_corners((SIZE, SIZE))[1])]
    white = torch.ones_like(images)
    border, black = (still(images, later=later, outside=o) for o in ("border", "zeros"))
    inside = still(white, later=later, outside="zeros") > 1 - 1e-6
    assert 0.2 < inside.float().mean() < 0.9
    torch.testing.assert_close(border[inside], black[inside], **RESAMPLED)
    torch.testing.assert_close(still(white, later=later), white, **RESAMPLED)


def test_beyond_the_horizon_the_nearest_edge_goes_on():
    """Sides that meet inside the picture: above that point nothing is seen upside down."""
    halves = torch.zeros(1, 3, SIZE, SIZE)
    halves[..., SIZE // 2 :, :] = 1  # black above, white below
    shares = [torch.tensor([v]) for v in (0.3, 0.3, 0.3, 0.3, 0.0, 0.3, 0.0, 0.3)]
    whole, rest = [torch.tensor([v]) for v in (0.0, 0.0, 1.0, 1.0)], torch.zeros(1)
    place = (*whole, rest, rest, rest, rest, torch.ones(1))
    seen = resample(halves, *place, later=[perspective(*shares)])
    assert (
        float(seen[..., : SIZE // 3, :].max()) == 0 and float(seen[..., -SIZE // 3 :, :].min()) == 1
    )


def test_images_whose_corners_stay_are_resampled_as_without_perspective(images):
    """To the last bit, in a batch in which others are slanted, crops and turns among them."""
    box = (uniform(0, 0.4, 6), uniform(0, 0.4, 7), uniform(0.4, 0.6, 8), uniform(0.4, 0.6, 9))
    turned = torch.arange(N) % 3 == 0
    own = {"crop": box, "flip": torch.arange(N) % 2 == 0, "degrees": uniform(-40, 40) * turned}
    slant = torch.arange(N) % 4 == 1
    shares = [share * slant for share in moved_corners((SIZE, SIZE))[1]]
    for outside in ("border", "zeros"):
        plain = still(images, **own, outside=outside)
        got = still(images, **own, later=[perspective(*shares)], outside=outside)
        assert torch.equal(got[~slant], plain[~slant])
        assert all(
            not torch.equal(a, b) for a, b in zip(got[slant][2:], plain[slant][2:], strict=True)
        )


def test_perspective_comes_after_the_turn():
    """On a smooth image one map equals the two in a row."""
    y, x = torch.meshgrid(torch.arange(64.0), torch.arange(64.0), indexing="ij")
    smooth = torch.stack([(x / 20).sin(), (y / 20).cos(), (x + y) / 128]).expand(N, 3, 64, 64)
    degrees, later = uniform(-40, 40), [perspective(*moved_corners((64, 64), 0.1)[1])]
    zoom = torch.full((N,), 1.6)
    at_once = still(smooth, degrees=degrees, zoom=zoom, later=later)
    in_a_row = still(still(smooth, degrees=degrees, zoom=zoom), later=later)
    middle = (..., slice(12, 52), slice(12, 52))
    torch.testing.assert_close(at_once[middle], in_a_row[middle], atol=2e-3, rtol=0)


def test_composed_map_is_crop_then_flip_then_turn():
    """On a linear ramp, which bilinear resampling keeps exact, one map equals three in a row."""
    y, x = torch.meshgrid(torch.arange(64.0), torch.arange(64.0), indexing="ij")
    ramp = torch.stack([x, y, x + y]).expand(N, 3, 64, 64) / 128
    box = (uniform(0, 0.4, 6), uniform(0, 0.4, 7), uniform(0.4, 0.6, 8), uniform(0.4, 0.6, 9))
    flip, degrees = torch.arange(N) % 2 == 0, uniform(-40, 40)
    shift, zoom = (uniform(-0.1, 0.1, 3), uniform(-0.1, 0.1, 4)), uniform(1.5, 2.0, 5)
    at_once = resample(ramp, *box, flip, degrees, *shift, zoom)
    in_a_row = still(
        still(still(ramp, crop=box), flip=flip), degrees=degrees, shift=shift, zoom=zoom
    )
    middle = (..., slice(8, 56), slice(8, 56))
    torch.testing.assert_close(at_once[middle], in_a_row[middle], atol=2e-3, rtol=0)
