"""Draws: per image, reproducible, paired between runs; views: by their own parameters alone."""

from dataclasses import replace

import pytest
import torch
from torchvision.transforms.v2 import functional as tv

from sslviz.augment.apply import apply
from sslviz.augment.catalogue import OPS
from sslviz.augment.draws import JITTER_ORDERS
from sslviz.augment.packed import apply_packed, pack
from sslviz.augment.params import describe, draw, neutral
from sslviz.augment.pipeline import Pipeline
from sslviz.augment.view import ViewConfig
from sslviz.knobs import knobs
from sslviz.streams import stream

JITTER = OPS["jitter"].shuffled
CORNERS = OPS["perspective"].params
EVERYTHING = ViewConfig(
    **{op: 0.5 for op in OPS}, cutout_side=0.3, hue=0.3, blur_sigma_max=3.0, shift_scale=1.5
)


@pytest.fixture(scope="module")
def images():
    generator = torch.Generator().manual_seed(0)
    return torch.randint(0, 256, (40, 3, 32, 32), generator=generator, dtype=torch.uint8)


def drawn(view, n=4000, seed=0):
    return draw(view, n, stream(seed, "test"))


def test_streams_are_decided_by_seed_name_and_step():
    def first(*key):
        return torch.rand(4, generator=stream(*key)).tolist()

    assert first(0, "a", 1) == first(0, "a", 1)
    others = [first(1, "a", 1), first(0, "b", 1), first(0, "a", 2), first(0, "a")]
    assert all(other != first(0, "a", 1) for other in others)


def test_views_repeat_exactly_and_differ_between_views_steps_calls_and_seeds(images):
    one = Pipeline(EVERYTHING, EVERYTHING, seed=5)
    step = one.at(7)
    first, second_call = step.view(images, 1), step.view(images, 1)
    again = Pipeline(EVERYTHING, EVERYTHING, seed=5).at(7)
    assert torch.equal(again.view(images, 1), first)
    assert torch.equal(again.view(images, 1), second_call)
    others = [second_call, one.at(7).view(images, 2), one.at(8).view(images, 1)]
    others.append(Pipeline(EVERYTHING, EVERYTHING, seed=6).at(7).view(images, 1))
    for other in others:
        assert not torch.equal(other, first)


def test_view_2_does_not_depend_on_how_often_view_1_was_asked_for(images):
    pipeline = Pipeline(EVERYTHING, EVERYTHING, seed=5)
    busy = pipeline.at(0)
    busy.view(images, 1)
    busy.view(images, 1)
    assert torch.equal(busy.view(images, 2), pipeline.at(0).view(images, 2))


def test_views_are_float32_in_0_to_1_and_the_images_stay_as_they_were(images):
    before = images.clone()
    augment = Pipeline(EVERYTHING, ViewConfig(), 0).at(0)
    for view in (augment.view(images, 1), augment.view(images, 2), augment.plain(images)):
        assert view.dtype == torch.float32 and view.shape == images.shape
        assert float(view.min()) >= -1e-6 and float(view.max()) <= 1 + 1e-6
    assert torch.equal(images, before)
    assert torch.equal((augment.plain(images) * 255).round().byte(), images)


def test_nothing_drawn_changes_nothing(images):
    x = images / 255
    assert torch.equal(apply(x, neutral(len(x)), ViewConfig()), x)
    off = ViewConfig(**dict.fromkeys(OPS, 0.0))
    assert torch.equal(apply(x, drawn(off, len(x)), off), x)
    assert all(describe(drawn(off, 3), i) == [] for i in range(3))


@pytest.mark.parametrize("name", sorted(knobs(ViewConfig)))
def test_a_changed_setting_leaves_all_other_draws_alone(name):
    changed_by = {
        "crop": {"crop", "left", "top", "width", "height"},
        "crop_scale_min": {"left", "top", "width", "height"},
        "crop_scale_max": {"left", "top", "width", "height"},
        "crop_ratio": {"left", "top", "width", "height"},
        "rotate": {"rotate", "degrees"},
        "rotate_degrees": {"degrees"},
        "shift": {"shift", "right", "down", "zoom"},
        "shift_fraction": {"right", "down"},
        "shift_scale": {"zoom"},
        "perspective": {"perspective", *CORNERS},
        "perspective_distortion": set(CORNERS),
        "solarize_threshold": {"threshold"},
        "posterize_bits": {"bits"},
        "blur_sigma_min": {"sigma"},
        "blur_sigma_max": {"sigma"},
        "noise_std": {"std"},
        "cutout_side": {"side"},
        "stamp_bits": {"stamped"},
    }
    value = getattr(EVERYTHING, name)
    other = {"crop_scale_min": 0.25, "posterize_bits": 5, "stamp_bits": 7}.get(name, value * 0.9)
    a, b = drawn(EVERYTHING, 300), drawn(replace(EVERYTHING, **{name: other}), 300)
    changed = {key for key in a if not torch.equal(a[key], b[key])}
    assert changed == changed_by.get(name, {name})


