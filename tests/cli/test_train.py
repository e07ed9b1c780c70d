"""Runs trained and steered from a terminal: real processes on both sides."""

import json
import os
import signal
from multiprocessing.pool import ThreadPool
from pathlib import Path

import pytest

from sslviz.__main__ import main
from sslviz.cli import train as cli_train
from sslviz.config import RunConfig
from sslviz.presets.catalogue import default
from sslviz.runs import launch, process
from sslviz.runs.lease import read_lease
from sslviz.runs.store import (
    RunWriter,
    create_run,
    read_config,
    read_events,
    read_metrics,
    read_status,
    snapshot_steps,
)
from tests.cli.processes import TINY, start
from tests.waiting import until


def test_training_in_the_foreground_ends_with_the_folder(root: Path):
    done = start("train", "--method", "byol", "--steps", "6", "--seed", "3", *TINY)
    out, err = done.communicate(timeout=300)
    assert done.returncode == 0, err
    folder = Path(out.splitlines()[-1])
    assert folder.parent == root and read_status(folder)["state"] == "finished"
    assert "6/6" in err and "Traceback" not in err
    config = read_config(folder)
    wanted = default("byol").with_settings(
        {
            "steps": 6,
            "seed": 3,
            "batch_size": 16,
            "device": "cpu",
            "train_images": 256,
            "image_size": 16,
            "probes": 200,
        }
    )
    assert config == RunConfig.from_json(wanted.to_json())
    rows = read_metrics(folder)
    assert rows[0]["step"] == 0 and rows[-1]["step"] == 6


def test_control_c_keeps_a_checkpoint_and_resume_goes_on_from_it(root: Path):
    first = start("train", "--steps", "100000", *TINY)
    until(lambda: any(read_status(f.parent)["step"] > 3 for f in root.glob("2*/status.json")))
    first.send_signal(signal.SIGINT)
    out, err = first.communicate(timeout=300)
    folder = Path(out.splitlines()[-1])
    assert first.returncode == 130 and "Traceback" not in err
    assert f"python -m sslviz resume {folder}" in err
    stopped = read_status(folder)
    assert stopped["state"] == "stopped"

    second = start("resume", folder.name)
    until(lambda: read_status(folder)["step"] > stopped["step"])
    second.send_signal(signal.SIGINT)
    assert second.communicate(timeout=300)[0].splitlines()[-1] == str(folder)
    steps = [row["step"] for row in read_metrics(folder)]
    assert steps == sorted(set(steps)) and read_status(folder)["attempt"] == 2


def test_a_background_run_is_steered_from_other_processes(
    root: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["train", "--background", "--steps", "100000", *TINY]) == 0
    folder = Path(capsys.readouterr().out.splitlines()[-1])
    run = folder.name
    try:
        until(lambda: read_status(folder)["state"] == "training")
        assert main(["set", run, "method.tau", "0.4"]) == 0
        assert main(["set", run, "view.hue", "0.3"]) == 0
        told = capsys.readouterr().out
        assert "method.tau 0.1 -> 0.4" in told and told.count(".hue") == 2
        assert main(["set", run, "method.tau", "0.4"]) == 0
        assert "already" in capsys.readouterr().out
        assert main(["set", run, "batch_size", "8"]) == 2
        assert main(["pause", run]) == 0
        until(lambda: read_status(folder)["state"] == "paused")
        capsys.readouterr()
        assert main(["snapshot", run]) == 0
        assert capsys.readouterr().out == f"Snapshot of step {snapshot_steps(folder)[-1]}.\n"
        assert main(["resume", run]) == 0
        until(lambda: read_status(folder)["state"] == "training")
        capsys.readouterr()
        assert main(["show", run, "--json"]) == 0
        facts = json.loads(capsys.readouterr().out)
        assert facts["state"] == facts["status"]["state"] == "training"
        assert facts["config"]["steps"] == 100000 and facts["metrics"]["loss"] > 0
        assert main(["stop", str(folder)]) == 0
        until(lambda: read_status(folder)["state"] == "stopped")
        assert (
            '"knob": "method.tau", "old": 0.1, "new": 0.4' in (folder / "events.jsonl").read_text()
        )
    finally:
        process.kill(folder)


def test_a_workers_refusal_reaches_who_asked_for_the_change(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    """Two people change one view at once: each change fits alone, the second not any more."""
    monkeypatch.setattr(cli_train, "PATIENCE", 120.0)
    assert main(["train", "--background", "--steps", "100000", *TINY]) == 0
    folder = Path(capsys.readouterr().out.splitlines()[-1])
    try:
        until(lambda: read_status(folder)["state"] == "training")
        held = read_lease(folder / "lease.json")
        assert held is not None
        os.kill(held.pid, signal.SIGSTOP)
        launch.change(folder, {"view1.crop_scale_max": 0.8})
        with ThreadPool(1) as pool:
            code = pool.apply_async(main, [["set", folder.name, "view1.crop_scale_min", "0.9"]])
            until(lambda: len(list(folder.glob("inbox/*.json"))) == 2)
            os.kill(held.pid, signal.SIGCONT)
            assert code.get(240) == 2
        sentence = (
            "view1.crop_scale_min is 0.9; it must not exceed view1.crop_scale_max, which is 0.8."
        )
        assert capsys.readouterr().err == f"{sentence}\n"
        assert main(["show", folder.name]) == 0
        told = capsys.readouterr().out
        assert "set view1.crop_scale_max 1.0 -> 0.8" in told and sentence in told
    finally:
        process.kill(folder)


def test_a_run_is_repeated_with_the_changes_made_to_it(
    root: Path, capsys: pytest.CaptureFixture[str]
):
    writer = RunWriter(create_run(default().with_settings({"steps": 6, "seed": 5}), root))
    writer.event("set", 2, knob="view1.jitter", old=0.8, new=0.0, command="a")
    writer.event("set", 2, knob="lr", old=0.002, new=0.001, command="a")
    writer.event("pause", 3)
    writer.event("set", 4, knob="method.tau", old=0.1, new=0.3, command="b")
    writer.release()
    flags = ["--repeat", writer.folder.name, *TINY]
    done = start("train", *flags)
    out, err = done.communicate(timeout=300)
    assert done.returncode == 0, err
    folder = Path(out.splitlines()[-1])
    assert read_config(folder).seed == 5
    made = [(e["step"], e["knob"], e["new"]) for e in read_events(folder) if e["kind"] == "set"]
    assert made == [(2, "lr", 0.001), (2, "view1.jitter", 0.0), (4, "method.tau", 0.3)]
    capsys.readouterr()
    assert main(["train", "--background", *flags, "--method", "byol"]) == 2
    assert "method.tau cannot change while a run trains" in capsys.readouterr().err
    assert len(list(root.glob("2*"))) == 2
    assert main(["train", "--repeat", "nope"]) == 2
