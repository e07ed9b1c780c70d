"""What a classic experiment is: its question, the sweeps that ask it, and what the paper found."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sslviz.config import RunConfig
from sslviz.knobs import Scalar
from sslviz.sweeps.axes import Axis, Choice
from sslviz.sweeps.sweep import Sweep, unfold

Label = tuple[Scalar, ...]  # what a cell is called on the axes of its arm; () without axes
SEEDS = (0, 1, 2)


@dataclass(frozen=True)
class Asked:
    """A protocol of `sslviz.evaluate` to measure each run by; `labels` shares of the labels."""

    protocol: str
    layer: int = 0
    labels: tuple[float, ...] = (1.0,)

    def metric(self, share: float) -> str:
        """`finetune_1@0.01`: protocol, layer, share of the labels."""
        return f"{self.protocol}_{self.layer}@{share:g}"

    def metrics(self) -> list[str]:
        return [self.metric(share) for share in self.labels]


@dataclass(frozen=True)
class Arm:
    """One sweep of the experiment, and what it is called beside the others."""

    name: str
    sweep: Sweep
    asks: tuple[Asked, ...] = ()


@dataclass(frozen=True)
class Point:
    """One number of ours: a metric of a cell, as `label` of the line or bar `series`.

    `paper`: the paper's number for the same thing, in percent, None where it gives none.
    """

    series: str
    label: Scalar
    arm: str
    cell: Label
    metric: str
    paper: float | None = None


@dataclass(frozen=True)
class Term:
    """`weight` times a metric of a cell of an arm."""

    weight: float
    arm: str
    cell: Label
    metric: str


@dataclass(frozen=True)
class Claim:
    """What the paper says, as a difference that it found to be greater than zero.

    `terms`: the same difference of our numbers. `paper`: how large it is there, in percentage
    points (of the paper's own measure); None where the paper gives the direction only.
    """

    said: str
    terms: tuple[Term, ...]
    paper: float | None = None
    source: str = ""  # where it stands, if elsewhere than the experiment's own


@dataclass(frozen=True)
class Classic:
    """`setting`: how the paper measured. `ours`: what differs here. `points`: what is drawn.

    `read`: whether the paper's numbers were read in the paper or in its code; else they were taken
    from a figure or from memory.
    """

    name: str
    title: str
    question: str
    source: str
    setting: str
    ours: str
    arms: tuple[Arm, ...]
    claims: tuple[Claim, ...]
    points: tuple[Point, ...]
    picture: str = "lines"  # or bars, grid, plane
    read: bool = True

    def arm(self, name: str) -> Arm:
        return next(arm for arm in self.arms if arm.name == name)

    def configs(self) -> Iterator[tuple[Arm, Label, RunConfig]]:
        """Every cell of every arm, with its config at seed 0."""
        for arm in self.arms:
            for member in unfold(arm.sweep):
                if member.seed == arm.sweep.seeds[0]:
                    yield arm, member.cell.labels, member.cell.config


def one_axis(
    name: str, base: RunConfig, axis: str, choices: Mapping[Scalar, Mapping[str, Scalar]]
) -> Sweep:
    """A sweep whose cells are called by the keys of `choices`."""
    made = tuple(Choice(label, settings) for label, settings in choices.items())
    return Sweep(base, (Axis(axis, made),), SEEDS, name=name)


def over(name: str, base: RunConfig, knob: str, values: list[Scalar]) -> Sweep:
    """A sweep over one knob."""
    return Sweep(base, (Axis.over(knob, list(values)),), SEEDS, name=name)


def points(
    arm: Arm, paper: Mapping[Scalar, float] | None = None, metric: str = "knn_h", series: str = ""
) -> tuple[Point, ...]:
    """A point for each cell of a sweep with one axis."""
    known = paper or {}
    labels = [choice.label for choice in arm.sweep.axes[0].choices]
    return tuple(
        Point(series or arm.name, label, arm.name, (label,), metric, known.get(label))
        for label in labels
    )


def more(
    said: str,
    plus: list[tuple[str, Label, str]],
    minus: list[tuple[str, Label, str]],
    paper: float | None = None,
    source: str = "",
) -> Claim:
    """The sum of `plus` exceeds that of `minus`; each is (arm, cell, metric)."""
    terms = [Term(1.0, *at) for at in plus] + [Term(-1.0, *at) for at in minus]
    return Claim(said, tuple(terms), paper, source)
