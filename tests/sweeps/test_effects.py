"""Whether a change matters: differences paired by seed, their interval and their sentence."""

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from sslviz.sweeps.axes import parse_axis
from sslviz.sweeps.effects import effects, interval, reference_cell, seeds_needed
from sslviz.sweeps.table import read_table
from tests.sweeps.made import made, small

LUCK = [0.05, -0.04, 0.02, -0.03]  # what a seed does to every cell


def test_what_the_seed_does_to_both_cancels(tmp_path: Path) -> None:
    sweep = small(parse_axis("method.tau=0.1,0.2,0.5"), seeds=(0, 1, 2, 3))
    noise = [0.004, -0.003, -0.005, 0.002]

    def value(tau: float, seed: int) -> float:
        gain = {0.1: 0.03, 0.2: 0.0, 0.5: 0.003}[tau]
        return 0.5 + LUCK[seed] + gain + noise[seed] * (tau != 0.2)

    table = read_table(made(tmp_path, sweep, value))
    assert reference_cell(table) == 1  # tau 0.2 is the base's own
    better, same = effects(table, "knn_h", 1)
    assert (better.labels, better.n, better.matters) == ((0.1,), 4, True)
    assert str(better.sentence) == "Larger than the seeds' spread (4 seeds)."
    assert same.matters is False and str(same.sentence).startswith("Not distinguishable with 4")
    assert "more would tell a difference of 0.25 pp" in str(same.sentence)
    changes = [0.03 + n for n in noise]
    expected = stats.ttest_1samp(changes, 0).confidence_interval(0.95)
    assert (better.low, better.high) == pytest.approx((expected.low, expected.high))


def test_too_few_seeds_are_told_as_such(tmp_path: Path) -> None:
    sweep = small(parse_axis("method.tau=0.1,0.5"), seeds=(0, 1))
    only_first = read_table(made(tmp_path, sweep, lambda tau, seed: tau, leave=2))
    (one,) = effects(only_first, "knn_h", 0)
    assert (one.n, one.low, one.matters) == (1, None, None)
    assert "With one seed nothing can be told" in str(one.sentence)
    (none,) = effects(only_first, "no_such_metric", 0)
    assert (none.n, none.difference) == (0, None)
    exact = read_table(made(tmp_path, sweep, lambda tau, seed: tau))
    (always,) = effects(exact, "knn_h", 0)
    assert always.low == always.high == pytest.approx(0.4) and always.matters


def test_an_interval_holds_the_truth_95_times_of_100() -> None:
    draws = np.random.default_rng(0).normal(0.3, 1.0, (4000, 5))
    held = [low <= 0.3 <= high for low, high in map(interval, draws.tolist())]
    assert np.mean(held) == pytest.approx(0.95, abs=0.012)


def test_the_seeds_that_are_asked_for_find_the_difference() -> None:
    n = seeds_needed(1.0)
    assert n == 10  # 80% power for one deviation, as in any table of the paired t test
    draws = np.random.default_rng(1).normal(1.0, 1.0, (4000, n))
    found = (stats.ttest_1samp(draws, 0, axis=1).pvalue < 0.05).mean()
    assert found == pytest.approx(0.8, abs=0.025)
    assert seeds_needed(0.001) is None
