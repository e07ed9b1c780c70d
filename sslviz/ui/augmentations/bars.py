"""Small still figures in SVG: colour histograms, a share against chance, cosine histograms."""

from html import escape
from typing import Any

from sslviz.ui.augmentations.tiles import img
from sslviz.ui.text import _
from sslviz.ui.theme import BLUE, GREEN, VERMILION

CHANNELS = (("R", VERMILION), ("G", GREEN), ("B", BLUE))


def share(rate: float, chance: float, caption: str) -> str:
    """A big number with a bar; the tick on the bar is chance."""
    return (
        f'<div class="share"><b>{rate:.0%}</b><span>{escape(caption)}</span>'
        f'<div class="bar" role="img" aria-label="{rate:.0%}">'
        f'<i style="width:{rate:.1%}"></i><u style="left:{chance:.1%}"></u></div>'
        f"<small>{escape(_('chance {share}').format(share=f'{chance:.1%}'))}</small></div>"
    )


def colour_rows(rows: list[dict[str, Any]]) -> str:
    """A view, its histogram of each colour channel, and the distance to the first one's."""
    names = [_("View 1"), _("View 2"), _("Another image"), _("Another image")]
    parts = []
    for name, row in zip(names, rows, strict=False):
        charts = "".join(
            _channel(letter, colour, bins)
            for (letter, colour), bins in zip(CHANNELS, row["bins"], strict=True)
        )
        far = _("distance {value}").format(value=f"{row['distance']:.2f}") if parts else ""
        parts.append(
            f'<div class="colour">{img(row["image"], name)}{charts}'
            f"<span><b>{escape(name)}</b><br>{escape(far)}</span></div>"
        )
    return f'<div class="colours">{"".join(parts)}</div>'


def _channel(letter: str, colour: str, bins: list[float]) -> str:
    width = 80 / len(bins)
    highest = max(0.5, *bins)
    bars = "".join(
        f'<rect x="{i * width + 0.5:.1f}" y="{40 - 40 * v / highest:.1f}" width="{width - 1:.1f}" '
        f'height="{40 * v / highest:.1f}" fill="{colour}"/>'
        for i, v in enumerate(bins)
    )
    return (
        f'<div class="channel"><b aria-hidden="true">{letter}</b>'
        f'<svg viewBox="0 0 80 42" role="img" aria-label="{letter}">{bars}'
        f'<path d="M0 40.5H80"/></svg></div>'
    )


def cosines(name: str, row: dict[str, Any]) -> str:
    """Two histograms on one axis from -1 to 1: positives filled, negatives outlined."""
    reading = _("{name}: positives {positive}, negatives {negative} on average").format(
        name=name, positive=f"{row['positive']:.2f}", negative=f"{row['negative']:.2f}"
    )
    marks = "".join(f"<span>{label}</span>" for label in ("−1", "0", "1"))
    positives = f"{escape(_('positives'))} {row['positive']:.2f}"
    negatives = f"{escape(_('negatives'))} {row['negative']:.2f}"
    found = _("a view finds its partner: {share}").format(share=f"{row['found']:.0%}")
    return (
        f'<figure class="cosines"><figcaption><b>{escape(name)}</b> '
        f"<span>{escape(found)}</span></figcaption>"
        f'<svg viewBox="0 -2 400 86" role="img" aria-label="{escape(reading)}">'
        f'<path class="negative" d="{_outline(row["negative_bins"])}"/>'
        f'<path class="positive" d="{_outline(row["positive_bins"])}"/>'
        f'<path class="axis" d="M0 78.5H400M200 78V83M0.5 78V83M399.5 78V83"/></svg>'
        f'<div class="ticks" aria-hidden="true">{marks}</div>'
        f'<p><span class="positive">■ {positives}</span> '
        f'<span class="negative">□ {negatives}</span></p></figure>'
    )


def _outline(bins: list[float]) -> str:
    """Steps of relative height, closed along the axis."""
    highest, width = max(*bins, 1), 400 / len(bins)
    steps = "".join(
        f"V{78 - 76 * v / highest:.1f}H{(i + 1) * width:.1f}" for i, v in enumerate(bins)
    )
    return f"M0 78{steps}V78Z"
