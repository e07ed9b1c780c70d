"""One writer a run: real processes that die, freeze, are replaced or only share a number."""

import json
import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from sslviz.config import RunConfig
from sslviz.refusal import Refusal
from sslviz.runs.lease import Lease, lease_of, read_lease
from sslviz.runs.status import SILENT_AFTER
from sslviz.runs.store import (
    RunWriter,
    StaleWorker,
    create_run,
    newest_checkpoint,
    read_metrics,
    read_status,
    snapshot_steps,
)
from tests.trials import trials

WORKER = """
    import sys, time, numpy as np
    from pathlib import Path
    from sslviz.runs.store import RunWriter, newest_checkpoint
    folder = Path(sys.argv[1])
    writer = RunWriter(folder)
    found = newest_checkpoint(folder)
    step = found[1]["step"] if found else -1
    if found:
        assert found[0].read_text() == f"weights {step}" * 5000
    writer.rewind(step)
    print("ready", flush=True)
    while step < int(sys.argv[2]):
        step += 1
        writer.metrics({"step": step, "loss": 1.0, "text": "x" * 20000})
        writer.status(state="training", step=step)
        if step % 3 == 0:
            writer.snapshot(step, {"a": np.full(2000, step)})
            words = f"weights {step}" * 5000
            writer.checkpoint(lambda path: path.write_text(words), {"step": step})
    writer.status(state="finished", step=step)
    writer.release()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return create_run(RunConfig(), tmp_path)


@pytest.fixture
def start(folder: Path):
    started: list[subprocess.Popen] = []

    def begin(steps: int = 10**9) -> subprocess.Popen:
        command = [sys.executable, "-c", textwrap.dedent(WORKER), str(folder), str(steps)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        started.append(process)
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
        return process

    yield begin
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def test_kills_at_any_instant_lose_no_flushed_step(folder: Path, start):
    dice = random.Random(0)
    for _ in range(trials(6)):
        worker = start()
        time.sleep(dice.uniform(0.0, 0.15))
        worker.kill()
        before = read_metrics(folder)  # the process is still a zombie here: dead all the same
        worker.wait()
        assert read_status(folder)["state"] == "interrupted"
        assert [row["step"] for row in before] == list(range(len(before)))
    done = max((row["step"] for row in read_metrics(folder)), default=0)
    assert start(done + 20).wait() == 0
    rows, steps = read_metrics(folder), snapshot_steps(folder)
    assert [row["step"] for row in rows] == list(range(done + 21))
    assert steps == [step for step in range(done + 21) if step % 3 == 0]
    found = newest_checkpoint(folder)
    assert found is not None and found[1]["step"] == steps[-1]
    assert read_status(folder)["state"] == "finished"
    assert not list(folder.glob(".[0-9]*"))


def test_a_zombie_is_dead(folder: Path, start):
    worker = start()
    worker.send_signal(signal.SIGKILL)
    os.waitid(os.P_PID, worker.pid, os.WEXITED | os.WNOWAIT)
    assert Path(f"/proc/{worker.pid}").exists()
    assert read_status(folder)["state"] == "interrupted"


def test_a_second_writer_is_refused_while_the_first_lives(folder: Path, start):
    worker = start()
    with pytest.raises(Refusal, match=f"process {worker.pid}"):
        RunWriter(folder)
    worker.kill()
    worker.wait()
    assert RunWriter(folder).lease.attempt == 2


def test_an_older_attempt_can_write_nothing_more(folder: Path):
    stale = RunWriter(folder)
    stale.metrics({"step": 0})
    newer = replace(stale.lease, attempt=2, pid=1)
    (folder / "lease.json").write_text(json.dumps(asdict(newer)))
    for write in (
        lambda: stale.status(step=1),
        lambda: stale.metrics({"step": 1}),
        lambda: stale.event("stop", 1),
        lambda: stale.snapshot(1, {}),
        lambda: stale.images({}),
        lambda: stale.checkpoint(lambda path: path.touch(), {"step": 1}),
        lambda: stale.rewind(0),
    ):
        with pytest.raises(StaleWorker):
            write()
    stale.release()
    assert read_lease(folder / "lease.json") == newer
    assert [row["step"] for row in read_metrics(folder)] == [0]


def test_a_frozen_worker_that_was_replaced_dies_on_waking(folder: Path, start):
    worker = start()
    os.kill(worker.pid, signal.SIGSTOP)
    held = read_lease(folder / "lease.json")
    assert held is not None
    elsewhere = replace(held, boot_id="another boot")
    (folder / "lease.json").write_text(json.dumps(asdict(elsewhere)))
    newer = RunWriter(folder)
    newer.rewind(-1)
    newer.metrics({"step": 0, "by": "newer"})
    os.kill(worker.pid, signal.SIGCONT)
    assert worker.wait(20) != 0
    newer.metrics({"step": 1, "by": "newer"})
    assert {row.get("by") for row in read_metrics(folder)[-2:]} == {"newer"}


def test_a_stranger_with_the_same_pid_is_not_the_worker(folder: Path):
    stranger = subprocess.Popen(["sleep", "60"])
    try:
        mine = lease_of(stranger.pid, 1)
        assert mine.alive()
        for other in (replace(mine, start_time="1"), replace(mine, boot_id="another boot")):
            assert not other.alive()
        past = replace(mine, start_time="1")
        (folder / "lease.json").write_text(json.dumps(asdict(past)))
        assert read_status(folder)["state"] == "interrupted"
        assert RunWriter(folder).lease.attempt == 2
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


@pytest.mark.parametrize("pid", [0, -1, -9, 2**40])
def test_pids_that_no_worker_has_are_dead(pid: int):
    assert not Lease(pid, "", "", 1).alive()
    assert not lease_of(pid, 1).alive()


def test_a_lost_lease_file_does_not_lose_the_attempt_number(folder: Path):
    writer = RunWriter(folder)
    (folder / "lease.json").write_text("")
    assert RunWriter(folder).lease.attempt == 2
    with pytest.raises(StaleWorker):
        writer.metrics({"step": 0})


def test_a_living_worker_without_a_heartbeat_is_silent_whatever_the_clock_says(folder: Path):
    writer = RunWriter(folder)
    writer.status(state="training")
    path = folder / "status.json"
    status = json.loads(path.read_text())
    path.write_text(json.dumps(status | {"updated_at": time.time() - 86400}))
    assert read_status(folder)["state"] == "training"
    path.write_text(json.dumps(status | {"heartbeat": time.monotonic() - SILENT_AFTER - 1}))
    assert read_status(folder)["state"] == "silent"
    writer.status()
    assert read_status(folder)["state"] == "training"


def test_a_claim_in_the_status_file_is_not_believed(folder: Path):
    (folder / "status.json").write_text('{"state": "training", "step": 5}')
    assert read_status(folder)["state"] == "stopped"
