"""Recording the classic experiments: real processes, and a file that survives being stopped."""

import json

from benchmarks.classics import main, missing, record
from sslviz.sweeps.classics import CLASSICS
from sslviz.sweeps.classics.recorded import key, read_lines

TINY = {"steps": 4, "batch_size": 16, "train_images": 800, "image_size": 16}
ASKED = [{"protocol": "linear", "layer": 1, "labels": [0.1, 1.0]}]


def job(seed: int, **settings: object) -> dict[str, object]:
    own = {"method": "simclr"} | TINY | settings
    return {"settings": own, "seed": seed, "device": "cpu", "asks": ASKED, "work": 1}


def test_runs_are_written_down_as_they_end_and_a_failure_stops_nothing(tmp_path):
    out = tmp_path / "recorded" / "classics.jsonl"
    out.parent.mkdir()
    out.write_text('{"settings": {"method": "byol"}, "seed": 0, "metr')  # a stop tore it
    jobs = [job(0), job(0, train_images=8), job(1)]
    assert record(jobs, out, places=1, minutes=10) == 1
    lines = read_lines(out)
    assert set(lines) == {key(each["settings"], each["seed"]) for each in jobs}
    row = lines[key(jobs[0]["settings"], 0)]
    assert 0 <= row["metrics"]["linear_1@0.1"] <= 1 and 0 <= row["metrics"]["linear_1@1"] <= 1
    assert {"knn_h", "knn_z", "loss", "start_knn_h", "effective_rank_z"} <= set(row["metrics"])
    assert row["steps"] == 4 and row["device"].startswith("CPU") and row["date"]
    assert [look[0] for look in row["track"]] == [0, 1, 2, 3, 4]
    assert "there are only" in lines[key(jobs[1]["settings"], 0)]["error"]


def test_where_the_time_is_over_nothing_is_written(tmp_path):
    out = tmp_path / "classics.jsonl"
    assert record([job(0)], out, places=1, minutes=0) == 0
    assert out.read_text() == ""


def test_what_is_recorded_is_not_run_again(tmp_path, capsys):
    jobs = list(missing(["temperature"], (0, 1), "cpu", {}))
    assert len(jobs) == 8
    out = tmp_path / "classics.jsonl"
    first = {"settings": jobs[0]["settings"], "seed": 0, "metrics": {"knn_h": 0.5}}
    failed = {"settings": jobs[1]["settings"], "seed": 0, "error": "It diverged."}
    out.write_text("".join(json.dumps(row) + "\n" for row in (first, failed)))
    left = list(missing(["temperature"], (0, 1), "cpu", read_lines(out)))
    assert [each["settings"] for each in left] == [each["settings"] for each in jobs[1:]]
    assert main(["--out", str(out), "--only", "temperature", "--seeds", "0"]) == 0
    assert "2 runs are recorded" in capsys.readouterr().out


def test_a_run_is_done_once_though_several_experiments_ask_for_it():
    jobs = list(missing(list(CLASSICS), (0, 1, 2), "cpu", {}))
    known = {key(each["settings"], each["seed"]) for each in jobs}
    assert len(known) == len(jobs) < 3 * sum(len(list(c.configs())) for c in CLASSICS.values())
    assert [each["seed"] for each in jobs] == sorted(each["seed"] for each in jobs)
