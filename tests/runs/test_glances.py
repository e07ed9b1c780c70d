"""Glances on disk: written within their budget, thinned evenly, set aside with the rest."""

from pathlib import Path

import numpy as np

from sslviz.config import RunConfig
from sslviz.runs import glances
from sslviz.runs.arrays import read_arrays
from sslviz.runs.glances import GlanceWriter
from sslviz.runs.looks import GLANCES, SNAPSHOTS, look_path, look_steps
from sslviz.runs.store import RunWriter, create_run


def test_a_glance_is_read_back(tmp_path: Path):
    GlanceWriter(tmp_path).write(7, {"part": np.array([1, 4], np.int16)})
    assert look_steps(tmp_path, GLANCES) == [7] and look_steps(tmp_path, SNAPSHOTS) == []
    assert read_arrays(look_path(tmp_path, GLANCES, 7))["part"].tolist() == [1, 4]


def test_glances_beyond_the_checkpoint_are_set_aside_with_the_snapshots(tmp_path: Path):
    writer = RunWriter(create_run(RunConfig(), tmp_path))
    folder = writer.folder
    for step in range(0, 12, 2):
        writer.metrics({"step": step, "loss": 1.0})
        kind = writer.glance if step % 6 else writer.snapshot
        kind(step, {"a": np.full(1, step)})
    writer.rewind(5)
    assert (look_steps(folder, SNAPSHOTS), look_steps(folder, GLANCES)) == ([0], [2, 4])
    writer.status(state="stopped")
    writer.release()  # nobody trains it: what lies beyond its end is shown again
    assert (look_steps(folder, SNAPSHOTS), look_steps(folder, GLANCES)) == ([0, 6], [2, 4, 8, 10])
    assert read_arrays(look_path(folder, GLANCES, 8))["a"] == [8]
    again = RunWriter(folder)
    again.metrics({"step": 10, "loss": 1.0})
    assert look_steps(folder, GLANCES) == [2, 4] and not (folder / "aside").exists()


def test_glances_stay_within_their_budget_and_evenly_spread(tmp_path, monkeypatch):
    monkeypatch.setattr(glances, "MOST_BYTES", 60_000)
    noise = np.random.default_rng(0)
    writer = GlanceWriter(tmp_path)
    for step in range(0, 400):
        writer.write(step, {"noise": noise.integers(0, 255, 2000, np.uint8)})
    steps = look_steps(tmp_path, GLANCES)
    sizes = [look_path(tmp_path, GLANCES, step).stat().st_size for step in steps]
    assert sum(sizes) <= 60_000
    assert steps[0] == 0 and steps[-1] == 399 and 10 <= len(steps) <= 30
    assert max(np.diff(steps)) <= 3 * min(np.diff(steps[:-2]))
    assert GlanceWriter(tmp_path).sizes == writer.sizes
