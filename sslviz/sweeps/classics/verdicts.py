"""Whether what was measured here goes the way of the paper: computed from the runs, by seed.

A claim is a difference that the paper found to be above zero. Ours is taken for each seed from runs
with that seed alone, on one kind of device; Student's 95% interval of its mean decides. The verdict
is never written down.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from statistics import fmean
from typing import Any, Literal

from sslviz.refusal import Sentence, say
from sslviz.sweeps.classics.classic import Claim, Classic, Label
from sslviz.sweeps.classics.recorded import Key, key, own_settings
from sslviz.sweeps.effects import interval, said
from sslviz.sweeps.table import is_share

Verdict = Literal["same", "opposite", "unknown", "missing"]
BySeed = dict[int, Mapping[str, Any]]  # seed -> what was recorded of that run


@dataclass(frozen=True)
class Finding:
    """A claim against our numbers. `difference` and its 95% interval are null where none is known.

    `verdict`: same direction, the opposite, cannot tell, or nothing recorded.
    """

    claim: Claim
    n: int
    difference: float | None
    low: float | None
    high: float | None
    verdict: Verdict
    sentence: Sentence

    @property
    def share(self) -> bool:
        """Whether it is a difference of shares, told in percentage points."""
        return is_measured_share(self.claim.terms[0].metric)


def is_measured_share(metric: str) -> bool:
    """`is_share`, for the names of a recording as well: `start_knn_h`, `finetune_1@0.01`."""
    return "@" in metric or is_share(metric.removeprefix("start_"))


class Recording:
    """The recorded runs of one experiment, by arm, cell and seed."""

    def __init__(self, classic: Classic, lines: Mapping[Key, Mapping[str, Any]]) -> None:
        self.classic = classic
        self.runs: dict[tuple[str, Label], BySeed] = {}
        by_name: dict[str, BySeed] = {}
        for (name, seed), line in lines.items():
            by_name.setdefault(name, {})[seed] = line
        for arm, label, config in classic.configs():
            name, _ = key(own_settings(config), 0)
            self.runs[arm.name, label] = by_name.setdefault(name, {})

    def values(self, arm: str, cell: Label, metric: str) -> dict[int, float]:
        """Seed -> the metric, of the runs that have it as a finite number."""
        found = {
            seed: line.get("metrics", {}).get(metric)
            for seed, line in sorted(self.runs[arm, cell].items())
        }
        return {
            seed: float(value)
            for seed, value in found.items()
            if isinstance(value, int | float) and isfinite(value)
        }

    def lines(self) -> list[Mapping[str, Any]]:
        """Every recorded run of the experiment that did not fail, each once."""
        good = [line for runs in self.runs.values() for line in runs.values()]
        return [line for line in {id(line): line for line in good}.values() if "error" not in line]

    def failed(self) -> list[Mapping[str, Any]]:
        lines = [line for runs in self.runs.values() for line in runs.values()]
        return [line for line in {id(line): line for line in lines}.values() if "error" in line]

    def findings(self) -> list[Finding]:
        return [self.finding(claim) for claim in self.classic.claims]

    def finding(self, claim: Claim) -> Finding:
        """The claim's difference for each seed that has all its terms, and what follows."""
        terms = [(t.weight, self.values(t.arm, t.cell, t.metric)) for t in claim.terms]
        seeds = sorted(set.intersection(*(set(values) for _, values in terms)))
        seeds = [seed for seed in seeds if self._paired(claim, seed)]
        changes = [sum(weight * values[seed] for weight, values in terms) for seed in seeds]
        if not changes:
            words = say("Nothing of it has been recorded.")
            return Finding(claim, 0, None, None, None, "missing", words)
        if len(changes) == 1:
            words = say("With one seed nothing can be told: how much seeds differ is not known.")
            return Finding(claim, 1, changes[0], None, None, "unknown", words)
        low, high = interval(changes)
        verdict: Verdict = "same" if low > 0 else "opposite" if high < 0 else "unknown"
        words = said(changes, is_measured_share(claim.terms[0].metric))
        return Finding(claim, len(changes), fmean(changes), low, high, verdict, words)

    def _paired(self, claim: Claim, seed: int) -> bool:
        """Whether the runs of a claim differ in nothing but their settings."""
        lines = [self.runs[term.arm, term.cell][seed] for term in claim.terms]
        return len({(line.get("device"), line.get("precision")) for line in lines}) == 1
