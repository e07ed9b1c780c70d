"""From a recipe to a run: the Train button, and the same recipe as a command and as a file."""

import json
from typing import Literal

import streamlit as st

from sslviz.config import RunConfig
from sslviz.data.catalogue import DATASETS
from sslviz.refusal import Refusal
from sslviz.runs import warm
from sslviz.runs.store import runs_root
from sslviz.ui import access, acting, state
from sslviz.ui.panels.mount import component
from sslviz.ui.recipe.draft import Draft, current
from sslviz.ui.text import _, marked

TRAIN = "train"  # one press for all buttons that train what is on screen

_ready = component("ready", framed=False)


def train(config: RunConfig | None, press: str) -> None:
    """Starts a run and puts it on screen; a refusal becomes one sentence. For callbacks.

    None: the visitor's recipe as it is when the button is pressed, which may be before the page
    has drawn what was chosen last. `press`: the token of this press, `state.press(TRAIN)` as the
    button was drawn.
    """
    try:
        checked = RunConfig.from_json((config or current().config).to_json())
        if checked.data not in DATASETS:
            checked = checked.with_settings({"data": str(access.reachable(checked.data))})
        folder = acting.start(checked, runs_root(), press)
    except (Refusal, OSError) as refusal:
        state.say("recipe", marked(refusal))
    else:
        if press == state.press(TRAIN):
            state.pressed(TRAIN)
        state.set_run(folder.name)
        state.set_step(None)


def get_ready() -> None:
    """A process gets ready to train at the next press of Train, and the visitor's browser to draw
    what it sees; returns at once."""
    warm.STOVE.ready(current().config)
    _ready(key="ready", data={"strings": {}})  # the first table or list has Streamlit load pandas


def press_to_train(
    label: str,
    place: str,
    config: RunConfig | None,
    off: bool = False,
    width: Literal["stretch", "content"] = "stretch",
) -> None:
    """A button of the page or column `place` that trains `config` (see `train`); many clicks are
    one press."""
    press = state.press(TRAIN)
    st.button(
        label,
        key=f"{place}.train.{press}",
        type="primary",
        width=width,
        icon=":material/play_arrow:",
        disabled=off,
        on_click=train,
        args=(config, press),
    )


def train_button(ready: bool) -> None:
    """The one button that starts something, and whatever stands against it."""
    with st.container(key="recipe-start", gap="xsmall"):
        press_to_train(_("Train"), "recipe", None, off=not ready)
        refusal = state.said("recipe")
        if refusal:
            st.markdown(f":material/error: {refusal}")


def as_text(now: Draft) -> None:
    """The same recipe for the command line, and as the file a run folder begins with."""
    with st.expander(_("The same as a command"), type="compact"):
        st.code(now.command(), language="bash", wrap_lines=True)
        st.download_button(
            _("Download config.json"),
            json.dumps(now.config.to_json(), indent=1),
            "config.json",
            "application/json",
            key="recipe.download",
            type="tertiary",
            icon=":material/download:",
            on_click="ignore",
        )
