"""Images as tiles: to pick from, pairs of views with what each drew, strips of one op."""

from html import escape
from typing import Any

from sslviz.augment.catalogue import OPS
from sslviz.augment.op import Op
from sslviz.augment.view import ViewConfig
from sslviz.knobs import knobs
from sslviz.ui.text import _


def img(png: str, alt: str) -> str:
    return f'<img src="data:image/png;base64,{png}" alt="{escape(alt)}" draggable="false">'


def picker(images: list[str], names: list[str], chosen: int) -> str:
    """One button an image; the chosen one is outlined."""
    buttons = [
        f'<button class="tile" data-pick="{i}" aria-pressed="{str(i == chosen).lower()}" '
        f'title="{escape(_(name))}">{img(image, _(name) or str(i + 1))}</button>'
        for i, (image, name) in enumerate(zip(images, names, strict=True))
    ]
    return f'<div class="picker">{"".join(buttons)}</div>'


def pairs(original: str, views: list[list[dict[str, Any]]]) -> str:
    """The original, then columns of positive pairs: view 1 above view 2 of the same draw number."""
    rows = []
    for which, row in enumerate(views, 1):
        name = _("View {number}").format(number=which)
        tiles = "".join(_view(view, f"{name}, {i + 1}") for i, view in enumerate(row))
        rows.append(f'<div class="name">{escape(name)}</div><div class="row">{tiles}</div>')
    whole = f'<figure class="original">{img(original, _("The original image"))}'
    whole += f"<figcaption>{escape(_('Original'))}</figcaption></figure>"
    return f'<div class="pairs">{whole}<div class="views">{"".join(rows)}</div></div>'


def _view(view: dict[str, Any], name: str) -> str:
    facts = [(_(OPS[op].chance.label), _told(OPS[op], drawn)) for op, drawn in view["draws"]]
    facts = facts or [(_("Nothing was changed"), "")]
    lines = "".join(f"<dt>{escape(op)}</dt><dd>{escape(values)}</dd>" for op, values in facts)
    tip = f'<dl class="tip">{lines}</dl>'
    return f'<div class="tile" tabindex="0">{img(view["image"], name)}{tip}</div>'


def _told(op: Op, drawn: dict[str, float]) -> str:
    """The numbers of one draw, by the titles of the op's words, each with its unit."""
    form = {word.title: word.form for word in op.words}
    return ", ".join(f"{_(title)} {form[title].format(value)}" for title, value in drawn.items())


def strips(rows: list[dict[str, Any]]) -> str:
    """One strip an op: the original, then the op alone at rising strength."""
    known = knobs(ViewConfig)
    parts = []
    for row in rows:
        knob = known[row["op"]]
        labels = [_("original"), *row["labels"][1:]]
        if len(labels) == 2:
            labels[1] = _("changed")
        tiles = "".join(
            f"<figure>{img(image, label)}<figcaption>{escape(label)}</figcaption></figure>"
            for image, label in zip(row["images"], labels, strict=True)
        )
        length = "short" if len(labels) == 2 else "long"
        parts.append(
            f'<section class="{length}" title="{escape(_(knob.help))}">'
            f'<h4>{escape(_(knob.label))}</h4><div class="row">{tiles}</div></section>'
        )
    return f'<div class="strips">{"".join(parts)}</div>'
