"""The check of a CUDA device, run dry: every part answers, and one that fails stops no other."""

import json
from time import monotonic

import pytest
import torch

from benchmarks import gpu_check
from benchmarks.parts.report import Asked, measure

CPU = torch.device("cpu")


def test_every_part_answers_at_toy_size(tmp_path, capsys):
    parts = [name for name in gpu_check.PARTS if name != "gpu_tests"]  # pytest inside pytest
    assert gpu_check.main(["--dry", "--out", str(tmp_path), "--only", *parts]) == 0
    found = json.loads((tmp_path / "results.json").read_text())
    assert set(found) == {"facts", *parts}
    assert all("error" not in part for part in found.values()), found
    assert found["record_run"]["knn"][-1]["step"] == found["record_run"]["steps"]
    assert all(row["apart_recorded"] == 0 for k, row in found["losses"].items() if k != "seconds")
    assert "record_run" in capsys.readouterr().out


def test_a_part_that_fails_is_written_down_and_the_next_one_runs(tmp_path):
    def broken(asked):
        raise RuntimeError("first line\nCUDA error: an illegal memory access")

    parts = {"one": broken, "two": lambda asked: {"here": asked.sized(5, 1)}}
    found = measure(parts, Asked(CPU, monotonic() + 60, toy=True), tmp_path, {})
    assert found["one"]["error"] == "RuntimeError: CUDA error: an illegal memory access"
    assert found["two"]["here"] == 1
    assert json.loads((tmp_path / "results.json").read_text()) == found


def test_nothing_is_begun_after_the_deadline(tmp_path):
    found = measure({"one": lambda asked: {}}, Asked(CPU, monotonic()), tmp_path, {})
    assert found["one"] == {"skipped": "no time was left"}


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a CUDA device")
def test_without_a_device_it_says_how_to_run_dry(capsys):
    with pytest.raises(SystemExit):
        gpu_check.main([])
    assert "--dry runs everything on the CPU" in capsys.readouterr().err
