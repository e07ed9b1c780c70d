"""Resume never erases: it asks, takes the older checkpoint, sets aside what it would replace."""

import os
import shutil
import signal
from multiprocessing.pool import ThreadPool
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from sslviz.__main__ import main
from sslviz.runs import launch, process, store
from sslviz.runs.checkpoint import checkpoints, write_checkpoint
from sslviz.training import loop
from sslviz.training.checkpoint import load_checkpoint
from sslviz.training.ending import Ending
from sslviz.training.worker import run
from tests.training.waits import (
    TINY,
    is_now,
    kinds,
    losses,
    new_run,
    reached,
)
from tests.waiting import until


def steer(folder: Path) -> None:
    """Pauses the run once, and stops it eight steps later."""
    try:
        until(reached(folder, 6))
        store.send(folder, "pause")
        until(is_now(folder, "paused"))
        store.send(folder, "resume")
        until(reached(folder, store.read_status(folder)["step"] + 8))
    finally:
        store.send(folder, "stop")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with a checkpoint at a pause, one where it was stopped, and rows up to there."""
    folder = new_run(tmp_path_factory.mktemp("model"), **TINY, steps=100_000, snapshot_every=3)
    with pytest.MonkeyPatch.context() as patch, ThreadPool(1) as pool:
        patch.setattr(loop, "FIRST_CHECKPOINT_SECONDS", 1e9)  # none comes between these two
        steering = pool.apply_async(steer, [folder])
        assert run(folder) == 0
        steering.get()
    (_, newer), (_, older) = checkpoints(folder)
    assert newer["step"] > older["step"]
    return folder


@pytest.fixture
def ended(model: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(model, tmp_path / model.name))


def goes_on(folder: Path, times: int) -> None:
    """Waits until the run has gone on from a checkpoint that often, pauses included."""
    until(lambda: kinds(folder).count("resume") == times)


def flipped(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 255
    path.write_bytes(bytes(data))


def resealed(folder: Path, path: Path, state: dict) -> None:
    """Puts other weights into a checkpoint whose seal is right: only loading them can tell."""
    tensors = {name: value[:1] for name, value in load_file(path).items() if value.ndim}
    for record in folder.glob("checkpoint-?.json"):
        if record.stem == path.stem:
            record.unlink()  # so that the next one written is this
    write_checkpoint(folder, lambda place: save_file(tensors, place), state)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.parametrize("broken", ["torn", "other weights"])
def test_where_the_newest_cannot_be_loaded_the_older_is_tried(start, ended: Path, broken: str):
    (newer, state), (_, older) = checkpoints(ended)
    before, last = losses(ended), store.read_metrics(ended)[-1]["step"]
    if broken == "torn":
        flipped(newer)
    else:
        resealed(ended, newer, state)
        assert len(checkpoints(ended)) == 2
    worker = start(ended)
    goes_on(ended, 2)
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    rows = store.read_metrics(ended)
    assert rows[-1]["step"] == last and losses(ended) == before, "set aside, and still shown"
    steps = [row["step"] for row in rows]
    assert steps == sorted(set(steps))
    told = [str(e["message"]) for e in store.read_events(ended) if e["kind"] == "error"]
    assert [("an older one was taken" in text) for text in told] == [True] * (broken != "torn")
    worker = start(ended)
    goes_on(ended, 3)
    assert store.read_status(ended)["step"] < last
    until(reached(ended, last + 3))
    store.send(ended, "stop")
    assert worker.wait(300) == 0
    assert losses(ended, before[-1][0]) == before, "the same again, bit by bit"
    assert not (ended / "aside").exists(), "replaced by the same steps"


def test_where_no_checkpoint_is_valid_it_asks_and_says_what_would_be_lost(ended: Path, capsys):
    for path, _ in checkpoints(ended):
        flipped(path)
    rows, snapshots = len(store.read_metrics(ended)), len(store.snapshot_steps(ended))
    before = contents(ended)
    with pytest.raises(launch.OnlyFromTheStart) as asked:
        launch.resume(ended)
    last = store.read_metrics(ended)[-1]["step"]
    assert f"({rows} rows and {snapshots} snapshots up to step {last})" in str(asked.value)
    for flags in ([], ["--background"]):
        assert main(["resume", str(ended), *flags]) == 2
        out, err = capsys.readouterr()
        assert (out, err) == ("", f"{asked.value}\n") and "--start-over" in err
    assert contents(ended) == before, "asking changes nothing"


def test_starting_over_sets_all_aside_until_it_is_passed(ended: Path, monkeypatch):
    for path, _ in checkpoints(ended):
        flipped(path)
    before, shown = losses(ended), store.snapshot_steps(ended)
    last = before[-1][0]
    monkeypatch.setattr(process, "WORKER", "this")  # ends at once: nothing is trained yet
    launch.from_the_start(ended)
    assert losses(ended) == before
    store.send(ended, "stop")  # at step 0
    assert run(ended, Ending()) == 0
    assert (ended / "aside").is_dir() and list((ended / "aside").glob("checkpoint-*"))
    assert losses(ended) == before and set(store.snapshot_steps(ended)) >= set(shown[1:])
    for path in shown:
        store.read_snapshot(ended, path)
    assert checkpoints(ended)[0][1]["step"] == 0, "and it can go on from there"
    assert store.read_status(ended)["only_start_over"] is False and last > 0


def test_weights_that_no_checkpoint_can_give_are_asked_for_by_the_worker_too(ended: Path):
    """Intact files that cannot be loaded: only the worker sees it, and then everybody is told."""
    for path, state in checkpoints(ended):
        resealed(ended, path, state)
    before = {k: v for k, v in contents(ended).items() if k[:4] in ("metr", "snap", "chec")}
    assert run(ended) == 2
    status = store.read_status(ended)
    assert status["state"] == "failed" and "It can only start over at step 0" in str(
        status["error"]
    )
    assert before.items() <= contents(ended).items(), "nothing is touched"
    with pytest.raises(launch.OnlyFromTheStart):
        launch.resume(ended)


def test_too_little_memory_says_nothing_about_a_checkpoint(ended: Path, monkeypatch, session_of):
    def full(path: Path) -> dict[str, torch.Tensor]:
        raise MemoryError

    monkeypatch.setattr("sslviz.training.checkpoint.load_file", full)
    before = contents(ended)
    assert run(ended) == 1
    assert "ran out of memory" in str(store.read_status(ended)["error"])
    assert {k: v for k, v in contents(ended).items() if k.startswith("checkpoint")} == {
        k: v for k, v in before.items() if k.startswith("checkpoint")
    }
    assert not store.read_status(ended)["only_start_over"] and len(losses(ended)) > 0


def test_a_checkpoint_beyond_the_last_step_is_not_loaded(ended: Path, session_of):
    (path, state), _ = checkpoints(ended)
    tensors = load_file(path)
    write_checkpoint(ended, lambda place: save_file(tensors, place), state | {"step": 10**7})
    loaded = load_checkpoint(ended, session_of())
    assert not loaded or loaded.refused


def test_a_pause_ends_with_a_checkpoint(start, tmp_path: Path):
    """What was changed while it was paused is in it: a kill just after loses nothing."""
    folder = new_run(tmp_path, **TINY, steps=100_000)
    worker = start(folder)
    until(reached(folder, 3))
    store.send(folder, "pause")
    until(is_now(folder, "paused"))
    step = store.read_status(folder)["step"]
    assert [state["step"] for _, state in checkpoints(folder)] == [step]
    store.send(folder, "set", changes={"method.tau": 0.7})
    store.send(folder, "resume")
    goes_on(folder, 1)
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    state = checkpoints(folder)[0][1]
    assert state["step"] >= step and state["changes"] == {"method.tau": 0.7}


def test_a_save_that_is_killed_leaves_nothing_behind(tmp_path: Path):
    """Killed between the writing of a file and its taking the place of the older one."""
    folder = new_run(tmp_path)
    writer = store.RunWriter(folder)
    writer.checkpoint(lambda path: path.write_bytes(b"weights"), {"step": 1})
    writer.release()
    for place, name in (
        (folder, "checkpoint-B.safetensors"),
        (folder, "status.json"),
        (folder / "snapshots", "00000003.npz"),
        (folder / "inbox", "1.json"),
    ):
        (place / f".{2**22 + 1}-abcdef-{name}").write_bytes(b"half")  # a number no process has
    store.RunWriter(folder).release()
    assert not [path for path in folder.rglob(".*") if path.is_file()]
    assert checkpoints(folder)[0][1] == {"step": 1}
