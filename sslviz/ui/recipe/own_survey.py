"""What a visitor's own images are and what they can show, before Train is pressed."""

import base64
import io
from html import escape
from pathlib import Path

import numpy as np
import streamlit as st
from PIL import Image

from sslviz.data.survey import LEAST_IMAGES, Survey, survey
from sslviz.refusal import Refusal
from sslviz.ui.text import _, literal, marked

SAMPLES = 8
FEW, SOME = 200, 1000  # images for training


def show(path: Path) -> bool:
    """Counts, a few pictures, what to expect. Returns whether there is something to train on."""
    try:
        found = _surveyed(str(path), path.stat().st_mtime_ns)
    except Refusal as refusal:
        st.caption(f":material/error: {marked(refusal)}")
        return False
    except OSError as error:
        st.caption(f":material/error: {literal(error.strerror or str(error))}")
        return False
    if found.images + found.tested < LEAST_IMAGES:
        few = _("{n} images were found; at least {least} are needed.")
        st.caption(f":material/error: {few.format(n=found.images, least=LEAST_IMAGES)}")
        return False
    st.caption(counted(found))
    tiles = "".join(f'<img src="data:image/png;base64,{_png(t)}" alt="">' for t in found.samples)
    label = escape(_("The first images"))
    st.html(f'<div class="own-samples" role="img" aria-label="{label}">{tiles}</div>')
    st.caption(expected(found))
    return True


@st.cache_data(max_entries=20, show_spinner=False)
def _surveyed(path: str, changed: int) -> Survey:
    return survey(Path(path), SAMPLES)


def counted(found: Survey) -> str:
    """Markdown: how many images and classes there are."""
    if not found.classes:
        words = _("{n} images without classes: with one folder per class they can be measured.")
        return words.format(n=f"{found.images:,}")
    names = ", ".join(literal(name[:24]) for name in list(found.classes)[:4])
    more = len(found.classes) - 4
    names += _(" and {n} more").format(n=more) if more > 0 else ""
    words = _("{n} images in {k} classes ({names}), at least {least} a class.")
    facts = {"n": f"{found.images:,}", "k": len(found.classes), "names": names}
    return words.format(**facts, least=min(found.classes.values()))


def expected(found: Survey) -> str:
    """What a set of this size can show."""
    test = found.held_out
    error = 100 * 0.5 / max(1, test) ** 0.5
    if found.images < FEW:
        words = _("So few images show how training runs, not what a representation is worth.")
    elif found.images < SOME:
        words = _("Enough to see neighbours form; differences between methods drown in chance.")
    else:
        words = _("Enough to compare recipes, if the difference is large.")
    if found.classes:
        sure = _("{n} images are held out: an accuracy is known to about ± {points} points.")
        words += " " + sure.format(n=f"{test:,}", points=round(error))
    return words


def _png(tile: np.ndarray) -> str:
    file = io.BytesIO()
    Image.fromarray(tile).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()
