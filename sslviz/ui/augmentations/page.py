"""The parts of the Augmentations page."""

import base64
from dataclasses import asdict, replace

import streamlit as st

from sslviz.augment.catalogue import OPS
from sslviz.augment.op import Op
from sslviz.augment.view import ViewConfig
from sslviz.data.catalogue import DATASETS
from sslviz.presets.views import VIEW_PRESETS, ViewPreset
from sslviz.refusal import Refusal
from sslviz.runs.store import runs_root
from sslviz.ui import state
from sslviz.ui.augmentations import bars, tiles
from sslviz.ui.augmentations.ask import ask, studio
from sslviz.ui.controls import view_controls
from sslviz.ui.drawing import drawing, picked
from sslviz.ui.glossary import prose
from sslviz.ui.run_list import named_runs
from sslviz.ui.text import _, marked

STRONG = VIEW_PRESETS["crop_colour"].view1
SAMPLES, VIEWS, STRIP = 12, 8, 6


def choose_image() -> tuple[str, str]:
    """(name of the data set, the chosen image as base64 PNG)."""
    with st.spinner(_("Starting the process that draws images …")):
        names = studio().ask("data_sets")["names"]
    data = _choose_data(names) if len(names) > 1 else names[0]
    found = ask("samples", data=data, n=SAMPLES)
    key = f"aug-picker-{data}"
    place = drawing(tiles.picker(found["images"], found["names"], picked(key)), key)
    own = _own_image()
    return data, own or found["images"][place]


def _choose_data(names: list[str]) -> str:
    return st.selectbox(
        _("Data"),
        names,
        format_func=lambda name: _(DATASETS[name].title),
        key="aug-data",
        help=_("Built-in data that is on this machine; training on others downloads them."),
    )


def _own_image() -> str | None:
    with st.popover(_("Use your own image"), type="tertiary", icon=":material/upload:"):
        file = st.file_uploader(
            _("An image file"),
            type=["png", "jpg", "jpeg", "webp", "gif", "bmp"],
            key="aug-upload",
            help=_("Its central square is shown with 96 pixels a side. It is not kept."),
        )
        if file is None:
            return None
        try:
            return ask("upload", file=base64.b64encode(file.getvalue()).decode())["image"]
        except Refusal as reason:
            sentence = _("This image cannot be used: {reason}.")
            st.error(sentence.format(reason=marked(reason)))
    return None


def choose_views() -> tuple[ViewConfig, ViewConfig]:
    """The recipes of view 1 and view 2: a preset, then whatever was changed in it."""
    name = st.selectbox(
        _("Recipe"),
        list(VIEW_PRESETS),
        list(VIEW_PRESETS).index("crop_only"),
        format_func=lambda key: _(VIEW_PRESETS[key].title),
        key="aug-preset",
        help=_(
            "How views are made. Each op has a probability and a strength, drawn anew each time."
        ),
    )
    preset = VIEW_PRESETS[name]
    prose(_(preset.description), small=True)
    same = st.toggle(
        _("Same for both views"),
        preset.view1 == preset.view2,
        key=f"aug-same-{name}",
        help=_("Off: each view has its own settings, as in BYOL."),
    )
    if same:
        view1 = view2 = view_controls(f"aug-{name}-both", preset.view1)
    else:
        st.markdown(f"**{_('View {number}').format(number=1)}**")
        view1 = view_controls(f"aug-{name}-1", preset.view1)
        st.markdown(f"**{_('View {number}').format(number=2)}**")
        view2 = view_controls(f"aug-{name}-2", preset.view2)
    return _coloured(view1, preset), _coloured(view2, preset)


def _coloured(view: ViewConfig, preset: ViewPreset) -> ViewConfig:
    """`view` as the switch of colour distortion wants it."""
    if not state.widget(_switch(preset), _has_colour(preset.view1)):
        return replace(view, **{op.name: 0.0 for op in OPS.values() if op.kind == "colour"})
    if _has_colour(view):
        return view
    names = [knob.name for op in _distortion() for knob in op.knobs()]
    return replace(view, **{name: getattr(STRONG, name) for name in names})


