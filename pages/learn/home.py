"""Home: what self-supervised learning is, and where to go from here."""

import streamlit as st

from sslviz.ui import frame
from sslviz.ui.drawing import picture
from sslviz.ui.glossary import prose
from sslviz.ui.home import machine, runs, start
from sslviz.ui.recipe.start import get_ready
from sslviz.ui.text import _

st.title(_("Self-supervised learning, while it happens"))
start.show()
picture(
    "families",
    _(
        "Images without labels train a backbone f through a pretext task, a contrastive or a "
        "generative loss; afterwards a few labels use its representation h."
    ),
)
words = " ".join(
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
prose(words)
for place, (page, title, icon, says) in zip(
    st.columns(4),
    (
        (
            frame.train_live(),
            _("Train live"),
            ":material/play_circle:",
            _("A real encoder trains here; watch its embeddings, similarities and collapse."),
        ),
        (
            frame.augmentations(),
            _("Augmentations"),
            ":material/flip:",
            _("See what a view is made of, and which shortcut it leaves open."),
        ),
        (
            frame.methods(),
            _("Methods"),
            ":material/account_tree:",
            _("Each method's lesson, its formula and the very code that runs."),
        ),
        (
            frame.evaluate(),
            _("Evaluate"),
            ":material/leaderboard:",
            _("With a few labels: how good is a trained encoder?"),
        ),
    ),
    strict=True,
):
    with place.container(border=True, height="stretch"):
        frame.link(page, f"**{title}**", icon)
        st.caption(says)
machine.show()
runs.show()
get_ready()
