"""What a sweep is: a base recipe, axes over its settings, and seeds, as one frozen value.

It unfolds into ordinary runs, all of which are checked before the first one starts. Torch-free.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from sslviz.config import RunConfig
from sslviz.data.catalogue import DATASETS
from sslviz.data.paths import located
from sslviz.knobs import Scalar, brief
from sslviz.refusal import Refusal
from sslviz.runs.about import LONGEST_NAME
from sslviz.sweeps.axes import Axis, clash

FORMAT = 1
MOST_RUNS = 1000
MOST_SEEDS = 100


@dataclass(frozen=True)
class Cell:
    """One place of the grid: what it is called on each axis, and the config but for the seed."""

    index: int
    labels: tuple[Scalar, ...]
    config: RunConfig


@dataclass(frozen=True)
class Member:
    """One run of a sweep, by its number among all of them."""

    index: int
    cell: Cell
    seed: int

    @property
    def config(self) -> RunConfig:
        return replace(self.cell.config, seed=self.seed)


@dataclass(frozen=True)
class Sweep:
    """`evaluate`: protocols to measure each finished run by.

    `unordered`: both axes have the same choices and their order does not matter, so a pair stands
    once in the grid.
    """

    base: RunConfig
    axes: tuple[Axis, ...] = ()
    seeds: tuple[int, ...] = (0,)
    evaluate: tuple[str, ...] = ()
    name: str = ""
    unordered: bool = False

    def to_json(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "name": self.name,
            "base": self.base.to_json(),
            "axes": [axis.to_json() for axis in self.axes],
            "seeds": list(self.seeds),
            "evaluate": list(self.evaluate),
            "unordered": self.unordered,
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Sweep":
        """The inverse of `to_json`. Raises Refusal."""
        base, axes = values.get("base"), values.get("axes", [])
        if not isinstance(base, Mapping) or not isinstance(axes, list):
            raise Refusal("A sweep needs a base and a list of axes.")
        words = values.get("evaluate", [])
        name = values.get("name")
        return cls(
            RunConfig.from_json(base),
            tuple(Axis.from_json(axis) for axis in axes),
            seeds(values.get("seeds", [0])),
            tuple(map(str, words)) if isinstance(words, list) else (),
            name[:LONGEST_NAME] if isinstance(name, str) else "",
            values.get("unordered") is True,
        )

    def count(self) -> int:
        """How many runs it is, without unfolding it."""
        cells = 1
        for axis in self.axes:
            cells *= len(axis.choices)
        if self.unordered and self.axes:
            n = len(self.axes[0].choices)
            cells = n * (n + 1) // 2
        return cells * len(self.seeds)


def seeds(values: Any) -> tuple[int, ...]:
    """Whole numbers, in a list or between commas. Raises Refusal."""
    words = values.split(",") if isinstance(values, str) else values
    refusal = Refusal(
        "seeds is {value}; it must be 1 to {most} different whole numbers from 0, as 0,1,2.",
        value=brief(values),
        most=MOST_SEEDS,
    )
    if not isinstance(words, list | tuple):
        raise refusal
    try:
        numbers = tuple(int(word) for word in words if not isinstance(word, bool))
    except (TypeError, ValueError, OverflowError):
        raise refusal from None
    whole = 1 <= len(numbers) <= MOST_SEEDS and len(set(numbers)) == len(numbers) == len(words)
    if not whole or not all(0 <= n < 2**31 for n in numbers):
        raise refusal
    return numbers


def unfold(sweep: Sweep) -> list[Member]:
    """All runs of a sweep, the first seed of every cell before the second of any.

    Raises Refusal, naming the cell, where one of them cannot be trained or two are the same.
    """
    count = sweep.count()
    if count > MOST_RUNS:
        raise Refusal(
            "This sweep has {n} runs; at most {most} are allowed.", n=count, most=MOST_RUNS
        )
    cells = list(_cells(sweep))
    return [
        Member(i * len(cells) + cell.index, cell, seed)
        for i, seed in enumerate(sweep.seeds)
        for cell in cells
    ]


def _cells(sweep: Sweep) -> Iterator[Cell]:
    clash(sweep.axes, sweep.unordered)
    total = sweep.count() // len(sweep.seeds)
    known: dict[str, int] = {}
    places = [enumerate(axis.choices) for axis in sweep.axes]
    number = 0
    for chosen in product(*places):
        if sweep.unordered and [i for i, _ in chosen] != sorted(i for i, _ in chosen):
            continue
        labels = tuple(choice.label for _, choice in chosen)
        settings = {k: v for _, choice in chosen for k, v in choice.settings.items()}
        named = {"n": number + 1, "total": total, "cell": words(sweep.axes, labels)}
        try:
            config = replace(sweep.base.with_settings(settings), seed=0)
            if config.data not in DATASETS:
                located(config.data)
        except Refusal as refusal:
            raise Refusal(
                "Cell {n} of {total} ({cell}) cannot be trained: {reason}",
                **named,
                reason=refusal.sentence,
            ) from None
        twin = known.setdefault(json.dumps(config.to_json()), number)
        if twin != number:
            raise Refusal(
                "Cell {n} of {total} ({cell}) is the same as cell {twin}.", **named, twin=twin + 1
            )
        yield Cell(number, labels, config)
        number += 1


def words(axes: tuple[Axis, ...], labels: tuple[Scalar, ...]) -> str:
    """`method.tau 0.1, batch_size 32`; `base` for a sweep without axes."""
    said = ", ".join(f"{axis.name} {value}" for axis, value in zip(axes, labels, strict=True))
    return said[:400] or "base"
