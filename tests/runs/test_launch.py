"""Starting, queueing and steering runs, with real worker processes (standin_worker.py)."""

import os
from multiprocessing.pool import ThreadPool
from pathlib import Path

import pytest

from sslviz.config import RunConfig
from sslviz.refusal import Refusal
from sslviz.runs import launch, process
from sslviz.runs.changes import answer
from sslviz.runs.lease import read_lease
from sslviz.runs.queue import advance, leave, waiting
from sslviz.runs.store import list_runs, read_events, read_status
from tests.waiting import until

LONG = RunConfig(steps=1_000_000)
SHORT = RunConfig(steps=3)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(process, "WORKER", "standin_worker")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    monkeypatch.setenv("SSLVIZ_MAX_RUNS", "2")
    yield tmp_path
    for run in list_runs(tmp_path):  # what waits would begin when another ends
        leave(Path(run["folder"]))
    for run in list_runs(tmp_path):
        process.kill(Path(run["folder"]))


def state(folder: Path) -> str:
    return read_status(folder)["state"]


def test_a_run_starts_in_its_own_session_and_finishes(root: Path):
    folder = launch.start(SHORT, root)
    assert state(folder) in ("starting", "training", "finished")
    until(lambda: state(folder) == "finished")
    assert read_status(folder)["step"] == 3 and read_status(folder)["error"] is None


def test_the_worker_is_a_nice_process_of_its_own_session(root: Path):
    folder = launch.start(LONG, root)
    until(lambda: state(folder) == "training")
    held = read_lease(folder / "lease.json")
    assert held is not None
    assert os.getsid(held.pid) == held.pid
    own = os.getpriority(os.PRIO_PROCESS, 0)
    assert os.getpriority(os.PRIO_PROCESS, held.pid) == max(process.NICENESS, own)
    group = Path(f"/proc/{held.pid}/autogroup")
    if group.exists():  # else nice values count between sessions too
        assert group.read_text().split()[-1] == str(max(process.NICENESS, own))


def test_runs_beyond_the_places_wait_in_order_and_start_when_a_place_is_free(root: Path):
    runs = [launch.start(LONG, root) for _ in range(4)]
    assert [state(run) for run in runs[2:]] == ["queued", "queued"]
    assert [read_status(run)["queue_position"] for run in runs] == [None, None, 1, 2]
    launch.stop(runs[0])
    until(lambda: state(runs[0]) == "stopped")
    until(lambda: not process.busy(runs[0]))
    advance(root)
    until(lambda: state(runs[2]) == "training")
    assert state(runs[3]) == "queued" and read_status(runs[3])["queue_position"] == 1
    launch.stop(runs[3])
    assert state(runs[3]) == "stopped" and waiting(root) == []


def test_many_readers_advancing_at_once_start_each_run_once(root: Path, monkeypatch):
    monkeypatch.setenv("SSLVIZ_MAX_RUNS", "1")
    first, second = launch.start(LONG, root), launch.start(SHORT, root)
    until(lambda: state(first) == "training")
    launch.stop(first)
    until(lambda: not process.busy(first))
    with ThreadPool(8) as pool:
        pool.map(lambda _: advance(root), range(8))
    until(lambda: state(second) == "finished")
    assert read_status(second)["attempt"] == 1
    assert (second / "worker.log").read_text() == ""


def test_one_key_pressed_by_many_at_once_gives_one_run(root: Path):
    with ThreadPool(8) as pool:
        folders = pool.map(lambda _: launch.start(LONG, root, key="tab 1"), range(8))
    assert len(set(folders)) == 1 and len(list_runs(root)) == 1
    assert launch.start(LONG, root, key="tab 2") != folders[0]
    assert launch.start(RunConfig(seed=1), root, key="tab 1") != folders[0]


def test_pause_set_resume_and_stop_reach_the_worker(root: Path):
    folder = launch.start(LONG, root)
    until(lambda: state(folder) == "training")
    launch.pause(folder)
    until(lambda: state(folder) == "paused")
    asked = launch.change(folder, {"method.tau": "0.3"})
    assert asked and answer(folder, asked, 20)[0]["new"] == 0.3
    assert launch.change(folder, {"method.tau": 0.3}) is None, "it holds already"
    launch.resume(folder)
    until(lambda: state(folder) == "training")
    launch.stop(folder)
    until(lambda: state(folder) == "stopped")
    events = [(event["kind"], event["knob"], event["new"]) for event in read_events(folder)]
    nothing = (None, None)
    assert events == [
        ("pause", *nothing),
        ("set", "method.tau", 0.3),
        ("resume", *nothing),
        ("stop", *nothing),
    ]


def test_a_stopped_run_resumes_as_a_new_attempt_without_old_commands(root: Path):
    folder = launch.start(LONG, root)
    until(lambda: state(folder) == "training")
    launch.stop(folder)
    until(lambda: state(folder) == "stopped" and not process.busy(folder))
    (folder / "inbox" / "1-old.json").write_text('{"command": "stop"}')
    launch.resume(folder)
    until(lambda: state(folder) == "training")
    assert read_status(folder)["attempt"] == 2
    with pytest.raises(Refusal, match="already"):
        launch.resume(folder)


def test_a_worker_is_killed_even_before_it_speaks(root: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(process, "WORKER", "mute_worker")
    folder = launch.start(SHORT, root)
    assert state(folder) == "starting" and process.busy(folder)
    process.kill(folder)
    until(lambda: not process.busy(folder))
    until(lambda: state(folder) == "interrupted")
    assert "ended from outside (killed)" in str(read_status(folder)["error"])


def test_a_killed_worker_is_interrupted_and_resumes(root: Path):
    folder = launch.start(LONG, root)
    until(lambda: state(folder) == "training")
    process.kill(folder)
    until(lambda: state(folder) == "interrupted")
    launch.resume(folder)
    until(lambda: state(folder) == "training")


@pytest.mark.parametrize("action", [launch.pause, launch.stop, launch.snapshot])
def test_an_ended_run_refuses_commands_in_one_sentence(root: Path, action):
    folder = launch.start(SHORT, root)
    until(lambda: state(folder) == "finished" and not process.busy(folder))
    with pytest.raises(Refusal, match="not training: it is finished"):
        action(folder)
    with pytest.raises(Refusal, match="nothing left to train"):
        launch.resume(folder)


def test_only_live_settings_that_fit_together_can_be_changed(root: Path):
    folder = launch.start(LONG, root)
    with pytest.raises(Refusal, match=r"these can: lr, method.tau.*view1.\*, view2.\*, view.\*"):
        launch.change(folder, {"batch_size": 8})
    with pytest.raises(Refusal, match="method.tau is 9"):
        launch.change(folder, {"method.tau": 9})
    with pytest.raises(Refusal, match="view1.crop_scale_min is 0.9; it must not exceed"):
        launch.change(folder, {"view.crop_scale_max": 0.5, "view1.crop_scale_min": 0.9})
    assert not list(folder.glob("inbox/*"))


def test_a_worker_that_cannot_start_says_why(root: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(process, "WORKER", "sslviz.no_such_worker")
    folder = launch.start(SHORT, root)
    until(lambda: state(folder) == "failed")
    assert "no_such_worker" in str(read_status(folder)["error"])
