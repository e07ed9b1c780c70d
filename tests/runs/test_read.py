"""Reading what lies there: damaged files, odd ids and sentences of other processes."""

import time
from pathlib import Path
from typing import Any

import pytest

from sslviz.config import RunConfig
from sslviz.refusal import Refusal, read_sentence, say
from sslviz.runs.store import (
    RunWriter,
    create_run,
    find_run,
    list_runs,
    read_events,
    read_status,
)

HOSTILE = ["", "{", "null", "[]", '{"state": {}, "step": "x"}', '{"step": -5}', "[" * 99999]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("name", ["status.json", "lease.json", "launch.json", "config.json"])
def test_a_damaged_file_is_a_sentence_in_the_list_and_never_an_exception(
    writer: RunWriter, folder: Path, name: str, text: str
):
    other = create_run(RunConfig(), folder.parent)
    (folder / name).write_text(text)
    runs = {run["id"]: run for run in list_runs(folder.parent)}
    assert set(runs) == {folder.name, other.name}
    assert isinstance(runs[folder.name]["step"], int)
    if name == "config.json":
        assert runs[folder.name]["state"] == "broken"
        assert folder.name in str(runs[folder.name]["error"])


@pytest.mark.parametrize("run", ["", ".", "..", "../x", "a/b", "/etc", "a\0b", "x" * 500, "~"])
def test_run_ids_never_become_other_paths(tmp_path: Path, run: str):
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "runs").mkdir()
    with pytest.raises(Refusal, match="no run"):
        find_run(run, tmp_path / "runs")


def test_the_list_is_newest_first(tmp_path: Path):
    ids = []
    for name in ("zebra", "ant", "mole"):
        ids.append(create_run(RunConfig(), tmp_path, name).name)
        time.sleep(0.02)
    assert [run["id"] for run in list_runs(tmp_path)] == ids[::-1]
    assert list_runs(tmp_path / "missing") == []


def test_a_sentence_comes_out_of_the_folder_as_it_went_in(folder: Path):
    error = say(
        "The config of {run} is damaged: {reason}", run="{x}", reason=say("it is {n}.", n=7)
    )
    writer = RunWriter(folder)
    writer.status(state="failed", error=error, message=say("Loading the data"), notes=[error])
    writer.event("error", 3, message=error)
    status = read_status(folder)
    assert (status["error"], status["message"]) == (error, say("Loading the data"))
    assert status["notes"] == [error]
    assert read_sentence(read_events(folder)[-1]["message"]) == error


@pytest.mark.parametrize(
    "wrong", [7, [], {}, {"template": 1}, {"facts": {}}, "", "  ", [None], None]
)
def test_a_damaged_sentence_is_none(folder: Path, wrong: Any):
    RunWriter(folder).status(
        state="paused", error=wrong, message=wrong, notes=[wrong, "older", wrong]
    )
    status = read_status(folder)
    assert (status["error"], status["message"]) == (None, None)
    assert list(map(str, status["notes"])) == ["older"]
