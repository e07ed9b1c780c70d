import json
import os
import shutil
import signal
import time

import numpy as np
import pytest
from PIL import Image

from sslviz.runs import launch, store
from sslviz.runs.changes import answer, recorded
from sslviz.training.worker import run
from tests.training.waits import kinds, losses, new_run, reached
from tests.waiting import until


def test_a_run_from_start_to_finish(start, tmp_path):
    folder = new_run(tmp_path, steps=12)
    worker = start(folder)
    assert worker.wait(300) == 0, worker.stderr.read()
    status = store.read_status(folder)
    assert (status["state"], status["step"], status["device"]) == ("finished", 12, "cpu")
    rows = store.read_metrics(folder)
    assert [row["step"] for row in rows] == list(range(13))
    newest = store.newest_values(rows)
    for name in ("loss", "knn_h", "knn_z", "feature_std_z", "effective_rank_h", "alignment"):
        assert np.isfinite(newest[name]), name
    assert {"probe_bg_hue_h", "probe_size_z", "chance_loss", "verdict"} <= newest.keys()
    arrays = store.read_snapshot(folder, 12)
    n = len(store.read_images(folder)["labels"])
    assert arrays["layout_h_pca"].shape == arrays["layout_z_sphere"].shape == (n, 3)
    assert arrays["neighbours_z"].shape == (n, 10)
    assert arrays["similarity"].shape == (64, 64)
    assert arrays["histogram_positive"].sum() == 128


def test_commands_act_and_a_killed_worker_is_resumed(start, tmp_path):
    folder = new_run(tmp_path, steps=100_000)
    worker = start(folder)
    until(reached(folder, 5))
    store.send(folder, "set", changes={"method.tau": 0.7})
    store.send(folder, "set", changes={"method.embedding": 8})
    until(lambda: {"set", "error"} <= set(kinds(folder)))
    changed = next(event for event in store.read_events(folder) if event["kind"] == "set")
    assert (changed["knob"], changed["old"], changed["new"]) == ("method.tau", 0.2, 0.7)

    store.send(folder, "pause")
    until(lambda: store.read_status(folder)["state"] == "paused")
    paused_at = store.read_status(folder)["step"]
    time.sleep(0.5)
    assert store.read_status(folder)["step"] == paused_at
    store.send(folder, "resume")
    until(reached(folder, paused_at + 3))

    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    until(lambda: store.read_status(folder)["state"] == "interrupted")

    second = start(folder)
    until(lambda: store.read_status(folder)["state"] == "training")
    until(reached(folder, paused_at + 5))
    second.send_signal(signal.SIGTERM)
    assert second.wait(300) == 0
    assert store.read_status(folder)["state"] == "stopped"
    steps = [row["step"] for row in store.read_metrics(folder)]
    assert steps == sorted(set(steps)) and set(range(11)) <= set(steps)


def stopped_at(folder, step):
    """Lets the run train to `step` at least, and ends it."""
    until(reached(folder, step))
    store.send(folder, "stop")
    until(lambda: store.read_status(folder)["state"] == "stopped")


def test_a_repeated_run_makes_the_same_changes_bit_by_bit(start, tmp_path):
    """Changed live, with a pause: the learning rate, both views, a knob of the method."""
    settings = {"method": "moco", "steps": 2000, "batch_size": 16, "train_images": 64}
    folder = new_run(tmp_path, **settings)
    store.send(folder, "pause")  # so that there is time to change something before the first step
    start(folder)
    until(lambda: "pause" in kinds(folder))
    asked = [launch.change(folder, {"view.jitter": 0, "view2.crop_scale_min": 0.7})]
    store.send(folder, "resume")
    until(reached(folder, 5))
    asked.append(launch.change(folder, {"lr": 0.0005, "method.queue": 512}))
    until(lambda: all(answer(folder, command, 0.0) for command in asked))
    plan = recorded(folder)
    assert plan[0] == (0, {"view1.jitter": 0, "view2.jitter": 0, "view2.crop_scale_min": 0.7})
    assert len(plan) == 2 and plan[1][1] == {"lr": 0.0005, "method.queue": 512}
    changed_at = plan[1][0]
    stopped_at(folder, changed_at + 20)
    last = store.read_status(folder)["step"]

    again = launch.create_planned(store.read_config(folder), tmp_path, None, plan)
    start(again)
    stopped_at(again, last)
    assert losses(again, last) == losses(folder, last) and len(losses(folder, last)) == last
    assert recorded(again) == plan
    plain = launch.create_planned(store.read_config(folder), tmp_path, None, None)
    start(plain)
    stopped_at(plain, 2)
    assert losses(plain, 1) != losses(folder, 1)


