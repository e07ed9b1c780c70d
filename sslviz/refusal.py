"""Sentences that cross processes: a template and its facts, put into words where they are read.

A worker writes them as JSON, a page shows them in the reader's language. What came from outside (a
path, a name, a value) is a fact, never part of a template.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Union

Fact = Union[str, int, float, bool, None, "Sentence"]
LONGEST = 2000  # characters of a template or a fact that are read
DEEPEST = 8  # sentences inside each other that are read
SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Sentence:
    """`template` holds {name} slots; a fact may be a sentence itself, or a word that is one.

    Templates are written with `say`; `Sentence(word)` is for a word out of a table of such words.
    """

    template: str
    facts: Mapping[str, Fact] = field(default_factory=dict)

    def words(self, translated: Callable[[str], str] = lambda text: text) -> str:
        """The sentence with its slots filled, template and inner sentences `translated`."""
        filled = {
            name: fact.words(translated) if isinstance(fact, Sentence) else str(fact)
            for name, fact in self.facts.items()
        }
        return SLOT.sub(
            lambda slot: filled.get(slot[1], slot[0])[:LONGEST], translated(self.template)
        )

    def __str__(self) -> str:
        return self.words()

    def to_json(self) -> dict[str, Any]:
        """Plain JSON; `read_sentence` is the inverse."""
        facts = {k: v.to_json() if isinstance(v, Sentence) else v for k, v in self.facts.items()}
        return {"template": self.template, "facts": facts}


def read_sentence(value: Any) -> Sentence | None:
    """The sentence in `value`: what `to_json` wrote, a Sentence, or an error with its own.

    A plain text, as older runs and libraries write it, is shown as it is; None for anything else.
    """
    return _read(value, DEEPEST)


def _read(value: Any, deeper: int) -> Sentence | None:
    if isinstance(value, Sentence):
        return value
    if isinstance(value, Exception):
        value = getattr(value, "sentence", None) or str(value) or type(value).__name__
        return _read(value, deeper)
    if isinstance(value, str):
        return Sentence("{text}", {"text": value[:LONGEST]}) if value.strip() else None
    if not deeper or not isinstance(value, Mapping) or not isinstance(value.get("template"), str):
        return None
    facts = value.get("facts")
    known = facts.items() if isinstance(facts, Mapping) else ()
    return Sentence(value["template"][:LONGEST], {str(k): _fact(v, deeper) for k, v in known})


def _fact(value: Any, deeper: int) -> Fact:
    if isinstance(value, Mapping):
        return _read(value, deeper - 1) or "…"
    return value if isinstance(value, str | int | float | bool) or value is None else "…"


def say(template: str, **facts: Fact) -> Sentence:
    """A sentence for somebody else to read; the marker by which its text is found."""
    return Sentence(template, facts)


class Refusal(ValueError):
    """What was asked for cannot be done: one sentence that says why and what is allowed."""

    def __init__(self, template: str | Sentence, **facts: Fact) -> None:
        self.sentence = template if isinstance(template, Sentence) else Sentence(template, facts)
        super().__init__(str(self.sentence))
