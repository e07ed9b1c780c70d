"""A run's beginning made ahead of it: the very same, and only ever that run's."""

from pathlib import Path
from threading import Thread

import numpy as np
import pytest
import torch

from sslviz.config import RunConfig
from sslviz.refusal import Refusal
from sslviz.runs.read import read_images
from sslviz.runs.store import RunWriter, create_run, send
from sslviz.training import warm
from sslviz.training.ahead import Beginning, beginning
from sslviz.training.ending import Ending
from sslviz.training.loop import Loop
from sslviz.training.prepare import prepare
from sslviz.training.warm import Waiting
from tests.waiting import until

FEW = {"device": "cpu", "image_size": 16, "train_images": 64, "batch_size": 32, "steps": 3}
SMALL = RunConfig.from_json(RunConfig().with_settings(FEW).to_json())  # as a folder holds it


def made(config: RunConfig) -> Beginning | None:
    pieces = [*beginning(config)]
    return pieces[-1] if pieces else None


def begun(root: Path, ahead: Beginning | None, config: RunConfig = SMALL) -> Loop:
    """A run of `config` as it stands before its first step."""
    writer = RunWriter(create_run(config, root, f"ahead {ahead is not None}"))
    return prepare(writer.folder, config, writer, Ending(), ahead)


def test_it_is_bit_for_bit_what_the_run_would_make_itself(tmp_path: Path):
    ahead = made(SMALL)
    assert ahead
    torch.manual_seed(1)  # whatever happened in between
    early, late = begun(tmp_path, ahead), begun(tmp_path, None)
    assert early.session is ahead.session
    seen = [loop.session.observer.snapshot(loop.session.method, 0) for loop in (early, late)]
    assert seen[0][0] == seen[1][0]
    assert all(np.array_equal(seen[0][1][name], seen[1][1][name]) for name in seen[1][1])
    files = [read_images(loop.run.folder) for loop in (early, late)]
    assert files[0].keys() == files[1].keys()
    assert all(np.array_equal(files[0][name], files[1][name]) for name in files[1])
    losses = [
        [loop.session.train_step(0.1).loss.item() for _ in range(3)] for loop in (early, late)
    ]
    assert losses[0] == losses[1]


def test_it_is_used_once_and_for_step_0_alone():
    ahead = made(SMALL)
    assert ahead
    observer, method = ahead.session.observer, ahead.session.method
    kept = observer.ahead
    assert kept and observer.snapshot(method, 5)[0] is not kept[0] and observer.ahead is None


def test_another_run_does_not_take_it(tmp_path: Path):
    ahead = made(SMALL)
    assert ahead
    other = begun(tmp_path, ahead, SMALL.with_settings({"seed": 1}))
    assert other.session is not ahead.session and other.session.config.seed == 1


def test_nor_does_one_that_goes_on_from_a_checkpoint(tmp_path: Path):
    loop = begun(tmp_path, None)
    send(loop.run.folder, "stop")
    assert loop.train() == "stopped"
    loop.run.release()
    ahead = made(SMALL)
    writer = RunWriter(loop.run.folder)
    resumed = prepare(writer.folder, SMALL, writer, Ending(), ahead)
    assert ahead and resumed.session is not ahead.session


@pytest.mark.parametrize(
    "setting",
    [{"backbone": "resnet18"}, {"image_size": 128}, {"train_images": 65_000}, {"probes": 5000}]
    + [{"data": "cifar10"}, {"data": "/somewhere"}],
)
def test_nothing_is_made_ahead_that_costs_much_or_may_change_meanwhile(setting):
    assert made(RunConfig().with_settings({"device": "cpu"} | setting)) is None


def test_what_cannot_train_is_refused():
    with pytest.raises(Refusal):
        made(SMALL.with_settings({"train_images": 8}))


@pytest.fixture
def waiting():
    """A worker's thread that works ahead; None on its queue ends it."""
    waiting = Waiting()
    thread = Thread(target=waiting.work_ahead)
    thread.start()
    yield waiting
    waiting.on_screen.put(None)
    thread.join()


def test_the_newest_that_is_on_screen_is_made(waiting: Waiting):
    for seed in (1, 2, 3):
        waiting.on_screen.put(SMALL.with_settings({"seed": seed}).to_json())
    until(lambda: waiting.ahead is not None)
    assert waiting.ahead and waiting.ahead.config.seed == 3


@pytest.mark.parametrize(("seed", "taken"), [(0, True), (1, False)])
def test_a_run_takes_its_own_and_no_other_is_kept(tmp_path: Path, seed: int, taken: bool):
    waiting = Waiting()
    waiting.ahead = made(SMALL)
    folder = create_run(SMALL.with_settings({"seed": seed}), tmp_path)
    assert (warm._taken(waiting, folder) is not None) == taken and waiting.ahead is None


def test_one_that_fails_or_is_too_dear_leaves_none(waiting: Waiting):
    waiting.on_screen.put(SMALL.to_json())
    until(lambda: waiting.ahead is not None)
    few = SMALL.with_settings({"train_images": 8}).to_json()
    for other in (few, RunConfig(backbone="resnet18").to_json(), {"method": "of another version"}):
        waiting.on_screen.put(other)
        until(lambda: waiting.ahead is None)
        waiting.on_screen.put(SMALL.to_json())
        until(lambda: waiting.ahead is not None)