def test_a_change_just_after_a_checkpoint_is_not_lost_by_a_kill(start, tmp_path):
    folder = new_run(tmp_path, steps=100_000)
    worker = start(folder)
    until(reached(folder, 2))
    store.send(folder, "pause")
    until(lambda: "pause" in kinds(folder))  # and its checkpoint is written
    launch.change(folder, {"method.tau": 0.7})
    until(lambda: "set" in kinds(folder))
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    start(folder)
    until(lambda: "resume" in kinds(folder))
    asked = store.send(folder, "set", changes={"method.tau": 0.9})
    until(lambda: answer(folder, asked, 0.0))
    assert answer(folder, asked, 0.0)[0]["old"] == 0.7
    store.send(folder, "stop")


def test_a_paused_run_takes_a_picture_at_once(start, tmp_path):
    folder = new_run(tmp_path, steps=100_000, snapshot_every=100_000)
    start(folder)
    until(reached(folder, 3))
    asked = launch.snapshot(folder)
    (taken,) = until(lambda: answer(folder, asked, 0.0))
    assert taken["step"] in store.snapshot_steps(folder)
    store.send(folder, "pause")
    until(lambda: store.read_status(folder)["state"] == "paused")
    step = store.read_status(folder)["step"]
    for _ in range(2):  # the second finds it there
        asked = launch.snapshot(folder)
        (taken,) = until(lambda asked=asked: answer(folder, asked, 0.0))
        assert (taken["kind"], taken["step"]) == ("snapshot", step)
    assert store.snapshot_steps(folder)[-1] == step
    row = store.read_metrics(folder)[-1]
    assert row["step"] == step and np.isfinite(row["knn_h"])
    store.send(folder, "stop")
    until(lambda: store.read_status(folder)["state"] == "stopped")
    steps = [row["step"] for row in store.read_metrics(folder)]
    assert steps == sorted(set(steps))


def test_a_verdict_that_changes_is_an_event_with_its_reason(tmp_path):
    broken = {"method.negatives": False, "steps": 30, "snapshot_every": 10}
    folder = new_run(tmp_path, **broken)
    assert run(folder, maps=False) == 0
    told = [e for e in store.read_events(folder) if e["kind"] == "verdict"]
    seen = [r["verdict"] for r in store.read_metrics(folder) if "verdict" in r]
    turns = [(a, b) for a, b in zip(seen, seen[1:], strict=False) if a != b]
    assert [(e["old"], e["new"]) for e in told] == turns and turns[0][0] == "starting"
    reasons = {r["step"]: r["verdict_reason"] for r in store.read_metrics(folder) if "verdict" in r}
    assert all(e["reason"] == reasons[e["step"]] for e in told)


def test_a_second_worker_is_refused(start, tmp_path):
    folder = new_run(tmp_path, steps=100_000)
    worker = start(folder)
    until(reached(folder, 1))
    second = start(folder)
    assert second.wait(300) != 0
    error = second.stderr.read()
    assert "Traceback" not in error and error.strip().count("\n") == 0
    store.send(folder, "stop")
    assert worker.wait(300) == 0


