"""What the encoder is shown: random views of one image, and what they give away."""

import streamlit as st

from sslviz.ui.augmentations import page as augmentation
from sslviz.ui.augmentations.take import take
from sslviz.ui.text import _

st.title(_("Augmentations: what the encoder is shown"))
recipe, seen = st.columns([1, 2.6], gap="large")
with recipe:
    data, image = augmentation.choose_image()
    view1, view2 = augmentation.choose_views()
    take(view1, view2)
with seen:
    augmentation.views(image, view1, view2)
    shortcut, similar = st.columns(2, gap="large")
    with shortcut:
        st.subheader(
            _("Colour alone"),
            help=_(
                "Two crops of one image share their colours. Where that is enough to tell images "
                "apart, the encoder need not learn any shape: the loss falls, and nothing useful "
                "is learned. Colour distortion closes this shortcut."
            ),
        )
        augmentation.shortcut(data, image, view1, view2)
    with similar:
        st.subheader(
            _("The encoder's eye"),
            help=_(
                "Cosine similarity of the embeddings z. Positives are two views of one image, "
                "negatives views of different images. Labels play no part."
            ),
        )
        augmentation.similarity(data, view1, view2)
st.subheader(_("One op at a time"))
augmentation.strips(image)
