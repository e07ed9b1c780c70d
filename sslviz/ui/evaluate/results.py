"""What evaluations found: four tabs over the same rows."""

import base64
import io
from html import escape
from math import sqrt
from pathlib import Path

import numpy as np
import streamlit as st
from PIL import Image

from sslviz.evaluate.protocols import PROTOCOLS
from sslviz.evaluate.records import wrong_tiles
from sslviz.refusal import Refusal
from sslviz.ui.augmentations.tiles import img
from sslviz.ui.evaluate import figures as figures
from sslviz.ui.evaluate.rows import BUDGET, FROZEN, Row, percent
from sslviz.ui.text import _, literal, marked

HEIGHT = 400
MOST_TILES = 40


def show(rows: list[Row], protocol: str) -> None:
    """`rows` are finished, at least one."""
    names = [_("Accuracy"), _("Number of labels"), _("Confusion"), _("Mistakes")]
    accuracy, labels, matrix, mistakes = st.tabs(names)
    with accuracy:
        figures.accuracies(rows, HEIGHT)
        _small_print(rows, protocol)
    with labels:
        _curves(rows)
    with matrix:
        row = _one_of(rows, "evaluate.which_matrix")
        figures.confusion(row, _classes(row), HEIGHT)
    with mistakes:
        _mistakes(_one_of(rows, "evaluate.which_mistakes"))


def _small_print(rows: list[Row], protocol: str) -> None:
    """The protocol in words with its numbers, and what the bars are."""
    first = next((r for r in rows if r.record["protocol"] == protocol), rows[0])
    words = [_in_words(first)]
    scratch = next((r for r in rows if r.record["protocol"] == "scratch"), first)
    differs = any(scratch.record["settings"][k] != first.record["settings"][k] for k in BUDGET)
    if scratch is not first and (differs or protocol in FROZEN):
        words.append(f"{literal(scratch.name)}: {_in_words(scratch)}")
    words.append(_("Bars: one standard deviation over seeds. Labels are used only here."))
    words += [marked(row.record["note"]) for row in rows if row.record["note"]]
    nmi = [
        f"{literal(r.name)} {sum(values) / len(values):.2f}"
        for r in rows
        if (values := r.record["results"][-1]["extra"].get("nmi"))
    ]
    if nmi:
        words.append(f"NMI: {', '.join(nmi)}.")
    few = [r.record["results"][-1]["extra"].get("neighbours", [20])[0] for r in rows]
    if min(few) < 20:
        words.append(
            _("Only {k} neighbours vote: the smallest class has no more.").format(k=int(min(few)))
        )
    words.append(_error_of(first))
    taught = [
        f"{literal(r.name)} {sum(values) / len(values):.0%}"
        for r in rows
        if (values := r.record["results"][-1]["extra"].get("teacher"))
    ]
    if taught:
        words.append(_("Teacher: {list}.").format(list=", ".join(taught)))
    st.caption(" ".join(words))


def _error_of(row: Row) -> str:
    """How far an accuracy may be off because only so many images were tested."""
    n, share = row.record["n_test"], row.record["results"][-1]["mean"]
    points = 100 * sqrt(max(share * (1 - share), 1 / n) / n)
    words = _("Of {n} test images: ± {points} points is one standard error.")
    return words.format(n=n, points=f"{points:.1f}")


def _in_words(row: Row) -> str:
    facts = row.record["settings"] | {k: row.record[k] for k in ("n_train", "n_test")}
    facts = {k: literal(v) if isinstance(v, str) else v for k, v in facts.items()}
    return _(PROTOCOLS[row.record["protocol"]].words).format(**facts)


def _curves(rows: list[Row]) -> None:
    counted = [row for row in rows if row.record["results"][-1]["n_labels"]]
    if not counted:
        st.caption(_("This protocol uses no labels to learn from."))
        return
    figures.learning_curves(counted, HEIGHT)
    if all(len(row.record["results"]) == 1 for row in counted):
        st.caption(_("Choose several shares of the labels at the left to see curves."))
    else:
        st.caption(_("Smaller shares are parts of the larger ones, equal for every class."))


def _one_of(rows: list[Row], key: str) -> Row:
    known = {row.record["id"]: row for row in rows}
    chosen = st.selectbox(
        _("Evaluation"),
        list(known),
        format_func=lambda id: known[id].name,
        key=key,
        label_visibility="collapsed",
    )
    row = known[chosen]
    if row.record["results"][-1]["n_labels"]:
        text = _("With {share} of the labels, seed {seed}")
        shown = row.record["shown"]
        st.caption(text.format(share=percent(shown["labels"]), seed=literal(str(shown["seed"]))))
    return row


def _classes(row: Row) -> list[str]:
    return [_(name) for name in row.record["class_names"]]


def _mistakes(row: Row) -> None:
    wrong, classes = row.record["wrong"], _classes(row)
    total = len(wrong["index"])
    if not total:
        st.markdown(_("No test image is misclassified."))
        return
    tiles = _tiles(str(row.folder), row.record["id"])
    parts = []
    for tile, true, said in zip(tiles, wrong["true"], wrong["predicted"], strict=False):
        words = _("{true}, taken for {said}").format(true=classes[true], said=classes[said])
        parts.append(
            f"<figure>{img(tile, words)}<figcaption>{escape(classes[true])}<br>"
            f"<b>→ {escape(classes[said])}</b></figcaption></figure>"
        )
    text = _(
        "{n} of {total} test images are misclassified; the first {shown}: true class → "
        "predicted class."
    )
    st.caption(text.format(n=total, total=literal(str(row.record["n_test"])), shown=len(parts)))
    st.html(f'<div class="mistakes">{"".join(parts)}</div>')


@st.cache_data(max_entries=100, show_spinner=False)
def _tiles(folder: str, evaluation: str) -> list[str]:
    """Base64 PNGs of the first wrong images; none where their file is damaged."""
    try:
        tiles = wrong_tiles(Path(folder), evaluation)
    except Refusal:
        tiles = None
    return [] if tiles is None else [_png(tile) for tile in tiles[:MOST_TILES]]


def _png(tile: np.ndarray) -> str:
    file = io.BytesIO()
    Image.fromarray(tile).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()