def test_a_loss_that_explodes_stops_the_run_and_names_the_step(tmp_path):
    explosive = {"lr": 1000.0, "warmup_steps": 0, "optimizer": "sgd", "method.normalise": False}
    folder = new_run(tmp_path, steps=500, **explosive)
    assert run(folder) == 1
    status = store.read_status(folder)
    assert status["state"] == "failed" and "at step" in str(status["error"])
    for line in (folder / "metrics.jsonl").read_text().splitlines():
        assert "NaN" not in line and json.loads(line)


@pytest.mark.parametrize(
    ("settings", "words"),
    [({"batch_size": 513}, "only 512"), ({"device": "cuda"}, "no CUDA device")],
)
def test_what_cannot_run_says_why_in_one_sentence(tmp_path, capsys, settings, words):
    if settings.get("device") == "cuda" and os.path.exists("/dev/nvidia0"):
        pytest.skip("this machine has a CUDA device")
    folder = new_run(tmp_path, steps=5, **settings)
    assert run(folder) == 2
    assert words in str(store.read_status(folder)["error"])
    assert "Traceback" not in capsys.readouterr().err


def test_a_run_deleted_under_its_worker_stays_deleted(start, tmp_path):
    folder = new_run(tmp_path, steps=100_000)
    worker = start(folder)
    until(reached(folder, 3))

    def gone():
        shutil.rmtree(folder, ignore_errors=True)  # the worker may write a file meanwhile
        return not folder.exists()

    until(gone)
    assert worker.wait(300) == 1
    assert not folder.exists()


def test_what_was_left_out_of_the_data_is_in_the_status(tmp_path, monkeypatch):
    monkeypatch.setenv("SSLVIZ_DATA", str(tmp_path / "cache"))
    for k in range(40):
        path = tmp_path / "data" / f"class{k % 2}" / f"{k}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (16, 16), (6 * k, 0, 0)).save(path)
    (tmp_path / "data" / "stray.png").write_bytes(path.read_bytes())
    (tmp_path / "data" / "class0" / "broken.png").write_bytes(b"no image")
    facts = {"steps": 2, "batch_size": 8, "probes": 1000}  # fewer than are asked for are a note
    folder = new_run(tmp_path / "runs", data=str(tmp_path / "data"), **facts)
    assert run(folder) == 0
    stray, broken = map(str, store.read_status(folder)["notes"])
    assert stray.endswith("outside the class folders: 1, such as stray.png.")
    assert "1 of 41 images, such as class0/broken.png (it is not an image of a kind" in broken


@pytest.mark.parametrize("n_test", [1, 2, 5])
def test_a_set_too_small_to_judge_trains_without_a_verdict(tmp_path, monkeypatch, n_test):
    monkeypatch.setenv("SSLVIZ_DATA", str(tmp_path / "cache"))
    noise = np.random.default_rng(0).integers(0, 256, (20 + n_test, 16, 16, 3), np.uint8)
    for k, pixels in enumerate(noise):
        part = "train" if k < 20 else "test"
        path = tmp_path / "data" / part / f"class{k % 2}" / f"{k}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(path)
    (tmp_path / "data" / "test" / "class1").mkdir(parents=True, exist_ok=True)
    facts = {"train_images": 0, "batch_size": 256, "steps": 25, "snapshot_every": 5, "probes": 3000}
    folder = new_run(tmp_path / "runs", data=str(tmp_path / "data"), **facts)
    assert run(folder) == 0
    status = store.read_status(folder)
    assert status["n_train"] == status["batch_size"] == 20
    words = " ".join(map(str, status["notes"]))
    assert "batch_size is 256; there are only 20 training images, so each step takes" in words
    assert f"probes is 3000; only {n_test} images are held out, so all of them" in words
    rows = [row for row in store.read_metrics(folder) if row.get("snapshot")]
    assert {(row["verdict"], row["verdict_reason"]) for row in rows} == {("unknown", "too_few")}
    assert all(row["effective_rank_z"] <= n_test + 1e-3 for row in rows)
    assert all(("knn_h" in row) == (n_test > 1) for row in rows)
