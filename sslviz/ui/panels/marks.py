"""What the marks on an axis of steps say: knobs, pauses, errors, verdicts. For every such axis."""

from typing import Any

from sslviz.augment.view import ViewConfig
from sslviz.config import RunConfig
from sslviz.knobs import knobs
from sslviz.methods import METHODS, card
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
    """Labels of all settings that may change during a run, by dotted name."""
    found = {name: _(knob.label) for name, knob in knobs(RunConfig).items() if knob.live}
    for method in METHODS:
        own = knobs(card(method).config)
        found |= {f"method.{name}": _(knob.label) for name, knob in own.items() if knob.live}
    of_view = _("{knob}, view {view}")
    for view in (1, 2):
        for name, knob in knobs(ViewConfig).items():
            if knob.live:
                found[f"view{view}.{name}"] = of_view.format(knob=_(knob.label), view=view)
    return found
