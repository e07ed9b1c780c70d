"""Words of the page Evaluate."""

import pytest

from sslviz.ui.evaluate import _left
from sslviz.ui.evaluate_form import _run_names


def test_runs_of_one_name_are_told_apart_by_their_ids() -> None:
    facts = {"method": "simclr", "data": "shapes", "step": 100}
    runs = {
        "20261122-a-d2cd6a": facts,
        "20261122-b-ffffff": facts,
        "20261122-c-000000": facts | {"method": "rotnet", "data": "/photos/cats.zip"},
    }
    assert _run_names(runs) == {
        "20261122-a-d2cd6a": "SimCLR · shapes · step 100 · d2cd6a",
        "20261122-b-ffffff": "SimCLR · shapes · step 100 · ffffff",
        "20261122-c-000000": "RotNet · cats · step 100",
    }


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.4, "0 s left"), (99, "99 s left"), (312, "5 min left")]
)
def test_time_left_is_told_in_seconds_then_in_minutes(seconds: float, words: str) -> None:
    assert _left(seconds) == words
