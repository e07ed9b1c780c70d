"""Home: what self-supervised learning is, and where to go from here."""

import streamlit as st

from sslviz.ui import frame
from sslviz.ui.drawing import picture
from sslviz.ui.home import machine, recent
from sslviz.ui.recipe.start import get_ready
from sslviz.ui.text import _

st.title(_("Self-supervised learning, while it happens"))
picture(
    "families",
    _(
        "Images without labels train a backbone f through a pretext task, a contrastive or a "
        "generative loss; afterwards a few labels use its representation h."
    ),
)
idea, places = st.columns([3, 2], gap="large")
with idea:
    st.markdown(
        " ".join(
            (
                _("**Nobody labels the images:** the training task is made from the images alone."),
                _(
                    "A backbone $f$ turns an image into its representation $h$, and a small "
                    "projector $g$ turns $h$ into the embedding $z$, the only thing the loss sees."
                ),
                _(
                    "A contrastive loss takes two random views of each image and asks that their "
                    "embeddings agree while those of other images stay apart."
                ),
                _(
                    "So the augmentations decide what is learned: what they change is to be "
                    "ignored, and what they leave alone may become a shortcut."
                ),
                _(
                    "After training $g$ is thrown away, and $h$ is put to use with a few labels, "
                    "by a linear probe or by fine-tuning."
                ),
            )
        )
    )
    recent.show(6)
with places:
    with st.container(border=True):
        frame.link(frame.train_live(), f"**{_('Train live')}**", ":material/play_circle:")
        st.caption(_("A real encoder trains here; watch its embeddings, similarities and health."))
    with st.container(border=True):
        frame.link(frame.augmentations(), f"**{_('Augmentations')}**", ":material/flip:")
        st.caption(_("See what a view is made of, and which shortcut it leaves open."))
    with st.container(border=True):
        frame.link(frame.methods(), f"**{_('Methods')}**", ":material/account_tree:")
        st.caption(_("Each method's lesson, its formula and the very code that runs."))
    with st.container(border=True):
        frame.link(frame.evaluate(), f"**{_('Evaluate')}**", ":material/leaderboard:")
        st.caption(_("With a few labels: what is a trained encoder worth?"))
    machine.show()
get_ready()
