"""Does it matter? The difference of each cell to a reference, paired by seed.

Runs of one seed see the same images in the same order with the same draws, so what the seed does to
both cancels in their difference. The interval is Student's, 95%, over the differences; how many
seeds would be needed follows from its power (80%). SciPy computes both.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, stdev

from sslviz.knobs import Scalar
from sslviz.refusal import Sentence, say
from sslviz.sweeps.table import Table, is_share

LEVEL, POWER = 0.95, 0.8
MOST_SEEDS = 500


@dataclass(frozen=True)
class Effect:
    """A cell against the reference. `low`..`high`: the 95% interval, null for fewer than two
    seeds. `matters`: whether it leaves out 0; null where that cannot be told."""

    cell: int
    labels: tuple[Scalar, ...]
    n: int
    difference: float | None
    low: float | None
    high: float | None
    matters: bool | None
    sentence: Sentence


def reference_cell(table: Table) -> int:
    """The cell of the base itself where the grid has it, else the first."""
    base = table.sweep.base.with_settings({"seed": 0}).to_json()
    same = (row.member.cell for row in table.rows if row.member.cell.config.to_json() == base)
    found = next(same, None)
    return found.index if found else 0


def effects(table: Table, metric: str, reference: int) -> list[Effect]:
    """One for each cell but the reference, in their order, from the runs that have finished."""
    values: dict[int, dict[int, float]] = {}
    labels: dict[int, tuple[Scalar, ...]] = {}
    for row in table.rows:
        cell = row.member.cell
        labels[cell.index] = cell.labels
        if row.finished and metric in row.metrics:
            values.setdefault(cell.index, {})[row.member.seed] = row.metrics[metric]
    against = values.get(reference, {})
    return [
        _effect(cell, labels[cell], values.get(cell, {}), against, is_share(metric))
        for cell in sorted(labels)
        if cell != reference
    ]


def _effect(
    cell: int,
    labels: tuple[Scalar, ...],
    own: dict[int, float],
    against: dict[int, float],
    share: bool,
) -> Effect:
    seeds = sorted(own.keys() & against.keys())
    changes = [own[seed] - against[seed] for seed in seeds]
    n, mean = len(changes), fmean(changes) if changes else None
    if mean is None:
        words = say("No seed has finished with both yet.")
        return Effect(cell, labels, 0, None, None, None, None, words)
    if n == 1:
        words = say("With one seed nothing can be told: how much seeds differ is not known.")
        return Effect(cell, labels, 1, mean, None, None, None, words)
    low, high = interval(changes)
    matters = low > 0 or high < 0
    return Effect(cell, labels, n, mean, low, high, matters, said(changes, share))


def said(changes: Sequence[float], share: bool) -> Sentence:
    """What at least two differences allow to say; `share`: they are differences of shares of 1."""
    n, mean, (low, high) = len(changes), fmean(changes), interval(changes)
    seen = f"{100 * abs(mean):.2g} pp" if share else f"{abs(mean):.3g}"
    if low > 0 or high < 0:
        return say("Larger than the seeds' spread ({n} seeds).", n=n)
    if mean == 0:
        return say("Not distinguishable with {n} seeds.", n=n)
    needed = seeds_needed(abs(mean) / stdev(changes))
    if needed is None:
        return say(
            "Not distinguishable with {n} seeds; even {most} would not tell a difference of {d}.",
            n=n,
            most=MOST_SEEDS,
            d=seen,
        )
    return say(
        "Not distinguishable with {n} seeds; {more} more would tell a difference of {d}.",
        n=n,
        more=max(1, needed - n),
        d=seen,
    )


def interval(changes: Sequence[float]) -> tuple[float, float]:
    """Student's 95% interval of the mean of at least two numbers."""
    from scipy import stats

    mean, spread = fmean(changes), stdev(changes)
    if spread == 0:
        return mean, mean
    low, high = stats.t.interval(LEVEL, len(changes) - 1, mean, spread / sqrt(len(changes)))
    return float(low), float(high)


def seeds_needed(size: float) -> int | None:
    """The fewest seeds with which a difference of `size` deviations is found in 80% of cases at the
    5% level (two-sided, paired); None beyond MOST_SEEDS."""
    from scipy import stats

    for n in range(2, MOST_SEEDS + 1):
        limit = stats.t.ppf((1 + LEVEL) / 2, n - 1)
        away = size * sqrt(n)
        if stats.nct.sf(limit, n - 1, away) + stats.nct.cdf(-limit, n - 1, away) >= POWER:
            return n
    return None
