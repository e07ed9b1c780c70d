"""How data flows through a method, as SVG drawn from its parts, with the shapes of a run."""

from html import escape

from sslviz.config import RunConfig
from sslviz.methods import card
from sslviz.methods.about import about
from sslviz.ui.methods.shapes import Sizes, after, entering, sizes
from sslviz.ui.text import _

TOP, BOTTOM, BOX, GAP, INPUT, HIGH = 8, 148, 62, 74, 122, 52
FIRST = 32  # the first gap holds the longest shape, so it is this much wider
LAST = 92  # the gap before the loss, in which the branches bend


def diagram(config: RunConfig) -> str:
    """The SVG: views at the left, the loss at the right, what has no gradient cut off."""
    name, known = config.method, vars(config.method_config())
    parts, s = about(name).parts, sizes(config)
    cut = parts.cut and known.get("stop_gradient", True)
    rows = [_boxes(parts.top, known, cut), _boxes(parts.bottom, known, cut)]
    rows = [row for row in rows if row]
    columns = max(len(row) for row in rows)
    right = INPUT + FIRST + (columns - 1) * (GAP + BOX) + LAST
    right += FIRST if rows[0][-1] == "d" else 0
    centre = (TOP + (BOTTOM if len(rows) == 2 else TOP)) / 2 + HIGH / 2
    out = [_loss(parts.loss, right, centre)]
    for i, (row, y) in enumerate(zip(rows, (TOP, BOTTOM), strict=False)):
        out += _branch(row, y, s, parts.against, right, centre, cut=cut and i == len(rows) - 1)
    if len(rows) == 2:
        out += _between(*rows)
    height = (BOTTOM if len(rows) == 2 else TOP) + HIGH + 14
    if parts.against and known.get("neighbours", True):
        out += _against(parts.against, s, right, centre, rows)
        height = max(height, centre + 164)
    width = right + 134
    reading = _("Data flow of {method}: {boxes}, then the loss.").format(
        method=card(name).title, boxes="; ".join(" → ".join(_box_name(b) for b in r) for r in rows)
    )
    return (
        f'<svg class="flowchart" viewBox="0 0 {width:.0f} {height:.0f}" role="img" '
        f'style="max-width:{width * 1.15:.0f}px;--wide:{width:.0f}px" '
        f'aria-label="{escape(reading)}"><defs>'
        '<marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        'orient="auto"><path d="M0 0L8 4L0 8Z"/></marker></defs>' + "".join(out) + "</svg>"
    )


def _boxes(branch: str, known: dict, cut: bool) -> list[str]:
    """The boxes of a branch that these knobs leave in their place."""
    boxes = branch.split()
    if not known.get("predictor", True):
        boxes = [b for b in boxes if b != "q"]
    if known.get("neighbours") is False:
        boxes = [b for b in boxes if b != "NN"]
    if known.get("transform") == "rotation":
        boxes = [{"tiles": "rotated", "join": "head"}.get(b, b) for b in boxes]
    if "stop_gradient" in known and not cut:
        boxes = [b.rstrip("'") for b in boxes]
    return [b for b in boxes if b != "g" or known["projector_depth"]]


def _box_name(box: str) -> str:
    names = {
        "view1": _("View 1"),
        "view2": _("View 2"),
        "views": _("Two views"),
        "noisy": _("Noisy views"),
        "hole": _("Views with a hole"),
        "patches": _("Visible patches"),
        "turned": _("4 turns"),
        "tiles": _("9 tiles"),
        "join": _("join"),
        "rotated": _("Turned view"),
        "head": _("head"),
        "white": _("whiten"),
        "code": "Sinkhorn",
        "centre": _("centre"),
    }
    return names.get(box, box.replace("'", "′"))


def _branch(
    row: list[str], y: float, s: Sizes, asked: str, right: float, centre: float, *, cut: bool
) -> list[str]:
    out = [_node(0, y, INPUT, _box_name(row[0]), row[0])]
    (letters, shape), symbol, x = entering(row[0], s), "x", INPUT
    for box in row[1:]:
        gap = GAP + FIRST if box == row[1] else GAP
        out.append(_arrow(f"M{x} {y + HIGH / 2}H{x + gap - 4}"))
        out.append(_between_text(x + gap / 2, y + HIGH / 2, symbol, shape, letters))
        x += gap
        out.append(_node(x, y, BOX, _box_name(box), box))
        x += BOX
        symbol, letters, shape = after(box, row[0], s, asked, symbol, letters, shape)
    start, end = y + HIGH / 2, centre + (0 if y + HIGH / 2 == centre else 14 if y > TOP else -14)
    bend = right - 26
    turn = f"H{bend - 8}Q{bend} {start} {bend} {start + (8 if end > start else -8)}"
    turn += f"V{end + (-8 if end > start else 8)}Q{bend} {end} {bend + 8} {end}H{right - 4}"
    out.append(_arrow(f"M{x} {start}" + (f"H{right - 4}" if end == start else turn)))
    out.append(
        _between_text(
            (x + right) / 2 if "d" in row else x + (LAST - 26) / 2, start, symbol, shape, letters
        )
    )
    if cut:
        out.append(_cut(bend, (start + end) / 2))
    return out


