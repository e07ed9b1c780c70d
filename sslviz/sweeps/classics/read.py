"""A classic experiment from its .toml: arms that are sweeps, points that are drawn, claims.

A cell is called by its label on the arm's axis, two ops as `crop + jitter`, one that stands alone
by its own name; the one cell of an arm without an axis is "".
"""

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sslviz.knobs import Scalar
from sslviz.presets.preset import recipe
from sslviz.presets.shapes import on_shapes
from sslviz.sweeps.axes import Axis, Choice, typed
from sslviz.sweeps.classics.classic import Arm, Asked, Claim, Classic, Label, Point, Term
from sslviz.sweeps.compose import composition
from sslviz.sweeps.sweep import Sweep, unfold

FOLDER = Path(__file__).parent
SEEDS = (0, 1, 2)
METRIC = "knn_h"  # where nothing else is said
Table = Mapping[str, Any]
ArmOf = Callable[[str, str], Arm]  # an arm of another experiment


def read_classic(name: str, arm_of: ArmOf) -> Classic:
    """The experiment of that file name. Raises Refusal where one of its settings cannot be."""
    table = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    arms = tuple(_arm(key, entry, table["title"], arm_of) for key, entry in table["arms"].items())
    cells = {arm.name: _cells(arm) for arm in arms}
    return Classic(
        name=name,
        title=table["title"],
        room=table["room"],
        question=table["question"],
        source=table["source"],
        setting=table["setting"],
        ours=table.get("ours", ""),
        arms=arms,
        claims=tuple(_claim(entry, cells) for entry in table["claims"]),
        points=tuple(_points(table, cells)),
        picture=table["picture"],
        from_figure=table.get("from_figure", False),
    )


def _arm(name: str, entry: Table, title: str, arm_of: ArmOf) -> Arm:
    asks = tuple(
        Asked(asked["protocol"], asked.get("layer", 0), tuple(asked.get("labels", (1.0,))))
        for asked in entry.get("asks", ())
    )
    if "of" in entry:
        return Arm(name, arm_of(*entry["of"]).sweep, asks)
    method, views = entry["method"], entry.get("views", "shapes_default")
    base = recipe(views, method, on_shapes(method) | _flat(entry.get("settings", {})))
    if "compose" in entry:
        where, strong = entry["branches"], entry.get("strong")
        return Arm(name, composition(base, entry["compose"], where, SEEDS, title, strong), asks)
    axes = (_axis(entry),) if "axis" in entry else ()
    return Arm(name, Sweep(base, axes, SEEDS, name=title), asks)


def _axis(entry: Table) -> Axis:
    """`values` of the knob that `axis` names, or `choices` that each set what they like."""
    if "values" in entry:
        return Axis.over(entry["axis"], entry["values"])
    choices = [Choice(typed(k), _flat(settings)) for k, settings in entry["choices"].items()]
    return Axis(entry["axis"], tuple(choices))


def _flat(table: Table) -> dict[str, Scalar]:
    """Settings by dotted name: what TOML nests, `view.hue`, is one name again."""
    flat: dict[str, Scalar] = {}
    for key, value in table.items():
        if isinstance(value, Mapping):
            flat |= {f"{key}.{name}": inner for name, inner in _flat(value).items()}
        else:
            flat[key] = value
    return flat


def _cells(arm: Arm) -> dict[Scalar, Label]:
    """What each cell of an arm is called here -> its labels."""
    labels = [member.cell.labels for member in unfold(arm.sweep)]
    return {_called(label): label for label in labels}


def _called(label: Label) -> Scalar:
    if len(label) == 1:
        return label[0]
    return " + ".join(map(str, dict.fromkeys(label)))


def _points(table: Table, cells: Mapping[str, Mapping[Scalar, Label]]) -> list[Point]:
    """Those of `lines`, an arm each, and single ones; without either every arm is a line."""
    lines = table.get("lines", [])
    if not lines and "points" not in table:
        arms = table["arms"].items()
        lines = [{"series": k, "arm": k, "paper": arm.get("paper", {})} for k, arm in arms]
    found = []
    for line in lines:
        paper = {typed(label): number for label, number in line.get("paper", {}).items()}
        metric = line.get("metric", METRIC)
        for label, cell in cells[line["arm"]].items():
            at = (line["arm"], cell, metric)
            found.append(Point(line["series"], label, *at, paper.get(label)))
    for entry in table.get("points", []):
        arm, label, metric = entry["at"]
        at = (arm, cells[arm][label], metric)
        found.append(Point(entry["series"], entry["label"], *at, entry.get("paper")))
    return found


def _claim(entry: Table, cells: Mapping[str, Mapping[Scalar, Label]]) -> Claim:
    """`plus` and `minus`: lists of [arm, cell] or [arm, cell, metric]; `mean`: of `minus`."""
    usual = entry.get("metric", METRIC)

    def term(weight: float, arm: str, label: Scalar, metric: str = usual) -> Term:
        return Term(weight, arm, cells[arm][label], metric)

    less = -1 / len(entry["minus"]) if entry.get("mean") else -1.0
    terms = [term(1.0, *at) for at in entry["plus"]] + [term(less, *at) for at in entry["minus"]]
    return Claim(entry["said"], tuple(terms), entry.get("paper"), entry.get("source", ""))
