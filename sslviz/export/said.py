"""What a film says, in one language. The words themselves stand with the pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Bar:
    """A measurement of h and of z as a bar, empty at `low` and full at `high`.

    `kind`: a "plain" value, a "share" of the width of the space, or a "change" from the first
    snapshot in powers of ten.
    """

    name: str
    label: str
    kind: Literal["plain", "share", "change"]
    low: float
    high: float
    digits: int


@dataclass(frozen=True)
class Said:
    """`title` and `recorded` are of the run; `step` has the slots {step} and {steps}; `verdicts`:
    what a worker writes -> its word and the name of its ink; `names`: a class of built-in data ->
    its word."""

    title: str
    recorded: str
    step: str
    map: str
    matrix: str
    pairs: str
    positives: str
    negatives: str
    collapse: str
    random: str
    loss: str
    chance: str
    knn: str
    verdicts: Mapping[str, tuple[str, str]]
    bars: tuple[Bar, ...]
    names: Mapping[str, str]
