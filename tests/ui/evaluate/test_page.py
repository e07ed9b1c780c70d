"""Rows and words of the page Evaluate."""

import pytest

from sslviz.config import RunConfig
from sslviz.evaluate.protocols import EvaluationConfig
from sslviz.evaluate.records import create_evaluation
from sslviz.runs.store import create_run
from sslviz.ui.evaluate.page import _left
from sslviz.ui.evaluate.rows import rows_of


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.4, "0 s left"), (99, "99 s left"), (312, "5 min left")]
)
def test_time_left_is_told_in_seconds_then_in_minutes(seconds: float, words: str) -> None:
    assert _left(seconds) == words


def test_baselines_stand_beside_runs_and_apart_from_networks_of_another_kind(tmp_path) -> None:
    scratch = EvaluationConfig.from_json({"protocol": "scratch"})
    folders = [create_run(RunConfig(standardise=on), tmp_path) for on in (True, False)]
    runs = [folder.name for folder in folders]
    for folder in folders:
        create_evaluation(folder, scratch)
    names = ["From scratch (tiny) · shapes", "From scratch (tiny, not standardised) · shapes"]
    assert [row.name for row in rows_of(runs, "scratch", tmp_path)] == names
    assert rows_of(runs, "knn", tmp_path) == []
    create_evaluation(folders[0], EvaluationConfig.from_json({"encoder": "random"}))
    random = "Random encoder (tiny) · shapes"
    assert {row.name for row in rows_of(runs, "knn", tmp_path)} == {random, *names}
