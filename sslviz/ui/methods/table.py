"""The table that compares the parts of all methods."""

from html import escape

from sslviz.methods import FAMILIES, METHODS, card
from sslviz.methods.about import about, has, memory, uses_labels, year
from sslviz.ui.methods.tree import href
from sslviz.ui.text import _
from sslviz.ui.theme import FAMILIES as HUES


def table(chosen: str) -> str:
    """One row a method: which parts it has, how large a batch it wants, whether it sees labels."""
    heads = [
        _("Method"), _("Year"), _("Negatives"), _("Momentum encoder"), _("Predictor q"),
        _("Stop-gradient"), _("Memory"), _("Batch size it needs"), _("Labels"),
    ]  # fmt: skip
    head = "".join(f'<th scope="col">{escape(h)}</th>' for h in heads)
    rows, last = [], ""
    for family in FAMILIES:
        for name in (n for n in METHODS if card(n).family == family):
            if family != last:
                rows.append(
                    f'<tr class="group" style="--hue:{HUES[family]}"><th colspan="{len(heads)}" '
                    f'scope="rowgroup">{escape(_(FAMILIES[family]))}</th></tr>'
                )
                last = family
            rows.append(_table_row(name, name == chosen))
    return (
        f'<table class="parts"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'
    )


def _table_row(name: str, chosen: bool) -> str:
    parts = about(name).parts
    needs = {"small": _("small will do"), "medium": _("medium"), "large": _("large helps")}
    yes = f'<b class="yes">✓ {escape(_("yes"))}</b>'
    no = f'<span class="no" aria-label="{escape(_("no"))}">–</span>'
    sources = {
        "": no,
        "batch": _("batch"),
        "queue": _("queue"),
        "bank": _("bank"),
        "images": _("one class an image"),
        "batch + queue": _("batch and queue"),
    }
    keeps = {
        "": no,
        "queue": _("queue"),
        "bank": _("bank"),
        "prototypes": _("prototypes"),
    }
    cells = [
        str(year(name) or "–"),
        sources[parts.negatives],
        yes if has(name, "momentum") else no,
        yes if has(name, "predictor") else no,
        yes if parts.cut else no,
        keeps[memory(name)],
        needs[parts.batch],
        yes if uses_labels(name) else no,
    ]
    link = f'<a href="{href(name)}" data-method="{name}">{escape(card(name).title)}</a>'
    row = "".join(f"<td>{cell}</td>" for cell in cells)
    return f'<tr{" class=chosen" if chosen else ""}><th scope="row">{link}</th>{row}</tr>'
