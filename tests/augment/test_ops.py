"""Every op, image by image, against torchvision's op at the same parameters."""

import pytest
import torch
from torchvision.transforms.v2 import functional as tv

from sslviz.augment import ops
from tests.augment.drawn import SIZE, N, one_by_one, uniform

TOLERANCE = {"atol": 5e-6, "rtol": 0.0}  # rounding of float32


@pytest.mark.parametrize(
    ("op", "reference", "low", "high"),
    [
        (ops.brightness, tv.adjust_brightness, 0.0, 2.0),
        (ops.contrast, tv.adjust_contrast, 0.0, 2.0),
        (ops.saturation, tv.adjust_saturation, 0.0, 2.0),
        (ops.hue, tv.adjust_hue, -0.5, 0.5),
        (ops.solarize, tv.solarize, 0.0, 1.0),
    ],
)
def test_colour_ops_with_a_strength(images, op, reference, low, high):
    values = uniform(low, high)
    got = op(images, values)
    torch.testing.assert_close(got, one_by_one(images, reference, values), **TOLERANCE)
    assert not torch.equal(got, images)


def test_colour_ops_without_a_strength(images):
    gray = tv.rgb_to_grayscale(images, num_output_channels=3)
    torch.testing.assert_close(ops.gray(images), gray, **TOLERANCE)
    torch.testing.assert_close(ops.invert(images), tv.invert(images), **TOLERANCE)


def test_hue_leaves_grays_and_full_turns_alone(images):
    grays = images[:, :1].expand_as(images)
    torch.testing.assert_close(ops.hue(grays, uniform(-0.5, 0.5)), grays, **TOLERANCE)
    torch.testing.assert_close(ops.hue(images, torch.ones(N)), images, **TOLERANCE)
    third = torch.full((N,), 1 / 3)
    torch.testing.assert_close(ops.hue(images, third), images.roll(1, 1), **TOLERANCE)


@pytest.mark.parametrize("bits", range(1, 9))
def test_posterize_equals_that_of_the_image_in_8_bits(images, bits):
    """To the last bit: on images as they are in files, on any other as a file would round it."""
    written = (images * 255).round().byte()
    want = tv.posterize(written, bits) / 255
    kept = torch.full((N,), float(bits))
    assert torch.equal(ops.posterize(written / 255, kept), want)
    assert torch.equal(ops.posterize(images, kept), want)


def test_posterize_keeps_each_images_own_bits(images):
    bits = torch.arange(N) % 8 + 1
    got = ops.posterize(images, bits.float())
    for i in range(N):
        assert len(got[i].unique()) <= 2 ** int(bits[i])
        assert torch.equal(
            got[i], tv.posterize((images[i] * 255).round().byte(), int(bits[i])) / 255
        )


@pytest.mark.parametrize("radius", [1, 3, 6, 31])
def test_blur(images, radius):
    sigma = uniform(0.1, 4.0)
    size = [2 * radius + 1] * 2
    want = one_by_one(images, lambda x, s: tv.gaussian_blur(x, size, [s, s]), sigma)
    torch.testing.assert_close(ops.gaussian_blur(images, sigma, radius), want, **TOLERANCE)


def test_sobel_is_the_naive_gradient_length(images):
    light = tv.rgb_to_grayscale(images)[:4, 0]
    kernel = [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
    got = ops.sobel(images)
    for i in range(4):
        for y, x in [(0, 0), (0, 9), (31, 31), (12, 17), (5, 0)]:
            right = down = 0.0
            for a in (-1, 0, 1):
                for b in (-1, 0, 1):
                    pixel = float(light[i, min(max(y + a, 0), 31), min(max(x + b, 0), 31)])
                    right += kernel[a + 1][b + 1] * pixel
                    down += kernel[b + 1][a + 1] * pixel
            want = min((right**2 + down**2) ** 0.5 / 4, 1.0)
            assert got[i, :, y, x].tolist() == pytest.approx([want] * 3, abs=2e-6)


def test_sobel_of_a_black_white_edge_reads_one():
    x = torch.zeros(1, 3, 8, 8)
    x[..., 4:] = 1
    columns = torch.tensor([0.0, 0, 0, 1, 1, 0, 0, 0])
    torch.testing.assert_close(ops.sobel(x)[0, 0], columns.expand(8, 8), atol=2e-4, rtol=0)


def test_noise_is_standard_normal_and_independent():
    gray = torch.full((64, 3, 32, 32), 0.5)
    seed = torch.arange(64.0) * 7
    added = (ops.noise(gray, seed, torch.full((64,), 0.05)) - 0.5) / 0.05
    flat = added.flatten()
    n = len(flat)  # 196,608
    assert abs(float(flat.mean())) < 5 / n**0.5
    assert abs(float(flat.var()) - 1) < 5 * (2 / n) ** 0.5
    ordered = flat.sort().values
    steps = torch.arange(1, n + 1) / n
    distance = (torch.special.ndtr(ordered) - steps).abs().max()
    assert float(distance) < 1.95 / n**0.5  # Kolmogorov and Smirnov, 0.1%
    for other in (added.roll(1, 0), added.roll(1, 1), added.roll(1, 2), added.roll(1, 3)):
        assert abs(float((added * other).mean())) < 5 / n**0.5


def test_noise_is_clamped_and_scaled_per_image(images):
    std = torch.zeros(N)
    std[3] = 0.4
    got = ops.noise(images, torch.arange(float(N)), std)
    assert torch.equal(got[:3], images[:3])
    assert not torch.equal(got[3], images[3])
    assert 0 <= float(got.min()) and float(got.max()) <= 1


def test_cutout_covers_the_square_that_erase_covers(images):
    side, across, down = uniform(0.1, 0.9, 3), uniform(0, 1, 4), uniform(0, 1, 5)

    def reference(image, share, x, y):
        length = round(share * SIZE)
        left, top = int(x * (SIZE - length + 1)), int(y * (SIZE - length + 1))
        return tv.erase(image, top, left, length, length, torch.tensor(0.5))

    want = one_by_one(images, reference, side, across, down)
    assert torch.equal(ops.cutout(images, across, down, side), want)
