"""A knob is a setting that carries its own bounds, label and help.

Widgets, command-line flags, documentation and the refusal of bad values are all made from it.
"""

from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from functools import cache
from typing import Any

from sslviz.refusal import Refusal, Sentence, say

Scalar = bool | int | float | str


@dataclass(frozen=True)
class Knob:
    """One setting: `low`..`high` bound a number, `choices` list the words a string may be.

    `zero`: what 0 stands for in words, such as "all"."""

    name: str
    default: Scalar
    label: str
    help: str
    low: float | None = None
    high: float | None = None
    step: float | None = None
    choices: tuple[str, ...] = ()
    live: bool = False
    zero: str = ""

    def allowed(self) -> Sentence:
        """What may stand here, in words, for help texts and refusals."""
        if self.choices:
            return say("one of {choices}", choices=", ".join(self.choices))
        if isinstance(self.default, bool):
            return say("true or false")
        if isinstance(self.default, str):
            return say("a text")
        bounds = {"low": f"{self.low:.12g}", "high": f"{self.high:.12g}"}
        if isinstance(self.default, int):
            return say("a whole number from {low} to {high}", **bounds)
        return say("a number from {low} to {high}", **bounds)

    def checked(self, value: Any, where: str = "") -> Scalar:
        """`value` as this knob's type; Refusal where it is of another kind or out of bounds."""
        if isinstance(self.default, str):
            return self._text(value, where)
        meant = _parsed(value) if isinstance(value, str) else value
        if isinstance(self.default, bool):
            if not isinstance(meant, bool):
                raise self._refused(value, where)
            return meant
        if isinstance(meant, bool) or not isinstance(meant, int | float):
            raise self._refused(value, where)
        if isinstance(self.default, int):
            if isinstance(meant, float) and not meant.is_integer():
                raise self._refused(value, where)
            meant = int(meant)
        assert self.low is not None and self.high is not None
        if not self.low <= meant <= self.high:
            raise self._refused(value, where)
        return meant if isinstance(self.default, int) else float(meant)

    def _text(self, value: Any, where: str) -> str:
        if not isinstance(value, str) or (self.choices and value not in self.choices):
            raise self._refused(value, where)
        if not _written(value):
            raise Refusal(
                "{name} is {value}; it must be a text in UTF-8, without a zero byte.",
                name=f"{where}{self.name}",
                value=brief(value),
            )
        return value

    def _refused(self, value: Any, where: str) -> Refusal:
        """Made only where it is raised: a list of runs checks a hundred thousand values."""
        return Refusal(
            "{name} is {value}; it must be {allowed}.",
            name=f"{where}{self.name}",
            value=brief(value),
            allowed=self.allowed(),
        )


def brief(value: Any) -> str:
    """What `value` looks like, for a refusal: at most 80 characters, whatever it is."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # Python does not write numbers of thousands of digits
        return f"a very long {type(value).__name__}"
    return text if len(text) <= 80 else f"{text[:77]}..."


def _written(text: str) -> bool:
    """Whether files and pages can hold `text`: a path that is not UTF-8 has half characters."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def _parsed(text: str) -> Scalar | None:
    """What stands in `text`; None where it is neither a number nor on or off."""
    words: dict[str, bool] = {"true": True, "on": True, "false": False, "off": False}
    if text.lower() in words:
        return words[text.lower()]
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return None


def knob(
    default: Any,
    label: str,
    help: str,
    *,
    low: float | None = None,
    high: float | None = None,
    step: float | None = None,
    choices: tuple[str, ...] = (),
    live: bool = False,
    zero: str = "",
) -> Any:
    """A field that is a knob. Numbers need `low` and `high`; `live` ones may change mid-run."""
    facts = {"label": label, "help": help, "low": low, "high": high, "step": step}
    return field(
        default=default, metadata={"knob": facts | {"choices": choices, "live": live, "zero": zero}}
    )


def knobs(config: Any) -> dict[str, Knob]:
    """The knobs of a dataclass (or of an instance), by name, in the order they are written."""
    return dict(_knobs_of(config if isinstance(config, type) else type(config)))


@cache  # every config that is read asks for each of its settings
def _knobs_of(kind: Any) -> dict[str, Knob]:
    return {f.name: _knob(f) for f in fields(kind) if "knob" in f.metadata}


def _knob(entry: Field[Any]) -> Knob:
    assert entry.default is not MISSING
    return Knob(name=entry.name, default=entry.default, **entry.metadata["knob"])


def checked_values(config: Any, values: Mapping[str, Any], where: str = "") -> dict[str, Scalar]:
    """`values`, each checked against the knob of its name; Refusal for unknown names."""
    known = knobs(config)
    for name in values:
        if name not in known:
            raise Refusal(
                "{name} is not a setting; the settings here are: {allowed}.",
                name=f"{where}{name}"[:80],
                allowed=", ".join(known) or say("none"),
            )
    return {name: known[name].checked(value, where) for name, value in values.items()}
