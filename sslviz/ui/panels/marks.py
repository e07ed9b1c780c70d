"""What the marks on an axis of steps say: knobs, pauses, errors, verdicts. For every such axis."""

from functools import cache
from typing import Any

from sslviz.config import VIEWS, RunConfig, live_settings
from sslviz.knobs import Knob
from sslviz.methods import METHODS
from sslviz.ui.panels.collapse import reasons, verdicts
from sslviz.ui.text import _


def marks() -> dict[str, Any]:
    """Words for a run's events; `{name}` is filled in by the browser."""
    return {
        "at": _("Step {step}: {what}"),
        "set": _("{knob} {old} → {new}"),
        "verdict": _("{old} → {new}. {reason}"),
        "pause": _("paused"),
        "resume": _("resumed"),
        "on": _("on"),
        "off": _("off"),
        "knobs": live_knobs(),
        "verdicts": verdicts(),
        "reasons": reasons(),
    }


def live_knobs() -> dict[str, str]:
    """Labels of all settings that may change during a run of any method, by dotted name."""
    return {name: setting_label(name, knob) for name, knob in _live_of_any().items()}


@cache
def _live_of_any() -> dict[str, Knob]:
    configs = [RunConfig(method=method) for method in METHODS]
    return {name: knob for c in configs for name, knob in live_settings(c).items()}


def setting_label(name: str, knob: Knob) -> str:
    """`Temperature tau`, `Hue, view 1`: a knob's label with the view that its dotted name names."""
    section = name.partition(".")[0]
    if section not in VIEWS:
        return _(knob.label)
    return _("{knob}, view {view}").format(knob=_(knob.label), view=section.removeprefix("view"))
