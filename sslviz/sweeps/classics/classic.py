"""What a classic experiment is: its question, the sweeps that ask it, and what the paper found."""

from collections.abc import Iterator
from dataclasses import dataclass

from sslviz.config import RunConfig
from sslviz.knobs import Scalar
from sslviz.sweeps.sweep import Sweep, unfold

Label = tuple[Scalar, ...]  # what a cell is called on the axes of its arm; () without axes


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
    """`room`: what it is about. `setting`: how the paper measured. `ours`: what differs here.

    `points`: what is drawn. `from_figure`: the paper's numbers stand in a figure alone, and were
    read off it.
    """

    name: str
    title: str
    room: str
    question: str
    source: str
    setting: str
    ours: str
    arms: tuple[Arm, ...]
    claims: tuple[Claim, ...]
    points: tuple[Point, ...]
    picture: str = "lines"  # or bars, grid, plane
    from_figure: bool = False

    def arm(self, name: str) -> Arm:
        return next(arm for arm in self.arms if arm.name == name)

    def configs(self) -> Iterator[tuple[Arm, Label, RunConfig]]:
        """Every cell of every arm, with its config at seed 0."""
        for arm in self.arms:
            for member in unfold(arm.sweep):
                if member.seed == arm.sweep.seeds[0]:
                    yield arm, member.cell.labels, member.cell.config
