"""What a measurement leaves for the page Methods: all of it, or some methods renewed."""

import json

import pytest

from benchmarks import recording


@pytest.fixture
def written(tmp_path, monkeypatch):
    monkeypatch.setattr(recording, "RECORDED", tmp_path)
    return lambda name: json.loads((tmp_path / f"{name}.json").read_text())


def test_a_whole_measurement_stands_under_its_machine_and_day(written):
    recording.record("methods", [{"method": "byol", "knn": [0.5]}], ["precision=bfloat16"])
    found = written("methods")
    assert found["rows"] == [{"method": "byol", "knn": [0.5]}]
    assert found["machine"].endswith("no GPU, precision=bfloat16") and found["date"]


def test_methods_without_a_new_row_keep_theirs_and_their_place(written):
    rows = [{"method": name, "loss": 1.0} for name in ("simclr", "moco", "moco", "byol")]
    recording.record("switches", rows, steps=300)
    before = written("switches")
    recording.record("switches", [{"method": "moco", "loss": 0.123456}], ["seed=1"], steps=300)
    after = written("switches")
    assert [row["method"] for row in after["rows"]] == ["simclr", "moco", "byol"]
    assert after["rows"][1]["loss"] == 0.1235
    assert after["rows"][1]["measured"]["machine"].endswith("no GPU, seed=1")
    assert after["rows"][::2] == before["rows"][::3]
    assert {k: v for k, v in after.items() if k != "rows"} == {
        k: v for k, v in before.items() if k != "rows"
    }


def test_rows_of_other_steps_are_not_put_side_by_side(written):
    recording.record("switches", [{"method": "moco", "loss": 1.0}], steps=300)
    before = written("switches")
    with pytest.raises(ValueError, match="other facts"):
        recording.record("switches", [{"method": "byol", "loss": 1.0}], steps=400)
    assert written("switches") == before
