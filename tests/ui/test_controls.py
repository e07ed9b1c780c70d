"""Widgets made from knobs hold the knob's bounds, and views survive the way through them."""

import pytest
from streamlit.testing.v1 import AppTest

from sslviz.augment.catalogue import OPS, RANGES
from sslviz.augment.view import ViewConfig
from sslviz.config import RunConfig
from sslviz.knobs import knobs


def run_knobs(method: str | None = None) -> None:
    import streamlit as st

    from sslviz.config import RunConfig
    from sslviz.knobs import knobs
    from sslviz.methods import card
    from sslviz.ui.controls import knob_widget

    config = card(method).config if method else RunConfig
    st.session_state["got"] = {
        name: knob_widget(knob, name, knob.default, live=knob.live)
        for name, knob in knobs(config).items()
    }


def view_page(view: dict) -> None:
    import streamlit as st

    from sslviz.augment.view import ViewConfig
    from sslviz.ui.controls import set_view, view_controls

    if st.button("reset"):
        set_view("v", ViewConfig())
    st.session_state["got"] = view_controls("v", ViewConfig(**view))


def drawn(page, **kwargs) -> AppTest:
    app = AppTest.from_function(page, kwargs=kwargs).run(timeout=30)
    assert not app.exception
    return app


def test_every_run_knob_gets_a_widget_that_returns_its_default():
    app = drawn(run_knobs)
    assert app.session_state["got"] == {k: v.default for k, v in knobs(RunConfig).items()}


def test_widgets_carry_the_bounds_choices_and_kind_of_their_knob():
    app = drawn(run_knobs, method="simclr")
    tau = app.slider(key="tau")
    assert (tau.min, tau.max, tau.step, tau.value) == (0.02, 2.0, 0.01, 0.2)
    assert "May change while a run trains" in tau.help
    width = app.number_input(key="embedding")
    assert (width.min, width.max, width.value) == (2, 4096, 64)
    assert "May change" not in width.help
    assert app.toggle(key="negatives").value is True
    tau.set_value(0.5).run()
    assert app.session_state["got"]["tau"] == 0.5
    assert isinstance(app.session_state["got"]["embedding"], int)


def test_what_a_widget_holds_is_also_the_default_it_is_drawn_with():
    """A widget in a menu that was never open starts, in the browser, from its default."""
    app = drawn(run_knobs, method="simclr")
    app.slider(key="tau").set_value(0.5)
    app.toggle(key="negatives").set_value(False)
    app.number_input(key="embedding").set_value(128).run()
    assert list(app.slider(key="tau").proto.default) == [0.5]
    assert app.toggle(key="negatives").proto.default is False
    assert app.number_input(key="embedding").proto.default == 128


def test_a_view_comes_out_as_it_went_in():
    view = {"crop_scale_min": 0.08, "hue": 0.37, "blur": 0.5, "blur_sigma_max": 1.3, "jitter": 0.0}
    assert drawn(view_page, view=view).session_state["got"] == ViewConfig(**view)


def test_smallest_crop_can_never_exceed_the_largest():
    app = drawn(view_page, view={})
    app.slider(key="v.crop_scale_min").set_value((0.3, 0.6)).run()
    got = app.session_state["got"]
    assert (got.crop_scale_min, got.crop_scale_max) == (0.3, 0.6)


def test_strengths_of_an_op_that_is_off_cannot_be_changed():
    app = drawn(view_page, view={"jitter": 0.0})
    assert app.slider(key="v.hue").disabled
    app.slider(key="v.jitter").set_value(0.5).run()
    assert not app.slider(key="v.hue").disabled


def test_set_view_replaces_what_the_visitor_chose():
    app = drawn(view_page, view={"hue": 0.3, "blur": 0.5})
    app.slider(key="v.blur_sigma_min").set_value((1.0, 2.5)).run()
    app.button[0].click().run()
    assert app.session_state["got"] == ViewConfig()


@pytest.mark.parametrize("op", OPS)
def test_ops_are_probabilities(op):
    knob = knobs(ViewConfig)[op]
    assert (knob.low, knob.high) == (0.0, 1.0)


def test_every_op_has_a_chip_that_holds_all_its_strengths():
    app = drawn(view_page, view={})
    placed = {slider.key.removeprefix("v.") for slider in app.slider}
    upper = {high for _, high in RANGES}  # the upper end of a range is the second handle
    assert placed == set(knobs(ViewConfig)) - upper
