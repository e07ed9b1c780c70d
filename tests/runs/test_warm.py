"""The worker that waits for its run, as a real process: what it trains, and when it is not used."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import sslviz
from sslviz.config import RunConfig
from sslviz.runs import launch, process, queue, warm
from sslviz.runs.lease import read_lease, started
from sslviz.runs.queue import FEWEST, MOST_PLACES, places
from sslviz.runs.store import list_runs, read_metrics, read_status
from sslviz.runs.surroundings import surroundings
from tests.waiting import until

PATIENCE = 120.0  # with a worker on a busy machine; nothing waits that long where all is well
ROOT = Path(__file__).parents[2]
SMALL = RunConfig().with_settings(
    {"device": "cpu", "steps": 5, "batch_size": 32, "train_images": 64, "image_size": 16}
)
APP = """
import sys
from pathlib import Path
from sslviz.config import RunConfig
from sslviz.runs import launch, warm
config = RunConfig().with_settings({"device": "cpu", "batch_size": 32, "steps": 1_000_000})
warm.ANSWER_SECONDS = warm.SOON_SECONDS = 120
warm.STOVE.ready(config)
trains = warm.STOVE.pid
launch.start(config, Path(sys.argv[1]))
warm.NEXT_SECONDS, warm.STOVE._resting = 0.0, 0.0
warm.STOVE.ready(config)
print(trains, warm.STOVE.pid, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("SSLVIZ_WARM", "1")
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setattr(warm, "STOVE", warm.Stove())
    monkeypatch.setattr(warm, "ANSWER_SECONDS", PATIENCE)
    monkeypatch.setattr(warm, "NEXT_SECONDS", 100 * PATIENCE)
    yield tmp_path
    warm.STOVE.close()
    for run in list_runs(tmp_path):
        process.kill(Path(run["folder"]))


@pytest.fixture
def standin(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers that start cold have no network."""
    monkeypatch.setattr(process, "WORKER", "standin_worker")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))


def pid(folder: Path) -> int:
    """Who trains the run, or trained it last."""
    launched = read_lease(folder / "launch.json")
    assert launched
    return launched.pid


def trained(root: Path) -> tuple[int, list[list[float]]]:
    """(who trained it, its losses, and kNN as it began and ended) of one whole run of SMALL."""
    folder = launch.start(SMALL, root)
    until(lambda: read_status(folder)["state"] not in ("starting", "training"))
    assert read_status(folder)["state"] == "finished", read_status(folder)["error"]
    assert (folder / "worker.log").read_text() == ""
    rows = read_metrics(folder)
    whole = [rows[0]["knn_h"], rows[-1]["knn_h"]]  # in between a glance may take its place
    return pid(folder), [whole, *([row["step"], row.get("loss")] for row in rows)]


def test_a_warm_run_is_the_cold_one_bit_for_bit(root: Path):
    warm.STOVE.ready(SMALL)
    waits = warm.STOVE.pid
    until(lambda: warm.STOVE._warm is not None and warm.STOVE._warm.answers())
    assert list_runs(root) == [], "it is no run"
    by_warm, warm_rows = trained(root)
    assert by_warm == waits and warm.STOVE.pid is None
    by_cold, cold_rows = trained(root)
    assert by_cold != waits and warm_rows == cold_rows and len(cold_rows) == 7


def test_it_goes_with_the_app_and_its_run_goes_on(root: Path):
    app = subprocess.Popen(
        [sys.executable, "-c", APP, str(root)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert app.stdout
    trains, waits = map(int, app.stdout.readline().split())
    assert started(waits) and os.getsid(trains) == trains
    (run,) = list_runs(root)
    folder = Path(run["folder"])
    app.kill()
    app.wait()
    until(lambda: not started(waits))
    until(lambda: read_status(folder)["state"] == "training" and read_status(folder)["step"] > 0)
    assert pid(folder) == trains
    launch.stop(folder)
    until(lambda: read_status(folder)["state"] == "stopped")


def dead() -> None:
    assert warm.STOVE.pid
    os.kill(warm.STOVE.pid, signal.SIGKILL)


def hangs() -> None:
    assert warm.STOVE.pid
    warm.ANSWER_SECONDS = 0.2
    os.kill(warm.STOVE.pid, signal.SIGSTOP)


def other_environment() -> None:
    os.environ["SSLVIZ_DATA"] = "elsewhere"


@pytest.mark.parametrize("happens", [dead, hangs, other_environment])
def test_one_that_cannot_be_used_means_a_cold_start(root: Path, standin, monkeypatch, happens):
    monkeypatch.setenv("SSLVIZ_DATA", "here")
    warm.STOVE.ready(SMALL)
    waited = warm.STOVE.pid
    assert waited
    happens()
    folder = launch.start(SMALL, root)
    until(lambda: read_status(folder)["state"] == "finished")
    status = read_status(folder)
    assert (status["error"], status["notes"], status["attempt"]) == (None, [], 1)
    assert pid(folder) != waited and not started(waited)


def test_it_is_told_what_is_on_screen_unless_something_trains(root: Path):
    warm.STOVE.ready(SMALL)
    waits, other = warm.STOVE._warm, SMALL.with_settings({"seed": 1})
    assert waits and waits.told == SMALL
    warm.STOVE.ready(other)
    assert warm.STOVE._warm is waits and waits.told == other
    warm.STOVE._running = 1
    warm.STOVE.ready(SMALL)
    assert warm.STOVE._warm is waits and waits.told == other


def test_code_that_changed_on_disk_is_not_run_by_an_older_process(tmp_path: Path, monkeypatch):
    package = tmp_path / "sslviz"
    package.mkdir()
    (package / "__init__.py").write_text("")
    monkeypatch.setattr(sslviz, "__file__", str(package / "__init__.py"))
    before = surroundings("cpu")
    assert surroundings("cpu") == before
    (package / "loss.toml").write_text("x = 1")
    assert surroundings("cpu") != before


def test_it_ends_when_nobody_asks_for_it(root: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SSLVIZ_WARM_SECONDS", "0.1")
    warm.STOVE.ready(SMALL)
    assert warm.STOVE._warm and warm.STOVE._warm.process.wait(60) == 0


def test_none_is_kept_where_none_is_wanted(root: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SSLVIZ_WARM", "0")
    warm.STOVE.ready(SMALL)
    assert warm.STOVE.pid is None


def test_one_that_cannot_get_ready_is_not_tried_again(root: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(warm, "WARM", "no_such_module")
    monkeypatch.setattr(warm, "GLANCE_SECONDS", 0.0)
    warm.STOVE.ready(SMALL)
    assert warm.STOVE._warm and warm.STOVE._warm.process.wait(60) == 1
    for _ in range(2):
        warm.STOVE.ready(SMALL)
        assert warm.STOVE.pid is None


@pytest.mark.parametrize(
    ("words", "expected"),
    [("3", 3), (" 1 ", 1), (str(MOST_PLACES), MOST_PLACES)]
    + [(nonsense, FEWEST) for nonsense in ("", "0", "-1", "2.5", "many", "99999", "٣")],
)
def test_the_number_of_places_is_a_whole_number_or_the_usual_one(monkeypatch, words, expected):
    monkeypatch.setattr(queue, "cuda_gigabytes", lambda: 0)
    monkeypatch.setenv("SSLVIZ_MAX_RUNS", words)
    assert places() == expected
