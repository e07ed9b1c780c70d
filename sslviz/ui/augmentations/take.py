"""From the views on Augmentations to the recipe of the next run."""

from dataclasses import replace

import streamlit as st

from sslviz.augment.view import ViewConfig
from sslviz.ui import frame
from sslviz.ui.recipe.draft import Draft, current
from sslviz.ui.text import _


def take(view1: ViewConfig, view2: ViewConfig) -> None:
    """The way of these views into the recipe of the next run."""
    now = current()
    draft = Draft(now.preset, replace(now.config, view1=view1, view2=view2))
    label = _("Use these views in Train live")
    frame.link(frame.train_live(), label, ":material/arrow_forward:", recipe=draft.text())
    st.caption(_("Opens Train live with that recipe; nothing starts until you press Train."))
