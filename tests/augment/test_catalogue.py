"""One row an op: its knobs, function, draw, words, strips and Korean are all there."""

import inspect

import polib
import pytest
import torch

from sslviz.augment import draws, geometry, ops
from sslviz.augment.catalogue import OPS, RANGES
from sslviz.augment.inspect import STRIPS
from sslviz.augment.params import describe, draw, neutral
from sslviz.augment.view import ViewConfig
from sslviz.config import RunConfig
from sslviz.knobs import knobs
from sslviz.refusal import Refusal
from sslviz.streams import stream
from sslviz.ui.text import LOCALE

ALWAYS = ViewConfig(**dict.fromkeys(OPS, 1.0))


def test_a_view_has_the_knobs_of_the_rows_and_no_others():
    rows = [knob for op in OPS.values() for knob in op.knobs()]
    assert list(knobs(ViewConfig).values()) == rows


@pytest.mark.parametrize("op", OPS.values(), ids=OPS)
def test_functions_take_what_the_row_hands_over(op):
    for name, takes in op.functions().items():
        function = getattr(geometry if op.kind == "geometry" else ops, name)
        arguments = list(inspect.signature(function).parameters)
        if name == "resample":
            own = takes or (op.name,)
            at = arguments.index(own[0])
            assert tuple(arguments[at : at + len(own)]) == own
        elif op.kind == "geometry":
            assert tuple(arguments) == takes
        else:
            assert arguments[0] == "images" and len(arguments) == 1 + len(takes + op.settings)
            assert set(op.settings) <= set(arguments) & set(knobs(ViewConfig))


def test_the_order_of_the_affine_rows_is_that_of_the_resampling():
    affine = [op for op in OPS.values() if op.function == "resample"]
    handed = [name for op in affine for name in (tuple(op.params) or (op.name,))]
    arguments = list(inspect.signature(geometry.resample).parameters)
    assert arguments[1 : 1 + len(handed)] == handed


@pytest.mark.parametrize("op", OPS.values(), ids=OPS)
def test_a_draw_gives_the_parameters_of_the_row(op):
    assert op.name in draws.UNIFORM and op.name in neutral(1)
    u = {name: torch.full((2,), 0.3) for name in draws.UNIFORM}
    if op.params:
        drawn = getattr(draws, op.name)(ALWAYS, u, torch.tensor([True, True]))
        assert set(drawn) == set(op.params)
        assert all(drawn[name].dtype == neutral(1)[name].dtype for name in drawn)
    else:
        assert not hasattr(draws, op.name)


@pytest.mark.parametrize("op", OPS.values(), ids=OPS)
def test_every_strength_is_told_and_has_its_strip(op):
    told = dict(describe(draw(ALWAYS, 1, stream(0, "test")), 0))[op.name]
    forms = {word.title: word.form for word in op.words}
    assert set(told) <= set(forms) and bool(told) == bool(op.strengths)
    assert all(forms[title].format(value) for title, value in told.items())
    strips = [strip.name for strip in op.strips] or [op.name]
    assert set(strips) <= set(STRIPS) & {knob.name for knob in op.knobs()}
    for strip in op.strips:
        assert set(strip.values(1, 4)) <= set(op.params)
        labels = [strip.label.written(strip.values(k, 4)) for k in range(1, 5)]
        assert len(set(labels)) == 4


@pytest.mark.parametrize("op", OPS.values(), ids=OPS)
def test_every_text_of_a_row_has_its_korean(op):
    files = sorted((LOCALE / "ko").glob("*.po"))
    korean = {e.msgid for path in files for e in polib.pofile(str(path)) if e.msgstr}
    texts = {text for knob in op.knobs() for text in (knob.label, knob.help)}
    assert texts | {word.title for word in op.words} <= korean


def test_the_ends_of_a_range_do_not_cross():
    for low, high in RANGES:
        top = knobs(ViewConfig)[low].high
        with pytest.raises(Refusal, match=f"view1.{low} is .* must not exceed view1.{high}"):
            RunConfig().with_settings({f"view1.{low}": top, f"view1.{high}": top / 2})


def test_a_config_from_before_an_op_was_added_leaves_it_out():
    old = RunConfig().to_json()
    new = {k.name for name in ("posterize", "perspective") for k in OPS[name].knobs()}
    for view in ("view1", "view2"):
        old[view] = {name: value for name, value in old[view].items() if name not in new}
    read = RunConfig.from_json(old)
    assert (read.view1, read.view2) == (ViewConfig(), ViewConfig())
    assert read.view1.posterize == read.view1.perspective == 0


# as they were before posterize and perspective came: three images, every op with probability 0.5
FIRST_OPS = (
    *("crop", "flip", "rotate", "shift", "jitter", "gray"),
    *("invert", "solarize", "blur", "sobel", "noise", "cutout"),
)
BEFORE = {
    "crop": [1, 1, 1],
    "flip": [1, 0, 0],
    "rotate": [1, 0, 0],
    "shift": [1, 0, 1],
    "jitter": [1, 0, 1],
    "gray": [1, 0, 0],
    "invert": [0, 0, 1],
    "solarize": [0, 1, 0],
    "blur": [0, 1, 1],
    "sobel": [1, 0, 1],
    "noise": [1, 0, 1],
    "cutout": [0, 0, 0],
    "left": [0.104688, 0.336717, 0.079597],
    "top": [0.003577, 0.393898, 0.144989],
    "width": [0.887206, 0.569422, 0.675037],
    "height": [0.957112, 0.460126, 0.853659],
    "degrees": [-22.77816, 0.0, 0.0],
    "right": [-0.187845, 0.0, 0.001857],
    "down": [-0.018839, 0.0, -0.060544],
    "zoom": [0.957098, 1.0, 1.075454],
    "brightness": [0.931895, 1.147419, 1.341403],
    "contrast": [1.102452, 0.689881, 1.001806],
    "saturation": [0.924732, 0.91857, 1.221084],
    "hue": [0.059515, 0.031427, 0.086519],
    "order": [11, 19, 20],
    "sigma": [1.11497, 0.830424, 0.823463],
    "seed": [10417010, 14752551, 9121663],
    "cutout_across": [0.102931, 0.311059, 0.788757],
    "cutout_down": [0.958075, 0.372741, 0.139867],
}


@pytest.mark.parametrize("new", [0.0, 1.0])
def test_new_ops_leave_all_earlier_draws_where_they_were(new):
    view = ViewConfig(**dict.fromkeys(OPS, new) | dict.fromkeys(FIRST_OPS, 0.5))
    drawn = draw(view, 3, stream(0, "test"))
    for name, values in BEFORE.items():
        assert drawn[name].tolist() == pytest.approx(values, abs=2e-6)


@pytest.mark.parametrize("n", [1, 3, 8, 17, 256])
def test_rows_at_the_end_do_not_move_those_before_them(n):
    few = torch.rand(43, n, generator=stream(3, "test"))
    many = torch.rand(len(draws.UNIFORM), n, generator=stream(3, "test"))
    assert len(draws.UNIFORM) > 43 and torch.equal(many[:43], few)
    assert len(set(draws.UNIFORM)) == len(draws.UNIFORM)
