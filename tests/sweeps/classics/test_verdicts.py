"""The verdict follows from the runs alone: by seed, with an interval, and never from one seed."""

import json

import pytest

from sslviz.sweeps.classics import CLASSICS
from sslviz.sweeps.classics.recorded import (
    FILE,
    complete,
    key,
    own_settings,
    read_lines,
    wanted,
)
from sslviz.sweeps.classics.verdicts import Recording


def recorded(name: str, value, seeds=(0, 1, 2)) -> dict:
    """Lines as the recorder writes them; `value(arm, cell, metric, seed)` is what was measured."""
    lines = {}
    classic = CLASSICS[name]
    wanted = {(t.arm, t.cell, t.metric) for claim in classic.claims for t in claim.terms}
    for arm, label, config in classic.configs():
        for seed in seeds:
            metrics = {m: value(a, c, m, seed) for a, c, m in wanted if (a, c) == (arm.name, label)}
            own = own_settings(config)
            line = {"settings": own, "seed": seed, "metrics": {}}
            lines.setdefault(key(own, seed), line)["metrics"] |= metrics
    return lines


@pytest.mark.parametrize("name", CLASSICS)
def test_every_claim_is_judged_once_its_runs_are_recorded(name):
    classic = CLASSICS[name]
    lines = recorded(name, lambda arm, cell, metric, seed: 0.5 + seed / 100)
    for finding in Recording(classic, lines).findings():
        assert finding.n == 3 and finding.difference == pytest.approx(0, abs=1e-9)
        assert finding.verdict == "unknown"
    for finding in Recording(classic, {}).findings():
        assert (finding.n, finding.difference, finding.verdict) == (0, None, "missing")


def temperatures(by_tau, seeds=(0, 1, 2)):
    lines = recorded("temperature", lambda arm, cell, metric, seed: by_tau(cell[0], seed), seeds)
    return Recording(CLASSICS["temperature"], lines).findings()


def test_a_difference_beyond_the_seeds_spread_has_a_direction():
    same = temperatures(lambda tau, seed: {0.1: 0.9}.get(tau, 0.6) + seed * (0.1 + 0.01 * tau))
    assert [f.verdict for f in same[:3]] == ["same"] * 3
    assert same[0].difference == pytest.approx(0.3, abs=0.01)
    assert same[0].low is not None and 0 < same[0].low < same[0].difference
    assert "Larger than the seeds' spread" in str(same[0].sentence)
    opposite = temperatures(lambda tau, seed: {0.1: 0.3}.get(tau, 0.6) + seed * 0.01 * tau)
    assert [f.verdict for f in opposite[:3]] == ["opposite"] * 3


def test_seeds_that_disagree_tell_nothing_and_say_how_many_more_would():
    found = temperatures(lambda tau, seed: 0.6 + (tau == 0.1) * (0.1, -0.08, 0.05)[seed])
    assert found[0].verdict == "unknown" and "more would tell" in str(found[0].sentence)


def test_pairs_are_runs_of_one_seed():
    """The seeds differ by more than the effect, which every seed shows alike."""
    found = temperatures(lambda tau, seed: 0.2 * seed + 0.05 * (tau == 0.1) + 0.001 * seed * tau)
    assert found[0].verdict == "same"


def test_runs_of_one_seed_on_two_devices_are_no_pair():
    lines = recorded("temperature", lambda arm, cell, metric, seed: 0.6 + 0.3 * (cell[0] == 0.1))
    for line in lines.values():
        line["device"] = "a card"
    own = own_settings(
        next(c for _, label, c in CLASSICS["temperature"].configs() if label == (0.1,))
    )
    lines[key(own, 2)]["device"] = "another"
    assert [f.n for f in Recording(CLASSICS["temperature"], lines).findings()] == [2, 2, 2, 3]


def test_one_seed_tells_nothing_though_it_has_a_difference():
    (first, *_) = temperatures(lambda tau, seed: 0.6 + 0.3 * (tau == 0.1), seeds=(0,))
    assert first.verdict == "unknown" and first.difference == pytest.approx(0.3)
    assert first.low is None


def test_a_run_that_failed_or_has_no_number_counts_for_nothing():
    classic = CLASSICS["temperature"]
    lines = recorded("temperature", lambda arm, cell, metric, seed: 0.6 + 0.3 * (cell[0] == 0.1))
    names = list(lines)
    lines[names[0]] = {"settings": {}, "seed": 0, "error": "It diverged."}
    lines[names[1]]["metrics"]["knn_h"] = float("nan")
    record = Recording(classic, lines)
    assert record.findings()[0].n == 2 - (names[1][1] == 1)
    assert [line["error"] for line in record.failed()] == ["It diverged."]
    assert len(record.lines()) == len(lines) - 1


def test_a_file_is_read_with_its_torn_and_its_repeated_lines(tmp_path):
    file = tmp_path / "classics.jsonl"
    row = {"settings": {"method": "byol"}, "seed": 1, "error": "It failed."}
    better = {"settings": {"method": "byol"}, "seed": 1, "metrics": {"knn_0@1": 0.5}}
    file.write_text(f'{json.dumps(row)}\nnothing\n{json.dumps(better)}\n{{"settings": ')
    assert read_lines(file) == {key({"method": "byol"}, 1): better}
    (asked,) = [a for a in CLASSICS["generative"].arms[0].asks if a.protocol == "knn"]
    assert complete(better, (asked,)) and not complete(row, ()) and not complete(None, ())
    assert not complete({"metrics": {}}, (asked,))
    assert read_lines(tmp_path / "not there") == {}


def test_what_is_shipped_is_of_the_experiments_of_today():
    lines = read_lines(FILE)
    known = {key(own_settings(c), 0)[0] for c, _ in wanted(list(CLASSICS.values()), (0,))}
    assert lines and {name for name, _ in lines} <= known
    assert not [line for line in lines.values() if "error" in line]
    whole = [
        name
        for name, classic in CLASSICS.items()
        if all(found.n > 0 for found in Recording(classic, lines).findings())
    ]
    assert len(whole) >= 16