def test_a_stronger_hue_leaves_the_crops_where_they_were(images):
    """In pixels: on gray images hue has no effect, so the views must be equal to the last bit."""
    gray = images[:, :1].expand_as(images)
    weak = replace(EVERYTHING, hue=0.1)
    strong = Pipeline(EVERYTHING, EVERYTHING, 3).at(2)
    torch.testing.assert_close(
        Pipeline(weak, weak, 3).at(2).view(gray, 1), strong.view(gray, 1), atol=1e-5, rtol=0
    )


def test_each_image_is_changed_by_its_own_parameters_only(images):
    x = images / 255
    params = drawn(EVERYTHING, len(x))
    batch = apply(x, params, EVERYTHING)
    for i in range(len(x)):
        own = {name: values[i : i + 1] for name, values in params.items()}
        alone = apply(x[i : i + 1], own, EVERYTHING)
        torch.testing.assert_close(alone[0], batch[i], atol=1e-5, rtol=0)


def test_parameters_differ_inside_a_batch():
    params = drawn(EVERYTHING, 64)
    for name in ("degrees", "zoom", "brightness", "hue", "sigma", "seed", "cutout_across", "width"):
        assert len(params[name].unique()) > 20


def test_jitter_runs_in_each_images_own_order(images):
    view = ViewConfig(crop=0, flip=0, gray=0, jitter=1, hue=0.3)
    x = images / 255
    params = drawn(view, len(x))
    got = apply(x, params, view)
    assert len(params["order"].unique()) > 10
    reference = [getattr(tv, f"adjust_{name}") for name in JITTER]
    for i in range(len(x)):
        want = x[i]
        for k in JITTER_ORDERS[params["order"][i]].tolist():
            want = reference[k](want, float(params[JITTER[k]][i]))
        torch.testing.assert_close(got[i], want, atol=5e-6, rtol=0)


def test_probabilities_and_ranges_are_those_of_the_settings():
    n = 4000
    view = ViewConfig(**{op: 0.1 + 0.06 * k for k, op in enumerate(OPS)})
    params = drawn(view, n)
    for op in OPS:
        p = getattr(view, op)
        assert abs(float(params[op].float().mean()) - p) < 5 * (p * (1 - p) / n) ** 0.5
    uniform_in = {"brightness": (0.6, 1.4), "hue": (-0.1, 0.1), "sigma": (0.1, 2.0)}
    for name, (low, high) in uniform_in.items():
        place = (params[name] - low) / (high - low)
        assert float(place.min()) >= -1e-5 and float(place.max()) <= 1 + 1e-5
        assert abs(float(place.mean()) - 0.5) < 5 / (12 * n) ** 0.5
    at_rest = ~params["rotate"]
    assert bool((params["degrees"][at_rest] == 0).all())
    assert float(params["degrees"].abs().max()) <= 30


def test_crop_boxes_follow_torchvisions_random_resized_crop():
    """Mean and quantiles of area, shape and place against torchvision's own sampler."""
    from torchvision.transforms import RandomResizedCrop

    n, side = 4000, 1000
    torch.manual_seed(0)
    canvas = torch.empty(1, side, side)
    boxes = [RandomResizedCrop.get_params(canvas, [0.08, 1.0], [3 / 4, 4 / 3]) for _ in range(n)]
    top, left, height, width = (torch.tensor(boxes).float() / side).unbind(1)
    params = drawn(ViewConfig(crop_scale_min=0.08, crop_ratio=4 / 3), n)
    pairs = [
        (params["width"] * params["height"], width * height),
        (params["width"] / params["height"], width / height),
        (params["left"], left),
        (params["top"], top),
    ]
    for ours, theirs in pairs:
        both = torch.cat([ours, theirs]).sort().values
        a = torch.searchsorted(ours.sort().values, both, right=True) / n
        b = torch.searchsorted(theirs.sort().values, both, right=True) / n
        assert float((a - b).abs().max()) < 1.95 * (2 / n) ** 0.5  # two-sample test, 0.1%
    assert bool((params["left"] + params["width"] <= 1 + 1e-5).all())