def _distortion() -> list[Op]:
    """The ops of strong colour distortion."""
    return [op for op in OPS.values() if op.kind == "colour" and getattr(STRONG, op.name)]


def _has_colour(view: ViewConfig) -> bool:
    return any(getattr(view, op.name) for op in _distortion())


def _switch(preset: ViewPreset) -> str:
    return f"aug-colour-{preset.name}"


def colour_switch() -> None:
    preset = VIEW_PRESETS[state.widget("aug-preset")]
    st.toggle(
        _("Colour distortion"),
        _has_colour(preset.view1),
        key=_switch(preset),
        help=_(
            "On: strong jitter and grayscale where the recipe has none. Off: no op that changes "
            "colours."
        ),
    )


def views(image: str, view1: ViewConfig, view2: ViewConfig) -> None:
    """The original and VIEWS positive pairs, one a column."""
    drawn = ask(
        "views",
        image=image,
        view1=asdict(view1),
        view2=asdict(view2),
        n=VIEWS,
        seed=state.draws(),
    )["views"]
    drawing(tiles.pairs(image, drawn), "aug-views")
    left, right = st.columns([1, 4], vertical_alignment="center")
    left.button(_("Draw again"), icon=":material/casino:", on_click=state.draw_again)
    with right:
        prose(
            _("Each column is a positive pair. Point at a view to read what was drawn for it."),
            small=True,
        )


def shortcut(data: str, image: str, view1: ViewConfig, view2: ViewConfig) -> None:
    """How much the colour histogram gives away, and the switch that closes the shortcut."""
    colour_switch()
    found = ask(
        "histograms",
        data=data,
        image=image,
        view1=asdict(view1),
        view2=asdict(view2),
        seed=state.draws(),
    )
    caption = _("of {n} images are matched to their other view by the colour histogram alone")
    html = bars.share(found["rate"], 1 / found["n"], caption.format(n=found["n"]))
    drawing(html + bars.colour_rows(found["rows"]), "aug-shortcut")


def similarity(data: str, view1: ViewConfig, view2: ViewConfig) -> None:
    """Cosines for an untrained encoder and for that of a run."""
    run = _choose_run()
    with st.spinner(_("Encoding the views …")):
        try:
            found = ask(
                "similarity",
                data=data,
                view1=asdict(view1),
                view2=asdict(view2),
                seed=state.draws(),
                run=run["id"] if run else None,
                root=str(runs_root()),
                step=run["step"] if run else 0,
            )["encoders"]
        except Refusal as error:
            st.error(marked(error))
            return
    html = bars.cosines(_("Untrained encoder"), found["random"])
    if "trained" in found:
        name = _("Trained for {step} steps").format(step=f"{found['trained']['step']:,}")
        html += bars.cosines(name, found["trained"])
    drawing(html, "aug-similarity")
    if "trained" not in found:
        prose(
            _("Train a run, then choose it here to see the same views through its encoder."),
            small=True,
        )


def _choose_run() -> dict | None:
    runs = {run["id"]: run for run in named_runs(runs_root()) if run["step"]}
    if not runs:
        return None
    ids = list(runs)
    chosen = st.selectbox(
        _("Run"),
        ids,
        ids.index(state.run()) if state.run() in runs else 0,
        format_func=lambda key: runs[key]["title"],
        key="aug-run",
        help=_("Whose encoder looks at the views: its newest checkpoint is used."),
        label_visibility="collapsed",
    )
    return runs[chosen]


def strips(image: str) -> None:
    """Every op alone, at rising strength."""
    drawing(tiles.strips(ask("strips", image=image, n=STRIP)["strips"]), "aug-strips")
