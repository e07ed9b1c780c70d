"""The line of those who wait for a place: its order, what everyone sees of it, who leaves it."""

import os
import time
from pathlib import Path

import pytest

from sslviz.config import RunConfig
from sslviz.runs import launch, process
from sslviz.runs.lease import lease_of
from sslviz.runs.queue import advance, join, waiting
from sslviz.runs.store import RunWriter, create_run, read_status


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(process, "WORKER", "this")  # ends at once: the tests hold the places
    monkeypatch.setenv("SSLVIZ_MAX_RUNS", "1")
    return tmp_path


def training(root: Path) -> RunWriter:
    """A run that this process trains."""
    writer = RunWriter(create_run(RunConfig(steps=100), root))
    writer.status(state="training", step=50, eta_seconds=30.0)
    return writer


def test_the_order_does_not_depend_on_the_clock(root: Path, monkeypatch) -> None:
    first = training(root)
    clock = [2_000_000_000.0]
    monkeypatch.setattr(time, "time", lambda: clock[0])
    runs = []
    for hours in (0, -24, 24, -48):  # set back and forth while people press
        clock[0] += 3600 * hours
        runs.append(create_run(RunConfig(), root))
        join(runs[-1])
        join(runs[-1])  # once is enough
    assert waiting(root) == [run.name for run in runs]
    first.release()


def test_everyone_sees_the_place_and_when_it_will_be_free(root: Path) -> None:
    first = training(root)
    runs = [create_run(RunConfig(steps=100), root) for _ in range(2)]
    for run in runs:
        join(run)
    one, two = map(read_status, runs)
    assert (one["state"], one["queue_position"], one["queue_eta_seconds"]) == ("queued", 1, 30.0)
    assert (two["state"], two["queue_position"], two["queue_eta_seconds"]) == ("queued", 2, 90.0)
    first.status(eta_seconds=None)
    assert read_status(runs[0])["queue_eta_seconds"] is None, "unknown is not zero"
    first.release()


def test_a_paused_run_that_gave_its_place_back_is_resumed_through_the_queue(root: Path) -> None:
    paused = training(root)
    paused.checkpoint(lambda path: path.write_bytes(b"weights"), {"step": 50})
    paused.metrics({"step": 50, "loss": 1.0})
    paused.status(state="paused", gave_place=True)
    paused.release()
    assert read_status(paused.folder)["state"] == "paused" and not process.busy(paused.folder)
    other = training(root)
    launch.resume(paused.folder)
    assert read_status(paused.folder)["state"] == "queued"
    other.release()


def test_a_run_in_a_terminal_takes_a_place_and_waits_for_one(root: Path) -> None:
    mine = training(root)
    waits, gone = (create_run(RunConfig(), root) for _ in range(2))
    join(gone, 2**22 + 1)  # a process that is no more
    join(waits, os.getpid())
    advance(root)
    assert waiting(root) == [gone.name, waits.name], "the only place is taken"
    mine.release()
    advance(root)
    assert waiting(root) == [], "what waits for nobody leaves the line"
    assert lease_of(os.getpid(), 1).alive() and process.busy(waits)
    assert not process.busy(gone)
