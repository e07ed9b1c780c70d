"""Sweeps as real processes: killed, gone on with, lost and found again, and always polite."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sslviz.config import RunConfig
from sslviz.refusal import Refusal
from sslviz.runs import launch
from sslviz.runs.lease import read_lease
from sslviz.runs.process import kill
from sslviz.runs.store import create_run, list_runs, read_events, read_metrics, read_status
from sslviz.sweeps.axes import parse_axis
from sslviz.sweeps.conduct import conduct, conducted, start_conducting, stop_sweep
from sslviz.sweeps.folder import create_sweep, find_sweep, members, read_sweep
from sslviz.sweeps.sweep import unfold
from sslviz.sweeps.table import read_table
from sslviz.training.worker import run
from tests.sweeps.made import TINY, small
from tests.waiting import until


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("SSLVIZ_MAX_RUNS", "1")
    yield tmp_path
    for known in tmp_path.glob("sweeps/*/conductor.json"):
        lease = read_lease(known)
        if lease and lease.alive() and lease.pid != os.getpid():
            os.kill(lease.pid, signal.SIGKILL)
    for folder in list_runs(tmp_path):
        kill(Path(folder["folder"]))


def states(folder: Path) -> list[str]:
    return [row.state for row in read_table(folder).rows]


def worker_of(run: Path) -> int:
    lease = read_lease(run / "lease.json")
    return lease.pid if lease and lease.alive() else 0


def test_what_is_killed_costs_one_run_and_is_gone_on_with(root: Path) -> None:
    sweep = small(parse_axis("method.tau=0.1,0.5"), seeds=(0, 1), steps=80)
    folder = create_sweep(sweep, root)
    conductor = subprocess.Popen([sys.executable, "-m", "sslviz.sweeps.conduct", str(folder)])
    until(lambda: 1 in members(folder) and worker_of(members(folder)[1]) != 0)
    with pytest.raises(Refusal, match="under way already"):
        conduct(folder)
    killed = worker_of(members(folder)[1])
    assert killed == worker_of(members(folder)[1])
    os.kill(killed, signal.SIGKILL)  # a crash of the worker: another goes on with the next run
    until(lambda: 2 in members(folder) and worker_of(members(folder)[2]) not in (0, killed))
    conductor.kill()  # its worker ends by itself, with a checkpoint
    conductor.wait()
    until(lambda: not any(map(worker_of, members(folder).values())))
    assert not conducted(folder)
    before = states(folder)
    assert before[:2] == ["finished", "interrupted"] and before[2:] != ["finished"] * 2
    attempt = read_status(members(folder)[0])["attempt"]
    conduct(folder)
    assert states(folder) == ["finished"] * 4
    assert read_status(members(folder)[0])["attempt"] == attempt  # it was not trained again

    rows = read_table(folder).to_json()["rows"]
    shutil.rmtree(folder)  # the folder only lists: all of it stands in the runs
    assert find_sweep(folder.name, root) == folder
    assert read_table(folder).to_json()["rows"] == rows

    alone = create_run(unfold(read_sweep(folder))[3].config, root)
    assert run(alone) == 0  # the second run of a worker is the run that it would be alone
    losses = [[r.get("loss") for r in read_metrics(f)] for f in (alone, members(folder)[3])]
    assert losses[0] == losses[1] and len(losses[0]) > 40

    for found in members(folder).values():
        shutil.rmtree(found)
    with pytest.raises(Refusal, match="are gone"):
        read_table(folder)


def test_a_sweep_makes_room_for_a_person_and_stops_when_told(root: Path) -> None:
    folder = create_sweep(small(steps=1_000_000), root)
    start_conducting(folder)
    until(lambda: states(folder) == ["training"])
    swept = members(folder)[0]
    person = launch.start(RunConfig().with_settings(TINY), root)
    until(lambda: read_status(person)["state"] == "finished")
    assert "gave_place" in [e["kind"] for e in read_events(swept)]
    until(lambda: states(folder) == ["training"])
    assert "resume" in [e["kind"] for e in read_events(swept)]
    stop_sweep(folder)
    until(lambda: not conducted(folder))
    status = read_status(swept)
    assert status["state"] == "stopped" and (swept / "checkpoint-A.json").exists()
    with pytest.raises(Refusal, match="not under way"):
        stop_sweep(folder)


def test_a_finished_run_is_measured_as_the_sweep_asks(root: Path) -> None:
    sweep = small()
    folder = create_sweep(type(sweep)(sweep.base, evaluate=("knn", "kmeans")), root)
    conduct(folder)
    (row,) = read_table(folder).rows
    assert {"evaluate_knn", "evaluate_kmeans", "knn_h"} <= set(row.metrics)
    assert 0 < row.metrics["evaluate_knn"] <= 1
