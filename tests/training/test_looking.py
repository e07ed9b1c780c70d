"""A run that is watched: glances between its snapshots, and the very same training."""

import threading

import pytest
import torch

from sslviz.runs.arrays import read_arrays
from sslviz.runs.looks import GLANCES, SNAPSHOTS, look_path, look_steps
from sslviz.runs.store import RunWriter, create_run, read_events, read_metrics, send
from sslviz.runs.watched import note_watched
from sslviz.training import looking
from sslviz.training.cadence import Budget
from sslviz.training.checkpoint import load_checkpoint
from sslviz.training.ending import Ending
from sslviz.training.glance import PARTS
from sslviz.training.loop import Loop


@pytest.fixture(autouse=True)
def rich(monkeypatch):
    """Time enough for a glance after every step, however slow the machine."""
    monkeypatch.setattr(looking, "ON_CPU", Budget(0.045, 1e6, 0.001))


@pytest.fixture
def trained(session_of, tmp_path):
    """Trains a small run to its end, watched or not; returns its folder."""

    def train(watched: bool, **settings):
        session = session_of(snapshot_every=10, **settings)
        writer = RunWriter(create_run(session.config, tmp_path, f"watched {watched}"))
        writer.images(session.observer.images())
        over = threading.Event()

        def watch():
            while not over.wait(0.1):
                note_watched(writer.folder)

        if watched:
            note_watched(writer.folder)
            threading.Thread(target=watch).start()
        send(writer.folder, "snapshot")
        try:
            assert Loop(session, writer, Ending()).train() == "finished"
        finally:
            over.set()
        writer.status(state="finished")
        writer.release()
        return writer.folder

    return train


@pytest.mark.parametrize("method", ["simclr", "moco"])
def test_being_watched_changes_nothing_but_what_is_seen(trained, session_of, method):
    watched, alone = (trained(watched, method=method) for watched in (True, False))
    losses = [[row["loss"] for row in read_metrics(f) if "loss" in row] for f in (watched, alone)]
    assert len(losses[0]) == 20 and losses[0] == losses[1]
    sessions = [session_of(method=method) for _ in range(2)]
    for folder, session in zip((watched, alone), sessions, strict=True):
        assert load_checkpoint(folder, session)
    states = [session.method.state_dict() for session in sessions]
    assert all(torch.equal(weight, states[1][name]) for name, weight in states[0].items())
    for kind in (SNAPSHOTS, GLANCES):
        assert set(look_steps(alone, kind)) <= set(look_steps(watched, kind)) | {1}
    told = [[e["kind"] for e in read_events(folder)] for folder in (watched, alone)]
    assert told[0] == told[1] == ["snapshot"]


def test_a_change_keeps_its_picture_whatever_is_asked_next(session_of, tmp_path):
    session = session_of(method="moco")
    writer = RunWriter(create_run(session.config, tmp_path, "changed"))
    loop = Loop(session, writer, Ending())
    for _ in range(2):  # the second changes nothing
        send(writer.folder, "set", changes={"method.tau": 0.3})
        loop.obey()
    assert loop.looking.wanted
    writer.release()


def test_a_watched_run_keeps_glances_between_its_snapshots(trained):
    folder = trained(watched=True)
    whole, glances = look_steps(folder, SNAPSHOTS), look_steps(folder, GLANCES)
    assert whole == [0, 1, 10, 20]
    assert len(glances) > PARTS and not set(whole) & set(glances)
    rows = {row["step"]: row for row in read_metrics(folder)}
    assert [step for step, row in rows.items() if row.get("glance")] == glances
    assert all(rows[step]["loss"] and rows[step]["verdict"] for step in glances)
    places = [len(read_arrays(look_path(folder, GLANCES, s))["layout_h_pca"]) for s in glances]
    assert set(places) == {10}  # of 40 images
    assert not [step for step, row in rows.items() if row.get("snapshot") and "knn_h" not in row]
