"""Widgets made from knobs: whoever writes a knob gets its widget, its bounds and its help."""

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Any

import streamlit as st

from sslviz.augment.catalogue import OPS
from sslviz.augment.op import Op
from sslviz.augment.view import ViewConfig
from sslviz.knobs import Knob, Scalar
from sslviz.ui import state
from sslviz.ui.text import _

MOST_NOTCHES = 200


def knob_widget(
    knob: Knob,
    key: str,
    value: Scalar,
    disabled: bool = False,
    live: bool = False,
    on_change: Callable[[], None] | None = None,
    label: str = "",
) -> Scalar:
    """Draws the widget that fits `knob` and returns what stands in it.

    `value` is what it starts from; afterwards what the visitor chose counts, until another value
    is put into `key` with `state.set_widget`. With `live` the help says that the knob may change
    while a run trains (see `config.live_settings`).
    """
    help = _(knob.help)
    if live:
        help += "\n\n" + _("May change while a run trains.")
    if knob.zero:
        return _or_zero(knob, key, value, disabled, help)
    got = _widget_for(knob, state.widget(key, value))(
        label or _(knob.label),
        key=key,
        help=help,
        disabled=disabled,
        on_change=on_change or "rerun",
    )
    return round(got, 8) if isinstance(got, float) else got


def _or_zero(knob: Knob, key: str, value: Scalar, disabled: bool, help: str) -> int:
    """A field for a whole number in which nothing stands for 0, and says so in a word."""
    held = state.widget(key, value)
    if not held and state.widget(key) is not None:
        state.set_widget(key, None)
    got = st.number_input(
        _(knob.label),
        min_value=1,
        max_value=int(knob.high or 1),
        value=int(held) if held else None,
        step=int(knob.step or 1),
        format="%d",
        placeholder=_(knob.zero),
        key=key,
        help=help,
        disabled=disabled,
    )
    return int(got or 0)


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
    for op in OPS.values():
        for entry in (op.chance, *op.strengths):
            if isinstance(entry, tuple):
                held = tuple(getattr(view, end.name) for end in entry)
                state.set_widget(f"{prefix}.{entry[0].name}", held)
            else:
                state.set_widget(f"{prefix}.{entry.name}", getattr(view, entry.name))


def view_controls(prefix: str, view: ViewConfig, disabled: bool = False) -> ViewConfig:
    """One chip for each op, with its probability and strengths folded inside; the view they say.

    The widgets' keys are `<prefix>.<knob>`, of a range its lower end's. To start from another view
    call `set_view` first or take a new prefix (see `knob_widget`).
    """
    values = asdict(view)
    with st.container(horizontal=True, gap="xsmall", key=f"{prefix}.ops"):
        for op in OPS.values():
            values |= _op_chip(prefix, op, values, disabled)
    return ViewConfig(**values)


def _op_chip(prefix: str, op: Op, values: dict[str, Any], disabled: bool) -> dict[str, Any]:
    title = _(op.chance.label)
    chance = state.widget(f"{prefix}.{op.name}", values[op.name])
    label = f"{title} · {chance:.0%}" if chance else title
    kind = "secondary" if chance else "tertiary"
    with st.popover(label, type=kind, key=f"{prefix}.{op.name}.chip"):
        return op_widgets(prefix, op, values, disabled)


def op_widgets(
    prefix: str,
    op: Op,
    values: dict[str, Any],
    disabled: bool = False,
    on_change: Callable[[tuple[str, ...], str], None] | None = None,
) -> dict[str, Any]:
    """The probability and strengths of one op; what they say by knob.

    `on_change` is called with the knobs of a widget that was changed (two of a range) and its key.
    """
    changed: dict[str, Any] = {}
    for entry in (op.chance, *op.strengths):
        off = disabled or (bool(changed) and not changed[op.name])
        pair = entry if isinstance(entry, tuple) else (entry,)
        key, names = f"{prefix}.{pair[0].name}", tuple(knob.name for knob in pair)
        call = partial(on_change, names, key) if on_change else None
        if isinstance(entry, tuple):
            changed |= _range(key, entry, values, off, call)
        else:
            label = _("Probability") if entry is op.chance else ""
            changed[entry.name] = knob_widget(
                entry, key, values[entry.name], off, on_change=call, label=label
            )
    return changed


def _range(
    key: str,
    ends: tuple[Knob, Knob],
    values: dict[str, Any],
    disabled: bool,
    on_change: Callable[[], None] | None,
) -> dict[str, float]:
    low, high = ends
    held = state.widget(key, (values[low.name], values[high.name]))
    label = f"{_(low.label)} – {_(high.label)}"
    got = _widget_for(low, held)(
        label, key=key, help=_(low.help), disabled=disabled, on_change=on_change or "rerun"
    )
    return {low.name: round(got[0], 8), high.name: round(got[1], 8)}