def test_corners_follow_torchvisions_random_perspective():
    """Each of the eight numbers against torchvision's own sampler, on a canvas of 1,000 pixels."""
    from torchvision.transforms import RandomPerspective

    n, side = 4000, 1000
    torch.manual_seed(0)
    ends = [RandomPerspective.get_params(side, side, 0.5)[1] for _ in range(n)]
    inwards = torch.tensor(ends)
    inwards = torch.minimum(inwards, side - 1 - inwards).float() / side  # N x 4 x 2
    params = drawn(ViewConfig(perspective=1.0, perspective_distortion=0.5), n)
    for name, theirs in zip(CORNERS, inwards.flatten(1).unbind(1), strict=True):
        ours = params[name]
        both = torch.cat([ours, theirs]).sort().values
        a = torch.searchsorted(ours.sort().values, both, right=True) / n
        b = torch.searchsorted(theirs.sort().values, both, right=True) / n
        assert float((a - b).abs().max()) < 1.95 * (2 / n) ** 0.5  # two-sample test, 0.1%
        assert float(ours.min()) >= 0 and float(ours.max()) <= 0.25


def test_describe_names_what_happened_to_one_image():
    params = drawn(EVERYTHING, 50)
    for i in range(50):
        told = describe(params, i)
        assert [op for op, _ in told] == [op for op in OPS if params[op][i]]
        for op, values in told:
            if op == "blur":
                assert values["sigma"] == pytest.approx(float(params["sigma"][i]), abs=1e-3)
            if op == "jitter":
                order = JITTER_ORDERS[params["order"][i]].tolist()
                assert list(values) == [JITTER[k] for k in order]


def test_blur_is_stated_for_32_pixels_and_grows_with_the_image():
    view = replace(EVERYTHING, **{op: float(op == "blur") for op in OPS})
    params = neutral(1) | {"blur": torch.tensor([True]), "sigma": torch.tensor([1.5])}
    x = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    want = tv.gaussian_blur(x, [37, 37], [3.0, 3.0])  # 3 sigma_max = 18 pixels either way
    torch.testing.assert_close(apply(x, params, view), want, atol=5e-6, rtol=0)


RECIPES = {
    "everything": EVERYTHING,
    "nothing": ViewConfig(**dict.fromkeys(OPS, 0.0)),
    "colour": ViewConfig(**{op: float(OPS[op].kind != "geometry") for op in OPS}, brightness=0.0),
    "perspective": ViewConfig(**{op: 0.7 * (op == "perspective") for op in OPS}),
}


@pytest.mark.parametrize("name", RECIPES)
def test_packed_draws_make_the_same_views(images, name):
    recipe, x = RECIPES[name], images / 255
    params = drawn(recipe, len(x))
    found = apply_packed(x, pack(params, recipe), recipe)
    torch.testing.assert_close(found, apply(x, params, recipe), atol=2e-6, rtol=0)


def test_views_from_draws_that_lie_ready_are_those_of_the_step(images):
    pipeline = Pipeline(EVERYTHING, RECIPES["colour"], seed=5)
    plain, ahead = pipeline.at(7), pipeline.at(7)
    ready = {(w, k): ahead.packed(len(images), w) for w in (1, 2) for k in (0, 1)}
    step = pipeline.at(0, ready)
    for which in (1, 2, 1, 2):
        want = plain.view(images, which)
        torch.testing.assert_close(step.view(images, which), want, atol=2e-6, rtol=0)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs CUDA")
def test_views_on_cuda_equal_those_on_the_cpu(images):
    pipeline = Pipeline(EVERYTHING, EVERYTHING, 0)
    on_cpu = pipeline.at(4).view(images, 1)
    cuda = images.cuda()
    pipeline.at(0).view(cuda, 1)
    torch.cuda.set_sync_debug_mode("error")
    on_gpu = pipeline.at(4).view(cuda, 1)
    torch.cuda.set_sync_debug_mode("default")
    assert float((on_gpu.cpu() - on_cpu).abs().mean()) < 1e-5


def test_the_stamp_is_the_same_on_both_views_and_another_in_the_next_step(images):
    recipe = ViewConfig(**dict.fromkeys(OPS, 0.0) | {"stamp": 1.0, "stamp_bits": 8})
    pipeline = Pipeline(recipe, replace(recipe, flip=1.0), 3)
    now, later = pipeline.at(1), pipeline.at(2)
    one, two = now.view(images, 1), now.view(images, 2)
    side = images.shape[-1] // 8
    assert torch.equal(one[:, :, :side], two[:, :, :side])
    assert torch.equal(one[:, :, side:], images[:, :, side:] / 255)
    assert not torch.equal(one, later.view(images, 1))
