"""What Train live shows before there is a run: one button that just works."""

import streamlit as st

from sslviz.presets.catalogue import PRESETS
from sslviz.presets.preset import Preset
from sslviz.ui import state
from sslviz.ui.glossary import prose
from sslviz.ui.live.runs_menu import run_buttons
from sslviz.ui.recipe.draft import current, from_preset, put
from sslviz.ui.recipe.start import TRAIN, press_to_train, train
from sslviz.ui.text import _


def show() -> None:
    """One sentence, one button, two classic experiments, and the runs there are."""
    with st.container(key="welcome"):
        said = state.said("live")
        if said:
            st.markdown(f":material/error: {said}")
        st.header(_("Train a real encoder and watch it learn"), anchor=False)
        prose(
            _(
                "Press Train: a small network starts on this machine, without labels. Within "
                "seconds you see every image as a point that moves to where the encoder puts it."
            )
        )
        with st.container(key="welcome-train"):  # only where the recipe's own button is folded away
            press_to_train(_("Train"), "welcome", current().config, width="content")
        st.caption(_("Or see something break, with one click:"))
        experiments = [p for p in PRESETS.values() if p.kind == "experiment"]
        for place, preset in zip(st.columns(3), experiments[:3], strict=False):
            with place:
                _experiment(preset)
        run_buttons(_("Runs on this machine"), None, 5)


def _experiment(preset: Preset) -> None:
    press = state.press(TRAIN)

    def chosen() -> None:
        put(from_preset(preset.name))
        train(preset.config, press)

    with st.container(border=True, height="stretch"):
        st.markdown(f"**{_(preset.title)}**")
        st.caption(_(preset.description))
        st.space("stretch")
        st.button(_("Train this"), key=f"welcome.{preset.name}.{press}", on_click=chosen)