def _cut(x: float, y: float) -> str:
    """Two strokes through the line: no gradient flows back from here."""
    one, _bracket, two = _("stop-gradient").partition("(")
    second = f'<tspan x="{x + 16}" dy="16">({escape(two)}</tspan>' if two else ""
    return (
        f'<g class="cut"><path d="M{x - 9} {y + 2}l18 -7m-18 14l18 -7"/>'
        f'<text x="{x + 16}" y="{y + 15}">{escape(one)}{second}</text></g>'
    )


def _node(x: float, y: float, width: float, label: str, box: str) -> str:
    kind = "input" if x == 0 else "moving" if box.endswith("'") else "net"
    big = ' class="letter"' if len(label) < 3 else ' class="long"' if len(label) > 7 else ""
    if kind == "input":
        big = ""
    return (
        f'<g class="{kind}"><rect x="{x}" y="{y}" width="{width}" height="{HIGH}" rx="7"/>'
        f'<text x="{x + width / 2}" y="{y + HIGH / 2 + 6}" text-anchor="middle"{big}>'
        f"{escape(label)}</text></g>"
    )


def _between_text(x: float, y: float, symbol: str, shape: str, letters: str) -> str:
    return (
        f'<text class="symbol" x="{x}" y="{y - 8}" text-anchor="middle">{escape(symbol)}</text>'
        f'<text class="shape" x="{x}" y="{y + 18}" text-anchor="middle">{escape(shape)}</text>'
        f'<text class="letters" x="{x}" y="{y + 33}" text-anchor="middle">{escape(letters)}</text>'
    )


def _arrow(path: str) -> str:
    return f'<path class="line" d="{path}" marker-end="url(#tip)"/>'


def _loss(name: str, x: float, centre: float) -> str:
    return (
        f'<g class="loss"><rect x="{x}" y="{centre - 30}" width="130" height="60" rx="7"/>'
        f'<text x="{x + 65}" y="{centre - 4}" text-anchor="middle" class="letter">ℒ</text>'
        f'<text x="{x + 65}" y="{centre + 18}" text-anchor="middle">{escape(_(name))}</text></g>'
    )


def _between(top: list[str], bottom: list[str]) -> list[str]:
    """Between the branches: equal boxes share their weights, primed ones follow slowly."""
    out, x, first = [], INPUT + FIRST, True
    for one, two in zip(top[1:], bottom[1:], strict=False):
        x += GAP
        middle = x + BOX / 2
        if one.rstrip("'") == two.rstrip("'"):
            follows = two.endswith("'")
            tip = ' marker-end="url(#tip)"' if follows else ""
            kind = "follows" if follows else "shared"
            end = BOTTOM - (4 if follows else 0)
            out.append(f'<path class="{kind}" d="M{middle} {TOP + HIGH}V{end}"{tip}/>')
            if first:
                label = _("follows slowly (m)") if follows else _("same weights")
                place = (TOP + HIGH + BOTTOM) / 2 + 22
                out.append(
                    f'<text class="note" x="{middle + 9}" y="{place}">{escape(label)}</text>'
                )
                first = False
        x += BOX
    return out


def _against(what: str, s: Sizes, right: float, centre: float, rows: list[list[str]]) -> list[str]:
    """What else the loss is given: a memory below it, labels, or the image itself."""
    names = {
        "queue": (_("Queue"), f"K×D = {s.k or '…'}×{s.d}"),
        "bank": (_("Memory bank"), f"n×D = {s.k or '…'}×{s.d}"),
        "label": (_("Labels"), f"N = {s.n}"),
        "image": (_("The image"), "T×P" if s.visible else "3×32×32"),
        "turn": (_("Which turn?"), _("free label")),
        "order": (_("Which order?"), _("free label")),
        "number": (_("Which image?"), _("free label")),
    }
    title, size = names[what]
    y, x = centre + 96, right - 26
    memory = "memory" if what in ("queue", "bank") else "given"
    box = (
        f'<g class="{memory}"><rect x="{x}" y="{y}" width="156" height="56" rx="7"/>'
        f'<text x="{x + 78}" y="{y + 24}" text-anchor="middle">{escape(title)}</text>'
        f'<text class="shape" x="{x + 78}" y="{y + 43}" text-anchor="middle">{escape(size)}'
        "</text></g>"
    )
    left, under = right - LAST - BOX / 2, BOTTOM + HIGH
    if len(rows) == 2 and rows[1][-1] == "NN":
        return [box, _arrow(f"M{x} {y + 38}H{left}V{under + 4}")]
    out = [box, _arrow(f"M{right + 106} {y}V{centre + 34}")]
    if what == "queue" and rows[1][-1] == "g'":
        out.append(f'<path class="shared" d="M{left} {under}V{y + 38}H{x}"/>')
    return out


def note(config: RunConfig) -> str:
    """What the drawing leaves out, in one sentence; "" for nothing."""
    parts, n = about(config.method).parts, getattr(config.method_config(), "n_views", 2)
    if n > 2:
        return _("Each image has {n} views; two of them are drawn.").format(n=n)
    if parts.both_ways:
        return _("One direction is drawn; the loss adds the same with the views exchanged.")
    return _(parts.note) if parts.note else ""
