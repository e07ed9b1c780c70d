"""An axis of a sweep: a name and its choices, each of which sets one knob or several."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sslviz.config import VIEWS, RunConfig
from sslviz.knobs import Scalar, brief, knobs
from sslviz.refusal import Refusal

MOST_CHOICES = 100


@dataclass(frozen=True)
class Choice:
    """`label`: what it is called, the value itself where it sets one knob."""

    label: Scalar
    settings: Mapping[str, Scalar]


@dataclass(frozen=True)
class Axis:
    name: str
    choices: tuple[Choice, ...]

    @classmethod
    def over(cls, name: str, values: list[Any]) -> "Axis":
        """An axis over one knob by its dotted name (`view.hue`: both views). Raises Refusal."""
        if name == "seed":
            raise Refusal("seed is no axis: the seeds of a sweep are given apart, as 0,1,2.")
        if not 1 <= len(values) <= MOST_CHOICES:
            raise Refusal(
                "The axis {name} has {n} values; it must have 1 to {most}.",
                name=name,
                n=len(values),
                most=MOST_CHOICES,
            )
        return cls(name, tuple(Choice(value, {name: value}) for value in values))

    @property
    def numeric(self) -> bool:
        """Whether its choices are numbers, so that they have places on a scale."""
        return all(
            isinstance(c.label, int | float) and not isinstance(c.label, bool) for c in self.choices
        )

    def to_json(self) -> dict[str, Any]:
        choices = [{"label": c.label, "settings": dict(c.settings)} for c in self.choices]
        return {"name": self.name, "choices": choices}

    @classmethod
    def from_json(cls, values: Any) -> "Axis":
        """The inverse of `to_json`. Raises Refusal."""
        try:
            choices = tuple(
                Choice(_scalar(c["label"]), {str(k): _scalar(v) for k, v in c["settings"].items()})
                for c in values["choices"]
            )
            return cls(str(values["name"])[:200], choices)
        except (KeyError, TypeError, AttributeError):
            raise Refusal("{value} is no axis of a sweep.", value=brief(values)) from None


def _scalar(value: Any) -> Scalar:
    if not isinstance(value, bool | int | float | str):
        raise TypeError
    return value


def parse_axis(text: str) -> Axis:
    """The axis in `method.tau=0.05,0.1,0.5`. Raises Refusal."""
    name, equals, values = text.partition("=")
    if not (equals and name.strip() and values.strip()):
        raise Refusal(
            "An axis is KEY=VALUE,VALUE, for example method.tau=0.1,0.5, not {text}.",
            text=brief(text),
        )
    name = name.strip()
    is_text = name in knobs(RunConfig) and isinstance(knobs(RunConfig)[name].default, str)
    listed = [word.strip() for word in values.split(",")]
    return Axis.over(name, list(listed) if is_text else [typed(word) for word in listed])


def typed(word: str) -> Scalar:
    """A number or a switch where the word is one; else the word."""
    switches = {"true": True, "on": True, "false": False, "off": False}
    if word.lower() in switches:
        return switches[word.lower()]
    for kind in (int, float):
        try:
            return kind(word)
        except ValueError:
            continue
    return word


def clash(axes: tuple[Axis, ...], unordered: bool) -> None:
    """Raises Refusal where two axes set the same knob: only one of them could have its way."""
    if unordered:
        return
    owners: dict[str, str] = {}
    for axis in axes:
        settings = {
            name for choice in axis.choices for key in choice.settings for name in both(key)
        }
        for name in sorted(settings):
            if name in owners:
                raise Refusal(
                    "The axes {one} and {other} both set {setting}.",
                    one=owners[name],
                    other=axis.name,
                    setting=name,
                )
        owners |= dict.fromkeys(settings, axis.name)


def both(name: str) -> tuple[str, ...]:
    """The settings that a dotted name stands for: `view.hue` for two."""
    section, dot, rest = name.partition(".")
    return tuple(f"{view}.{rest}" for view in VIEWS) if dot and section == "view" else (name,)
