"""The recipe column: what the next run will be. Nothing here touches a run that trains."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from sslviz.augment.view import ViewConfig
from sslviz.config import RunConfig, live_settings
from sslviz.data.catalogue import DATASETS, DRAWN
from sslviz.knobs import Knob, Scalar, knobs
from sslviz.methods import METHODS, card
from sslviz.presets.catalogue import PRESETS, home
from sslviz.presets.views import VIEW_PRESETS
from sslviz.refusal import Refusal
from sslviz.ui import state
from sslviz.ui.controls import knob_widget, set_view, view_controls
from sslviz.ui.recipe.draft import Draft, current, from_preset, keep, keeping_data, of_method, put
from sslviz.ui.recipe.own_data import PATH, UPLOAD, own_data, source_of
from sslviz.ui.recipe.start import as_text, train_button
from sslviz.ui.text import _, marked

TRAINING = (
    "steps", "batch_size", "lr", "seed", "train_images", "image_size", "weight_decay",
    "warmup_steps", "snapshot_every", "probes", "optimizer", "schedule", "precision", "device",
)  # fmt: skip


def show() -> None:
    """The whole column, and the button that starts a run."""
    now = current()
    with st.container(key="recipe"):
        st.subheader(
            _("Next run"),
            anchor=False,
            help=_(
                "What Train starts. A run on screen keeps its own settings; its list says which."
            ),
        )
        top = st.container(gap="xsmall")
        with st.container(key="recipe-names"):
            _method(now)
            data = _data(now)
            chosen: dict[str, Scalar] = {} if data is None else {"data": data}
            chosen |= _knobs(now, "", knobs(RunConfig), ["backbone"])
            views_menu = st.container()
        chosen |= _method_knobs(now, live=True)
        config = _views(now.config, views_menu)
        with st.expander(_("Layers and widths"), type="compact"):
            chosen |= _knobs(now, "", knobs(RunConfig), ["standardise"])
            chosen |= _method_knobs(now, live=False)
        with st.expander(_("Steps and optimizer"), type="compact"):
            chosen |= _knobs(now, "", knobs(RunConfig), TRAINING)
        try:
            now = Draft(now.preset, config.with_settings(chosen))
            keep(now)
        except Refusal as refusal:
            state.say("recipe", marked(refusal))
        with top:
            _starting_point(now)
        train_button(ready=data is not None)
        as_text(now)


def _starting_point(now: Draft) -> None:
    def chosen() -> None:
        put(keeping_data(from_preset(state.widget("recipe.preset")), now.config))

    names = list(PRESETS) if now.preset else ["", *PRESETS]
    state.set_widget("recipe.preset", now.preset)
    st.selectbox(
        _("Start from"),
        names,
        format_func=lambda name: _(PRESETS[name].title) if name else _("own choice"),
        key="recipe.preset",
        on_change=chosen,
    )
    if now.preset:
        st.caption(_(PRESETS[now.preset].description))
    if now.changes():
        st.button(
            _("Undo my changes"),
            key="recipe.reset",
            type="tertiary",
            icon=":material/undo:",
            on_click=lambda: put(Draft(now.preset, now.start())),
        )


def _method(now: Draft) -> None:
    def chosen() -> None:
        method, data = state.widget("recipe.method"), now.config.data
        put(of_method(method, home(method) if data in DRAWN else data))

    state.set_widget("recipe.method", now.config.method)
    knob = knobs(RunConfig)["method"]
    st.selectbox(
        _(knob.label),
        METHODS,
        format_func=lambda name: _(card(name).title),
        key="recipe.method",
        help=_(knob.help),
        on_change=chosen,
    )


def _data(now: Draft) -> str | None:
    """The data chosen, as RunConfig names it; None while an own folder or zip is not named yet."""

    def chosen() -> None:
        source = state.widget("recipe.source")
        if source in DATASETS:
            put(of_method(now.config.method, source))

    names = {name: _(info.title) for name, info in DATASETS.items()}
    names |= {PATH: _("Folder or zip…"), UPLOAD: _("Upload a zip…")}
    if state.widget("recipe.source") is None:
        state.set_widget("recipe.source", source_of(now.config.data))
    source = st.selectbox(
        _("Data"),
        list(names),
        format_func=names.__getitem__,
        key="recipe.source",
        help=_(knobs(RunConfig)["data"].help),
        on_change=chosen,
    )
    return source if source in DATASETS else own_data(source, now.config.data)


def _knobs(
    now: Draft, section: str, known: dict[str, Knob], names: Sequence[str]
) -> dict[str, Scalar]:
    """Widgets for these knobs, numbers before switches; what they hold, by dotted name."""
    values = vars(now.config.method_config()) if section else vars(now.config)
    chosen: dict[str, Scalar] = {}
    for name in names:
        key = f"recipe.{section}{name}"
        dotted = f"{section}{name}"
        may_change = dotted in live_settings(now.config)
        chosen[dotted] = knob_widget(known[name], key, values[name], live=may_change)
    return chosen


def _method_knobs(now: Draft, live: bool) -> dict[str, Scalar]:
    """The method's live knobs, its what-if switches among them, or all its others."""
    known = knobs(card(now.config.method).config)
    may_change = live_settings(now.config)
    mine = [name for name in known if (f"method.{name}" in may_change) == live]
    switches = [name for name in mine if isinstance(known[name].default, bool)]
    numbers = [name for name in mine if name not in switches]
    chosen = _knobs(now, "method.", known, numbers)
    with st.container(horizontal=True, gap="small", key=f"recipe-switches-{live}"):
        return chosen | _knobs(now, "method.", known, switches)


def _both_views(config: RunConfig) -> tuple[ViewConfig, ViewConfig]:
    """The ops of both views: once where they are the same, else in a tab for each."""
    if state.widget("recipe.same") is None:
        state.set_widget("recipe.same", config.view1 == config.view2)
    same = st.toggle(
        _("Same for both views"),
        key="recipe.same",
        on_change=lambda: set_view("recipe.view2", config.view1),
        help=_("Off: each view has its own settings, as in BYOL."),
    )
    if same:
        view = view_controls("recipe.view1", config.view1)
        set_view("recipe.view2", view)
        return view, view
    one, two = st.tabs([_("View 1"), _("View 2")])
    with one:
        view1 = view_controls("recipe.view1", config.view1)
    with two:
        view2 = view_controls("recipe.view2", config.view2)
    return view1, view2


def _views(config: RunConfig, place: Any) -> RunConfig:
    """The augmentation recipe by name (drawn in `place`) and, folded, op by op for each view."""

    def chosen() -> None:
        views = VIEW_PRESETS.get(state.widget("recipe.views"))
        if views:
            set_view("recipe.view1", views.view1)
            set_view("recipe.view2", views.view2)
            state.set_widget("recipe.same", views.view1 == views.view2)

    with st.expander(_("Views"), type="compact"):
        view1, view2 = _both_views(config)
    same = (n for n, p in VIEW_PRESETS.items() if (p.view1, p.view2) == (view1, view2))
    name = next(same, "")
    state.set_widget("recipe.views", name)
    place.selectbox(
        _("Augmentation"),
        list(VIEW_PRESETS) if name else ["", *VIEW_PRESETS],
        format_func=lambda name: _(VIEW_PRESETS[name].title) if name else _("own choice"),
        key="recipe.views",
        help=_("How the two views of an image are made."),
        on_change=chosen,
    )
    return replace(config, view1=view1, view2=view2)
