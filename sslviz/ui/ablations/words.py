"""What the settings, axes and numbers of a sweep are called on screen."""

from pathlib import Path
from time import time
from typing import Any

from sslviz.augment.catalogue import OPS
from sslviz.augment.view import ViewConfig
from sslviz.config import RunConfig
from sslviz.evaluate.protocols import PROTOCOLS
from sslviz.knobs import Knob, Scalar, knobs
from sslviz.methods import METHODS, card
from sslviz.refusal import Refusal
from sslviz.sweeps.axes import Axis
from sslviz.sweeps.compose import FIRST, SECOND
from sslviz.sweeps.folder import about_sweep, read_sweep
from sslviz.sweeps.table import is_share
from sslviz.ui.panels.marks import setting_label
from sslviz.ui.run_words import ago
from sslviz.ui.text import _

FIRST_METRICS = ("knn_h", "knn_z", "loss", "effective_rank_h")


def settings(config: RunConfig) -> dict[str, Knob]:
    """Dotted name -> knob of all that an axis of this recipe may go over, its method's first."""
    own = {f"method.{name}": knob for name, knob in knobs(card(config.method).config).items()}
    plain = {name: knob for name, knob in knobs(RunConfig).items() if name not in ("seed", "data")}
    views = {
        f"{section}.{name}": knob
        for section in ("view", "view1", "view2")
        for name, knob in knobs(ViewConfig).items()
    }
    return own | plain | views


def label(name: str, knob: Knob | None) -> str:
    """`Temperature tau`, `Hue, view 1`; the dotted name where no knob of that name is known."""
    if knob is None:
        return {FIRST: _("op"), SECOND: _("with op")}.get(name) or _(name)
    return setting_label(name, knob)


def value(axis: str, held: Scalar) -> str:
    """A choice of an axis as a word: on, off, a method's title, an op's, or the number."""
    if isinstance(held, bool):
        return _("on") if held else _("off")
    if axis in (FIRST, SECOND) and held in OPS:
        return _(OPS[str(held)].chance.label)
    if axis == "method" and held in METHODS:
        return _(card(str(held)).title)
    if isinstance(held, str):
        return _(held)
    return f"{held:g}" if isinstance(held, float) else str(held)


def axis_facts(axis: Axis, config: RunConfig) -> dict[str, Any]:
    """An axis for the browser: its name, whether it is numeric, its values with their words."""
    return {
        "label": label(axis.name, settings(config).get(axis.name)),
        "numeric": axis.numeric,
        "values": [
            {"value": choice.label, "label": value(axis.name, choice.label)}
            for choice in axis.choices
        ],
    }


def metric_facts(name: str) -> dict[str, Any]:
    """A number for the browser: its name, what it is called, whether it is a share."""
    return {"name": name, "label": metric_label(name), "percent": is_share(name)}


def metric_label(name: str) -> str:
    known = {
        "knn_h": _("kNN accuracy of h"),
        "knn_z": _("kNN accuracy of z"),
        "loss": _("loss"),
        "effective_rank_h": _("effective rank of h"),
        "effective_rank_z": _("effective rank of z"),
        "feature_std_z": _("spread of z"),
        "alignment": _("alignment"),
        "uniformity": _("uniformity"),
        "contrastive_accuracy": _("positive found first"),
        "seconds": _("seconds"),
    }
    if name.startswith("evaluate_"):
        protocol = PROTOCOLS.get(name.removeprefix("evaluate_"))
        return _(protocol.title) if protocol else name
    return known.get(name, name.replace("_", " "))


def ordered(names: list[str]) -> list[str]:
    """The numbers to choose from: those one asks for first, measurements by labels among them."""
    first = [*(n for n in names if n.startswith("evaluate_")), *FIRST_METRICS]
    found = [name for name in first if name in names]
    return found + [name for name in names if name not in found]


def sweep_words(folder: Path) -> str:
    """`Temperature tau × Batch size N, 12 runs · 3 min ago`, or the name a person gave it first."""
    try:
        sweep, created = read_sweep(folder), about_sweep(folder)["created_at"]
    except Refusal:
        return folder.name
    known = settings(sweep.base)
    axes = " × ".join(label(axis.name, known.get(axis.name)) for axis in sweep.axes)
    named = [sweep.name, axes or _("base"), _("{n} runs").format(n=sweep.count())]
    return " · ".join([*filter(None, named), ago(time() - created)])


def duration(seconds: float) -> str:
    if seconds < 100:
        return _("{n} s").format(n=max(1, round(seconds)))
    if seconds < 6000:
        return _("{n} min").format(n=round(seconds / 60))
    return _("{h} h {n} min").format(h=int(seconds // 3600), n=round(seconds % 3600 / 60))
