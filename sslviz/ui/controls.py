"""Widgets made from knobs: whoever writes a knob gets its widget, its bounds and its help."""

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Any

import streamlit as st

from sslviz.augment.view import ViewConfig
from sslviz.knobs import Knob, Scalar, knobs
from sslviz.ui import state
from sslviz.ui.text import _

MOST_NOTCHES = 200

# op -> its strengths; a pair is one slider with two handles, so its ends cannot cross
VIEW_OPS: dict[str, tuple[str | tuple[str, str], ...]] = {
    "crop": (("crop_scale_min", "crop_scale_max"), "crop_ratio"),
    "flip": (),
    "rotate": ("rotate_degrees",),
    "shift": ("shift_fraction", "shift_scale"),
    "jitter": ("brightness", "contrast", "saturation", "hue"),
    "gray": (),
    "invert": (),
    "solarize": ("solarize_threshold",),
    "blur": (("blur_sigma_min", "blur_sigma_max"),),
    "sobel": (),
    "noise": ("noise_std",),
    "cutout": ("cutout_side",),
}


def knob_widget(
    knob: Knob,
    key: str,
    value: Scalar,
    disabled: bool = False,
    live: bool = False,
    on_change: Callable[[], None] | None = None,
) -> Scalar:
    """Draws the widget that fits `knob` and returns what stands in it.

    `value` is what it starts from; afterwards what the visitor chose counts, until another value
    is put into `key` with `state.set_widget`. With `live` the help says that the knob may change
    while a run trains.
    """
    help = _(knob.help)
    if live and knob.live:
        help += "\n\n" + _("May change while a run trains.")
    got = _widget_for(knob, state.widget(key, value))(
        _(knob.label), key=key, help=help, disabled=disabled, on_change=on_change or "rerun"
    )
    return round(got, 8) if isinstance(got, float) else got


def _widget_for(knob: Knob, held: Any) -> Callable[..., Any]:
    """The Streamlit function that draws the knob, with its bounds or choices and what it holds.

    A widget in a closed menu is not in the browser yet: once opened it shows, and sends back, the
    default it is drawn with. So `held` is drawn as the default every time.
    """
    if isinstance(knob.default, bool):
        return partial(st.toggle, value=bool(held))
    if knob.choices:
        index = knob.choices.index(held) if held in knob.choices else 0
        return partial(st.selectbox, options=knob.choices, index=index, format_func=_)
    if isinstance(knob.default, str):
        return partial(st.text_input, value=str(held))
    kind = int if isinstance(knob.default, int) else float
    assert knob.low is not None and knob.high is not None
    step = kind(knob.step or 1)
    slides = (knob.high - knob.low) / step <= MOST_NOTCHES
    return partial(
        st.slider if slides else st.number_input,
        min_value=kind(knob.low),
        max_value=kind(knob.high),
        value=tuple(map(kind, held)) if isinstance(held, tuple | list) else kind(held),
        step=step,
        format="%d" if kind is int else f"%.{_digits(step)}f",
    )


def _digits(step: float) -> int:
    """Decimals that show one step: 0.05 -> 2, 1.0 -> 0."""
    text = f"{step:.8f}".rstrip("0")
    return len(text.split(".")[1])


def set_view(prefix: str, view: ViewConfig) -> None:
    """Puts a whole view into the widgets of `view_controls(prefix, ...)`; before they are drawn."""
    for op, strengths in VIEW_OPS.items():
        state.set_widget(f"{prefix}.{op}", getattr(view, op))
        for strength in strengths:
            pair = isinstance(strength, tuple)
            held = tuple(getattr(view, s) for s in strength) if pair else getattr(view, strength)
            state.set_widget(f"{prefix}.{strength[0] if pair else strength}", held)


def view_controls(prefix: str, view: ViewConfig, disabled: bool = False) -> ViewConfig:
    """One chip for each op, with its probability and strengths folded inside; the view they say.

    The widgets' keys are `<prefix>.<knob>`. To start from another view call `set_view` first or
    take a new prefix (see `knob_widget`).
    """
    values = asdict(view)
    with st.container(horizontal=True, gap="xsmall", key=f"{prefix}.ops"):
        for op in VIEW_OPS:
            values |= _op_chip(prefix, op, values, disabled)
    return ViewConfig(**values)


def _op_chip(prefix: str, op: str, values: dict[str, Any], disabled: bool) -> dict[str, Any]:
    known = knobs(ViewConfig)
    chance = state.widget(f"{prefix}.{op}", values[op])
    label = f"{_(known[op].label)} · {chance:.0%}" if chance else _(known[op].label)
    kind = "secondary" if chance else "tertiary"
    changed: dict[str, Any] = {}
    with st.popover(label, type=kind, key=f"{prefix}.{op}.chip"):
        changed[op] = knob_widget(known[op], f"{prefix}.{op}", values[op], disabled)
        for strength in VIEW_OPS[op]:
            off = disabled or not changed[op]
            if isinstance(strength, tuple):
                changed |= _range(f"{prefix}.{strength[0]}", strength, values, off)
            else:
                key = f"{prefix}.{strength}"
                changed[strength] = knob_widget(known[strength], key, values[strength], off)
    return changed


def _range(
    key: str, names: tuple[str, str], values: dict[str, Any], disabled: bool
) -> dict[str, float]:
    low, high = (knobs(ViewConfig)[name] for name in names)
    held = state.widget(key, (values[low.name], values[high.name]))
    label = f"{_(low.label)} – {_(high.label)}"
    got = _widget_for(low, held)(label, key=key, help=_(low.help), disabled=disabled)
    return {low.name: round(got[0], 8), high.name: round(got[1], 8)}
