"""Configs of other versions than this one: what they hold that is not known here."""

from collections.abc import Mapping
from typing import Any

from sslviz.augment.view import ViewConfig
from sslviz.config import FORMAT, SECTIONS, RunConfig
from sslviz.knobs import knobs
from sslviz.methods import METHODS, card
from sslviz.refusal import Refusal, say


class WrittenByNewer(Refusal):
    """The config has a format that only a newer version reads."""


def from_any_version(values: Mapping[str, Any]) -> tuple[RunConfig, tuple[str, ...]]:
    """`RunConfig.from_json`, and the dotted names of settings that only a newer version knows.

    Those are left out. Raises WrittenByNewer, and Refusal for everything else that is wrong.
    """
    written = values.get("format", FORMAT)
    if type(written) is int and written > FORMAT:
        formats = {"written": written, "format": FORMAT}
        raise WrittenByNewer(say("format {written}; this version reads format {format}", **formats))
    method = values.get("method", RunConfig.method)
    names = {"view1": knobs(ViewConfig), "view2": knobs(ViewConfig)}
    if isinstance(method, str) and method in METHODS:
        names["method_knobs"] = knobs(card(method).config)
    top = {"format", *SECTIONS, *knobs(RunConfig)}
    unknown = [name for name in values if name not in top]
    known = {name: value for name, value in values.items() if name in top}
    if unknown and not known.keys() - {"format"}:
        raise Refusal("It holds none of the settings of a run.")
    for section, own in names.items():
        table = known.get(section)
        if isinstance(table, Mapping):
            unknown += [f"{SECTIONS[section]}.{name}" for name in table if name not in own]
            known[section] = {name: value for name, value in table.items() if name in own}
    return RunConfig.from_json(known), tuple(unknown)
