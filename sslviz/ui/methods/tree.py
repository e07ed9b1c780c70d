"""The family tree of the methods over the years, and the table that compares their parts."""

from html import escape

from sslviz.methods import FAMILIES, METHODS, card
from sslviz.methods.about import about, year
from sslviz.ui.text import _, language
from sslviz.ui.theme import FAMILIES as HUES

NAMES, CHIP, STEP, HEAD, STACK = 196, 27, 32, 30, 2
Place = tuple[float, float, float]


def href(name: str) -> str:
    return f"?method={name}&amp;lang={language()}"


def _wide(title: str) -> float:
    return len(title) * 7.6 + 26


def _cells() -> dict[tuple[str, int | None], list[str]]:
    cells: dict[tuple[str, int | None], list[str]] = {}
    for name in METHODS:
        cells.setdefault((card(name).family, year(name)), []).append(name)
    return cells


def places() -> tuple[dict[str, Place], dict[int | None, float], dict[str, float], float, float]:
    """Where each method stands (x, y, width), each year's x, each family's y, width and height."""
    cells = _cells()
    years = sorted({y for _family, y in cells}, key=lambda y: y or 0)
    x, columns, chips = float(NAMES), {}, {}
    for y in years:
        columns[y] = x
        widest = 0.0
        for (family, when), names in cells.items():
            if when != y:
                continue
            stacks = [names[i : i + STACK] for i in range(0, len(names), STACK)]
            left = x
            for stack in stacks:
                wide = max(_wide(card(name).title) for name in stack)
                for row, name in enumerate(stack):
                    chips[name] = (left, row, _wide(card(name).title), family)
                left += wide + 8
            widest = max(widest, left - x)
        x += widest + 12
    top, bands = float(HEAD), {}
    for family in FAMILIES:
        rows = [chip[1] for chip in chips.values() if chip[3] == family]
        if rows:
            bands[family] = top
            top += (max(rows) + 1) * STEP + 9
    found = {n: (c[0], bands[c[3]] + 5 + c[1] * STEP, c[2]) for n, c in chips.items()}
    return found, columns, bands, x, top


def tree(chosen: str) -> str:
    """Families in rows, years in columns, a line from each method to those that grew out of it."""
    chips, columns, bands, width, height = places()
    out = [_band(f, y, bands, width, height) for f, y in bands.items()]
    for when, x in columns.items():
        out.append(f'<text class="year" x="{x + 3}" y="19">{when or ""}</text>')
    links = [(a, b) for b in METHODS for a in about(b).parts.after]
    links.sort(key=lambda link: chosen in link)
    out += [_line(chips[a], chips[b], chosen in (a, b)) for a, b in links]
    near = {chosen, *about(chosen).parts.after, *(b for a, b in links if a == chosen)}
    out += [_chip(name, chips[name], name == chosen, name in near) for name in METHODS]
    reading = _("Methods by family and year of their first preprint; {method} is chosen.")
    return (
        f'<svg class="tree" viewBox="0 0 {width:.0f} {height:.0f}" role="group" '
        f'style="--wide:{width:.0f}px" '
        f'aria-label="{escape(reading.format(method=_(card(chosen).title)))}">{"".join(out)}</svg>'
    )


def _band(family: str, y: float, bands: dict[str, float], width: float, height: float) -> str:
    below = min((v for v in bands.values() if v > y), default=height)
    return (
        f'<rect class="band" x="0" y="{y}" width="{width}" height="{below - y - 3}" rx="6"/>'
        f'<rect x="0" y="{y}" width="4" height="{below - y - 3}" rx="2" fill="{HUES[family]}"/>'
        f'<text class="family" x="14" y="{(y + below - 3) / 2 + 5}">'
        f"{escape(_(FAMILIES[family]))}</text>"
    )


def _line(a: Place, b: Place, lit: bool) -> str:
    """From the right end of a chip to the left end of a later one; in one year, at the left."""
    x1, y1, x2, y2 = a[0] + a[2], a[1] + CHIP / 2, b[0], b[1] + CHIP / 2
    kind = "grown lit" if lit else "grown"
    if x2 < x1 + 6:
        x1, bend = a[0], 9 + abs(y2 - y1) * 0.09
        return f'<path class="{kind}" d="M{x1} {y1}C{x1 - bend} {y1} {x2 - bend} {y2} {x2} {y2}"/>'
    bend = max(14, (x2 - x1) / 2)
    return f'<path class="{kind}" d="M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"/>'


def _chip(name: str, place: Place, chosen: bool, near: bool) -> str:
    x, y, wide = place
    kind = "chip" + (" chosen" if chosen else "") + (" near" if near else "")
    current = ' aria-current="true"' if chosen else ""
    return (
        f'<a class="{kind}" href="{href(name)}" data-method="{name}"{current} '
        f'style="--hue:{HUES[card(name).family]}"><rect x="{x}" y="{y}" width="{wide}" '
        f'height="{CHIP}" rx="13.5"/><text x="{x + wide / 2}" y="{y + 18.5}" '
        f'text-anchor="middle">{escape(card(name).title)}</text></a>'
    )
