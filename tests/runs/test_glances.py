"""Glances on disk: read back as written, thinned evenly within their budget."""

import numpy as np
import pytest

from sslviz.refusal import Refusal
from sslviz.runs import glances
from sslviz.runs.glances import GlanceWriter, glance_path, glance_steps, read_glance


def test_a_glance_is_read_back(tmp_path):
    GlanceWriter(tmp_path).write(7, {"part": np.array([1, 4], np.int16)})
    assert glance_steps(tmp_path) == [7]
    assert read_glance(tmp_path, 7)["part"].tolist() == [1, 4]
    with pytest.raises(Refusal, match="no glance of step 8"):
        read_glance(tmp_path, 8)


def test_glances_stay_within_their_budget_and_evenly_spread(tmp_path, monkeypatch):
    monkeypatch.setattr(glances, "MOST_BYTES", 60_000)
    noise = np.random.default_rng(0)
    writer = GlanceWriter(tmp_path)
    for step in range(0, 400):
        writer.write(step, {"noise": noise.integers(0, 255, 2000, np.uint8)})
    steps = glance_steps(tmp_path)
    assert sum(glance_path(tmp_path, s).stat().st_size for s in steps) <= 60_000
    assert steps[0] == 0 and steps[-1] == 399 and 10 <= len(steps) <= 30
    assert max(np.diff(steps)) <= 3 * min(np.diff(steps[:-2]))
    assert GlanceWriter(tmp_path).sizes == writer.sizes


def test_no_folder_no_glances(tmp_path):
    assert glance_steps(tmp_path / "nothing") == []
