"""Which runs stand beside a run's curves, found in real run folders."""

from pathlib import Path

import pytest
import streamlit as st

from sslviz.config import RunConfig, settings_of
from sslviz.runs.store import RunWriter, create_run, list_runs, read_config
from sslviz.ui import state
from sslviz.ui.compare import beside as comparison


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch):
    """No visitor before this one; what one test found is no news for the next."""
    comparison.comparable.clear()
    st.session_state.clear()
    monkeypatch.setattr(state, "_in_url", lambda name: None)
    monkeypatch.setattr(state, "_to_url", lambda name, value: None)


def make_run(root: Path, step: int, how: str = "finished", **settings) -> Path:
    """A run of `steps` 10 that got to `step` and ended as `how`."""
    writer = RunWriter(create_run(RunConfig().with_settings({"steps": 10} | settings), root))
    writer.status(state=how, step=step)
    writer.release()
    return writer.folder


def test_the_baseline_is_the_newest_supervised_run_of_the_same_task(tmp_path: Path):
    here = make_run(tmp_path, 5)
    old = make_run(tmp_path, 10, method="supervised", seed=3)
    make_run(tmp_path, 10, method="supervised", data="cifar10")
    make_run(tmp_path, 10, method="supervised", backbone="resnet9")
    make_run(tmp_path, 10, method="supervised", image_size=64)
    make_run(tmp_path, 10, method="supervised", train_images=512)
    make_run(tmp_path, 10, method="simclr")
    assert comparison.baseline_id(here) == old.name
    comparison.comparable.clear()
    new = make_run(tmp_path, 10, method="supervised", seed=4)
    assert comparison.baseline_id(here) == new.name
    assert comparison.baseline_id(new) is None, "a supervised run is its own upper line"


def test_a_baseline_that_has_begun_goes_before_one_that_waits_or_never_began(tmp_path: Path):
    here = make_run(tmp_path, 5)
    make_run(tmp_path, 0, "failed", method="supervised")
    assert comparison.baseline(here) is None
    assert comparison.beside(here) == {"runs": [], "offer": True}
    comparison.comparable.clear()
    begun = make_run(tmp_path, 4, "stopped", method="supervised")
    create_run(RunConfig().with_settings({"method": "supervised"}), tmp_path)
    assert comparison.baseline_id(here) == begun.name
    (line,) = comparison.beside(here)["runs"]
    assert (line["run"], line["letter"], line["seed"]) == (begun.name, "", 0)
    assert line["name"].startswith("Supervised")


def test_chosen_runs_keep_their_order_and_others_are_refused_in_words(tmp_path: Path):
    here = make_run(tmp_path, 5)
    one, two = (make_run(tmp_path, 10, method=name) for name in ("byol", "rotnet"))
    far = make_run(tmp_path, 10, data="cifar10")
    state.set_listed("against", [two.name, one.name])
    lines = comparison.beside(here)["runs"]
    assert [(line["run"], line["letter"]) for line in lines] == [(two.name, "A"), (one.name, "B")]
    state.set_listed("against", [far.name, one.name, "../../etc"])
    assert [run["id"] for run in comparison.chosen(here)] == [one.name]
    assert far.name in state.said("live") and state.listed("against") == [one.name]


def test_the_offer_queues_the_same_recipe_with_labels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SSLVIZ_MAX_RUNS", "1")
    config = RunConfig().with_settings({"method.tau": 0.3, "seed": 7, "view1.gray": 0.55})
    training = RunWriter(create_run(config, tmp_path))
    try:
        comparison.train_baseline(training.folder)
        (queued,) = [run for run in list_runs(tmp_path) if run["method"] == "supervised"]
        assert queued["state"] == "queued"
        assert comparison.baseline_id(training.folder) == queued["id"]
    finally:
        training.release()
    before, after = settings_of(config), settings_of(read_config(Path(queued["folder"])))
    shared = {key for key in before if not key.startswith("method")}
    assert {key: after[key] for key in shared} == {key: before[key] for key in shared}
