"""Does it matter? Each cell against the reference, with its interval and the sentence it allows."""

from html import escape

import streamlit as st

from sslviz.sweeps.effects import Effect, effects, reference_cell
from sslviz.sweeps.table import Table, is_share
from sslviz.ui.ablations.words import metric_label, value
from sslviz.ui.drawing import drawing
from sslviz.ui.text import _, told

WIDTH, HEIGHT = 240, 18


def matter(table: Table, metric: str) -> None:
    """The table of differences; the reference is the base, or whichever cell one chooses."""
    cells = {row.member.cell.index: row.member.cell for row in table.rows}
    if len(cells) < 2:
        st.caption(_("A sweep with one cell has nothing to compare; add an axis."))
        return
    names = {k: _name(table, cell.labels) for k, cell in cells.items()}
    reference = st.selectbox(
        _("Against"),
        list(names),
        index=reference_cell(table),
        format_func=names.__getitem__,
        key=f"ablations.reference.{table.id}",
        help=_("What every other cell is compared with; first of all the base itself."),
    )
    found = effects(table, metric, reference)
    drawing(_html(found, names, metric), f"ablations.matter.{table.id}")
    st.caption(
        _(
            "{metric}, differences paired by seed. The interval is Student's, 95%; of 20 changes "
            "that do nothing, about one will still seem to matter. How many more seeds: a paired t "
            "test with a power of 80%, for the difference that was seen."
        ).format(metric=metric_label(metric))
    )


def _name(table: Table, labels: tuple) -> str:
    words = [value(axis.name, held) for axis, held in zip(table.sweep.axes, labels, strict=True)]
    return " · ".join(words) or _("base")


def _html(found: list[Effect], names: dict[int, str], metric: str) -> str:
    ends = [abs(v) for e in found for v in (e.difference, e.low, e.high) if v is not None]
    most = max(ends, default=1.0) or 1.0
    heads = (_("Change"), _("Difference"), "", _("95% interval"), _("Verdict"))
    head = "".join(f'<th scope="col">{escape(word)}</th>' for word in heads)
    rows = "".join(_line(effect, names[effect.cell], metric, most) for effect in found)
    return f'<table class="matters"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _line(effect: Effect, name: str, metric: str, most: float) -> str:
    between = ""
    if effect.low is not None and effect.high is not None:
        between = f"{_number(effect.low, metric)} … {_number(effect.high, metric)}"
    difference = "–" if effect.difference is None else _number(effect.difference, metric)
    verdict = escape(told(effect.sentence))
    parts = (difference, _bar(effect, most), between, verdict)
    cells = "".join(f"<td>{cell}</td>" for cell in parts)
    return f'<tr><th scope="row">{escape(name)}</th>{cells}</tr>'


def _number(difference: float, metric: str) -> str:
    """With its sign; shares in percentage points."""
    words = f"{100 * difference:+.1f} pp" if is_share(metric) else f"{difference:+.3g}"
    return words.replace("-", "−")


def _bar(effect: Effect, most: float) -> str:
    """The difference as a dot over its interval, with a line at zero."""

    def x(number: float) -> float:
        return WIDTH / 2 * (1 + 0.96 * number / most)

    if effect.difference is None:
        return ""
    middle = HEIGHT / 2
    zero = f'<path d="M{WIDTH / 2} 0V{HEIGHT}" stroke="currentColor" opacity=".4"/>'
    between = ""
    if effect.low is not None and effect.high is not None:
        between = (
            f'<line x1="{x(effect.low):.1f}" x2="{x(effect.high):.1f}" y1="{middle}" y2="{middle}" '
            'stroke="currentColor" stroke-width="2"/>'
        )
    fill = "currentColor" if effect.matters else "none"
    dot = (
        f'<circle cx="{x(effect.difference):.1f}" cy="{middle}" r="5" fill="{fill}" '
        'stroke="currentColor" stroke-width="2"/>'
    )
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true">{zero}{between}{dot}</svg>'
