"""What scripts read: JSON without sentences that are still to be filled in."""

from typing import Any

from sslviz.refusal import Sentence


def in_words(value: Any) -> Any:
    """`value` with every Sentence in it as the plain text that scripts expect."""
    if isinstance(value, dict):
        return {name: in_words(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [in_words(inner) for inner in value]
    return str(value) if isinstance(value, Sentence) else value
