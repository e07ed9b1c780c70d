"""The menu that saves what is on screen: a replay, a film, a figure, tables, the run itself."""

from pathlib import Path

import streamlit as st

from sslviz.export.figures import PANELS
from sslviz.export.film import FILMS
from sslviz.export.formats import FORMATS, WHOLE
from sslviz.refusal import Refusal
from sslviz.runs.read import snapshot_steps
from sslviz.ui import frame
from sslviz.ui.replay.files import file_name, other_file, replay_file, size_of, version
from sslviz.ui.replay.film_words import film_language
from sslviz.ui.text import _, language, marked

REPLAY = "html"
FIGURES = ("svg", "pdf", "png")
MAP = "csv map"  # the table of the points, beside that of the measurements


def save_menu(folder: Path) -> None:
    """Made only while the menu is open: the size stands on the button before it is pressed."""
    words = _("Save or show this run")
    menu = st.popover(
        words, icon=":material/ios_share:", help=words, key="live.save", on_change="rerun"
    )
    with menu:
        st.markdown(f"**{words}**")
        if menu.open:
            _choices(folder)


def _choices(folder: Path) -> None:
    names = _names()
    kind = st.selectbox(_("As"), list(names), format_func=names.__getitem__, key="live.save.as")
    panel = space = ""
    step = None
    if kind in FIGURES:
        titles = _panels()
        panel = st.selectbox(
            _("Panel"), list(PANELS), format_func=titles.__getitem__, key="live.save.panel"
        )
    if kind in FILMS:
        views = {"embedding": _("Map"), WHOLE: _("Whole view")}
        panel = st.segmented_control(
            _("What it shows"),
            list(views),
            default="embedding",
            format_func=views.__getitem__,
            key="live.save.view",
        )
    if kind in (*FIGURES, *FILMS):
        space = st.segmented_control(_("Space"), ["h", "z"], default="h", key="live.save.space")
    steps = snapshot_steps(folder)
    if kind in (*FIGURES, MAP, "tensorboard") and len(steps) > 1:
        step = st.select_slider(_("Step"), steps, steps[-1], key=f"live.save.step.{folder.name}")
    try:
        with st.spinner(_("Making the file")):
            body, name = _made(folder, kind, panel or "", step, space or "h")
    except Refusal as refusal:
        st.markdown(f":material/error: {marked(refusal)}")
        return
    label = _("Save ({size})").format(size=size_of(body))
    kinds = {REPLAY: "text/html", MAP: "text/csv"}
    mime = kinds.get(kind) or FORMATS[kind].kind
    st.download_button(
        label,
        body,
        name,
        mime,
        key="live.save.go",
        type="primary",
        icon=":material/download:",
        on_click="ignore",
    )
    if kind == REPLAY:
        st.caption(_("Opens from disk in any browser, without this app and without a network."))
        frame.link(frame.replay(), _("Look at it here"), ":material/slideshow:", replay=folder.name)


def _made(folder: Path, kind: str, panel: str, step: int | None, space: str) -> tuple[bytes, str]:
    known = version(folder)
    if kind == REPLAY:
        body = replay_file((str(folder),), (known,), language())
        return body, file_name(folder.name, REPLAY)
    if kind == MAP:
        asked = ("coordinates", step, space)
        return other_file(str(folder), known, "csv", asked, ""), file_name(
            folder.name, "csv", "map"
        )
    spoken = film_language(language()) if kind in FILMS else ""
    body = other_file(str(folder), known, kind, (panel, step, space), spoken)
    return body, file_name(folder.name, kind, panel)


def _names() -> dict[str, str]:
    return {
        REPLAY: _("Replay (one HTML file)"),
        "webp": _("Film (WebP)"),
        "gif": _("Film (GIF)"),
        "mp4": _("Film (MP4)"),
        "svg": _("Figure (SVG)"),
        "pdf": _("Figure (PDF)"),
        "png": _("Figure (PNG)"),
        "csv": _("Measurements (CSV)"),
        "parquet": _("Measurements (Parquet)"),
        MAP: _("Points with labels and factors (CSV)"),
        "tensorboard": _("TensorBoard, with its projector"),
        "zip": _("The run itself (zip)"),
    }


def _panels() -> dict[str, str]:
    return {
        "embedding": _("Map of the images"),
        "matrix": _("Similarity of all views"),
        "histogram": _("Pair cosines"),
        "collapse": _("Singular values"),
        "loss": _("Loss"),
        "knn": _("kNN accuracy"),
        "probes": _("What h and z still tell"),
    }
