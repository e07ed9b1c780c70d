"""A run folder as an older version wrote it: still listed, drawn, evaluated and gone on with.

SimCLR on shapes, stopped at step 56 of 2,000; tau went from 0.2 to 0.5 at step 27; one kNN
evaluation. That version's own losses of the six steps that follow stand below.
"""

import shutil
from pathlib import Path

import pytest

from sslviz.data.load import load_data
from sslviz.evaluate.protocols import EvaluationConfig
from sslviz.evaluate.records import create_evaluation, list_evaluations, read_evaluation
from sslviz.evaluate.worker import evaluate
from sslviz.feed.bundle import bundle, read_bundle
from sslviz.runs.changes import recorded
from sslviz.runs.read import read_config, read_events, read_images, read_metrics, snapshot_steps
from sslviz.runs.status import list_runs, read_status
from sslviz.training.checkpoint import load_checkpoint
from sslviz.training.prepare import chosen_device
from sslviz.training.session import open_session

NEXT_LOSSES = [2.757702, 3.295122, 2.759329, 3.089502, 2.853566, 2.747253]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(Path(__file__).parent / "golden", tmp_path / "golden"))


def test_it_is_read_whole(folder: Path):
    config, rows = read_config(folder), read_metrics(folder)
    assert (config.method, config.seed, config.steps) == ("simclr", 7, 2000)
    assert read_status(folder)["state"] == "stopped"
    assert [run["id"] for run in list_runs(folder.parent)] == ["golden"]
    assert [row["step"] for row in rows] == list(range(57)) and rows[56]["loss"] < rows[1]["loss"]
    kinds = [(event["step"], event["kind"]) for event in read_events(folder)]
    assert kinds == [(0, "start"), (27, "set"), (56, "stop")]
    assert list(recorded(folder)) == [(27, {"method.tau": 0.5})]
    assert read_images(folder)["probe"].shape[1:] == (16, 16, 3)
    (evaluation,) = list_evaluations(folder)
    assert evaluation["state"] == "finished" and evaluation["results"][0]["mean"] == 0.15625


def test_a_replay_bundle_and_a_new_evaluation_are_made_of_it(folder: Path):
    packed = read_bundle(bundle(folder))
    assert list(packed.snapshots) == snapshot_steps(folder) == [0]
    assert packed.status["state"] == "stopped" and packed.rows[-1]["step"] == 56
    made = create_evaluation(folder, EvaluationConfig(protocol="knn"))
    assert evaluate(folder, made) == 0
    assert read_evaluation(folder, made)["results"][0]["mean"] == pytest.approx(0.15625, abs=0.01)


def test_training_goes_on_where_it_stopped(folder: Path):
    config, device = read_config(folder), chosen_device("cpu")
    session = open_session(config, load_data(config), device)
    assert load_checkpoint(folder, session) and session.step == 56
    assert session.changes["method.tau"] == 0.5
    losses = [session.train_step(session.learning_rate()).loss.item() for _ in NEXT_LOSSES]
    assert losses == pytest.approx(NEXT_LOSSES, rel=1e-3)
