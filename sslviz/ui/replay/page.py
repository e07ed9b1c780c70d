"""The page Replay: runs of this machine under one clock, or a file that is handed in."""

import streamlit as st

from sslviz.export.packed import MOST_RUNS
from sslviz.refusal import Refusal
from sslviz.runs.read import find_run, runs_root, snapshot_steps
from sslviz.ui import state
from sslviz.ui.present.presenter import framed_presenter
from sslviz.ui.replay.files import file_again, file_name, replay_file, size_of, version
from sslviz.ui.run_list import named_runs
from sslviz.ui.run_words import one_line
from sslviz.ui.text import _, language, marked
from sslviz.ui.theme import page_theme

MOST_MB = 20
HEIGHT = 640  # pixels: the page itself fits 1280 x 720


def show() -> None:
    """What to look at in the sidebar, the replay beside it. Nothing here can change a run."""
    with st.sidebar:
        chosen = _runs()
        file = st.file_uploader(
            _("A replay file"),
            ["html", "sslviz"],
            key="replay.file",
            help=_("Only its numbers are read; no script in it is run."),
            max_upload_size=MOST_MB,
        )
    try:
        if file is not None:
            body, name = file_again(file.getvalue(), language()), file.name
        elif chosen:
            folders = [find_run(run, runs_root()) for run in chosen]
            versions = tuple(version(folder) for folder in folders)
            body = replay_file(tuple(map(str, folders)), versions, language())
            name = file_name(chosen[0], "html")
        else:
            st.markdown(_("Choose a recorded run, or hand in a replay file."))
            return
    except Refusal as refusal:
        st.markdown(f":material/error: {marked(refusal)}")
        return
    shown = body.decode().replace("<html ", f'<html data-theme="{page_theme()}" ', 1)
    st.iframe(shown, height=HEIGHT)
    framed_presenter()
    st.sidebar.download_button(
        _("Save this replay ({size})").format(size=size_of(body)),
        body,
        name,
        "text/html",
        key="replay.save",
        icon=":material/download:",
        on_click="ignore",
    )


def _runs() -> list[str]:
    """The runs chosen, at first those of `?replay=a,b`."""
    runs = {run["id"]: run for run in named_runs(runs_root()) if _recorded(run)}
    asked = [run for run in state.listed("replay") if run in runs][:MOST_RUNS]
    return st.multiselect(
        _("Runs of this machine"),
        list(runs),
        default=asked,
        format_func=lambda run: f"{one_line(runs[run])} · {run}",
        max_selections=MOST_RUNS,
        placeholder=_("Up to {n} runs").format(n=MOST_RUNS),
        key="replay.runs",
        on_change=lambda: state.set_listed("replay", state.widget("replay.runs")),
    )


def _recorded(run: dict[str, object]) -> bool:
    if run["state"] == "broken":
        return False
    return len(snapshot_steps(runs_root() / str(run["id"]))) > 0
