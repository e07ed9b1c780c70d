"""`python -m sslviz`, as a person at a terminal or a script meets it."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from multiprocessing.pool import ThreadPool
from pathlib import Path

import pytest

from sslviz.__main__ import main
from sslviz.cli import train as cli_train
from sslviz.cli.parser import knob_list
from sslviz.cli.progress import duration, progress_words
from sslviz.config import RunConfig, settings_of
from sslviz.methods import METHODS
from sslviz.presets.catalogue import PRESETS, default
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

TINY = ["--batch-size", "16", "--device", "cpu", "--set", "train_images=256"]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SSLVIZ_RUNS", str(tmp_path))
    return tmp_path


def start(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "sslviz", *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, start_new_session=True)


def until(condition: Callable[[], bool]) -> None:
    """Waits for what must come; the 120 s only end a broken test."""
    end = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_help_names_every_knob_with_its_bounds(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as exit:
        main(["train", "--help"])
    assert exit.value.code == 0
    text = capsys.readouterr().out
    assert knob_list() in text
    for method in METHODS:
        for name in settings_of(default(method)):
            shown = re.sub(r"^view\d", "view", name)
            assert re.search(
                rf"^  {re.escape(shown)} .*(from|one of|true or false|text)", text, re.M | re.I
            )
    assert "method.tau" in text and "[live]" in text


ODD = ("inf", "-inf", "nan", "1e400", "-1e400", "9" * 5000, "0x10", "", " ", "é", "\0")
BAD = [
    ["train", "--method", "nope"],
    ["train", "--steps", "many"],
    ["train", "--batch-size", "1"],
    ["train", "--seed", "-1"],
    ["train", "--device", "toaster"],
    ["train", "--preset", "nope"],
    ["train", "--config", "/no/such/file"],
    ["train", "--config", "/"],
    ["train", "--set", "method.tau"],
    ["train", "--set", "method.tau=9"],
    ["train", "--set", "methods.tau=1"],
    ["train", "--set", "nope=1"],
    ["train", "--set", "view1.crop_scale_min=0.9", "--set", "view1.crop_scale_max=0.1"],
    ["train", "--bogus"],
    ["train", "--runs", "/dev/null/x"],
    ["show", "nope"],
    ["show", "../../etc"],
    ["show", "a\0b"],
    ["pause", "nope"],
    ["resume", ""],
    ["stop", "."],
    ["set", "nope", "method.tau", "0.1"],
    ["fly"],
    [],
    *[["train", flag, text] for flag in ("--steps", "--batch-size", "--seed") for text in ODD],
    *[["train", "--set", f"{name}={text}"] for name in ("lr", "view.hue") for text in ODD],
    *[["evaluate", "nope", flag, text] for flag in ("--labels", "--seeds") for text in ODD],
    ["set", "nope", "lr", "9" * 5000],
    ["show", "x" * 5000],
    ["show", "\udcff"],
    ["train", "--data", "\udcff/x"],
    ["train", "--repeat", "\udcff"],
]


@pytest.mark.parametrize("arguments", BAD, ids=lambda words: ascii(" ".join(words))[:60])
def test_bad_input_is_one_sentence_and_exit_code_2(
    root: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
):
    try:
        code = main(arguments)
    except SystemExit as exit:
        code = exit.code
    out, err = capsys.readouterr()
    assert code == 2 and out == ""
    assert err.count("\n") == 1 and len(err.split()) > 3 and "Traceback" not in err


CONFIGS = {
    "deep": "[" * 100_000,
    "a deep value": '{"lr": ' + "[" * 100_000 + "]" * 100_000 + "}",
    "Infinity": '{"lr": Infinity}',
    "NaN": '{"lr": NaN}',
    "1e400": '{"lr": 1e400}',
    "many digits": '{"seed": ' + "9" * 5000 + "}",
    "half a character": '{"data": "\\ud800"}',
    "a zero byte": '{"data": "\\u0000"}',
    "no table": "[1, 2]",
    "nothing": "",
    "twice": '{"lr": 0.1} {"lr": 0.2}',
}


@pytest.mark.parametrize("config", CONFIGS)
def test_a_config_that_is_none_is_one_sentence(root: Path, capsys, tmp_path: Path, config: str):
    path = tmp_path / "config.json"
    path.write_text(CONFIGS[config])
    assert main(["train", "--config", str(path)]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1 and len(err) < 600 and "Traceback" not in err
    assert not list(root.glob("2*"))


def test_on_a_terminal_that_knows_ascii_only(root: Path, tmp_path: Path):
    """Names that it cannot show are written with backslashes; every command works."""
    writer = RunWriter(create_run(RunConfig(data="/사진/é"), root, "é"))
    writer.metrics({"step": 0, "loss": 2.0})
    writer.release()
    ascii_only = os.environ | {"PYTHONIOENCODING": "ascii:strict", "LC_ALL": "C", "PYTHONUTF8": "0"}
    for arguments, wanted in (
        (["list"], 0),
        (["show", writer.folder.name], 0),
        (["train", "--data", "/사진/nowhere"], 2),
        (["train", "--help"], 0),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "sslviz", *arguments], capture_output=True, env=ascii_only
        )
        assert done.returncode == wanted, done.stderr
        assert done.stdout.isascii() and done.stderr.isascii()
        assert done.stderr.count(b"\n") == (1 if wanted else 0)


def test_bad_input_leaves_no_traceback_in_a_real_process(root: Path):
    done = start("train", "--set", "method.tau=hot")
    out, err = done.communicate(timeout=120)
    assert (done.returncode, out) == (2, "")
    assert err == "method.tau is 'hot'; it must be a number from 0.02 to 2.\n"


def test_training_in_the_foreground_ends_with_the_folder(root: Path):
    done = start("train", "--method", "byol", "--steps", "6", "--seed", "3", *TINY)
    out, err = done.communicate(timeout=240)
    assert done.returncode == 0, err
    folder = Path(out.splitlines()[-1])
    assert folder.parent == root and read_status(folder)["state"] == "finished"
    assert "6/6" in err and "Traceback" not in err
    config = read_config(folder)
    wanted = default("byol").with_settings(
        {"steps": 6, "seed": 3, "batch_size": 16, "device": "cpu", "train_images": 256}
    )
    assert config == RunConfig.from_json(wanted.to_json())
    rows = read_metrics(folder)
    assert rows[0]["step"] == 0 and rows[-1]["step"] == 6


def test_control_c_keeps_a_checkpoint_and_resume_goes_on_from_it(root: Path):
    first = start("train", "--steps", "100000", *TINY)
    until(lambda: any(read_status(f.parent)["step"] > 3 for f in root.glob("2*/status.json")))
    first.send_signal(signal.SIGINT)
    out, err = first.communicate(timeout=120)
    folder = Path(out.splitlines()[-1])
    assert first.returncode == 130 and "Traceback" not in err
    assert f"python -m sslviz resume {folder}" in err
    stopped = read_status(folder)
    assert stopped["state"] == "stopped"

    second = start("resume", folder.name)
    until(lambda: read_status(folder)["step"] > stopped["step"])
    second.send_signal(signal.SIGINT)
    assert second.communicate(timeout=120)[0].splitlines()[-1] == str(folder)
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
    out, err = done.communicate(timeout=240)
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


def test_a_run_that_cannot_train_exits_2_with_its_reason(
    root: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "-1")
    done = start("train", "--device", "cuda", "--steps", "2")
    out, err = done.communicate(timeout=240)
    assert done.returncode == 2 and "Traceback" not in err
    status = read_status(Path(out.splitlines()[-1]))
    assert status["state"] == "failed" and "CUDA" in str(status["error"])
    assert str(status["error"]) in err.splitlines()


def test_list_and_show_read_what_is_there(root: Path, capsys: pytest.CaptureFixture[str]):
    writer = RunWriter(create_run(RunConfig(seed=4), root, "first"))
    writer.metrics({"step": 0, "loss": 2.0, "knn_h": 0.25})
    writer.metrics({"step": 1, "loss": 1.0, "knn_h": None})
    broken = create_run(RunConfig(), root, "second")
    (broken / "config.json").write_text("{")
    capsys.readouterr()
    assert main(["list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 and "broken" in lines[0] and writer.folder.name in lines[1]
    assert main(["list", "--json"]) == 0
    assert [run["seed"] for run in json.loads(capsys.readouterr().out) if "seed" in run] == [4]
    assert main(["show", writer.folder.name, "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["metrics"] == {"step": 1, "loss": 1.0, "knn_h": 0.25}
    assert main(["show", str(writer.folder)]) == 0
    assert "seed 4" in capsys.readouterr().out
    assert main(["show", broken.name]) == 2
    writer.release()


def test_a_config_file_and_settings_make_the_config(root: Path, tmp_path: Path):
    from sslviz.cli.parser import config_of, parser

    path = tmp_path / "config.json"
    path.write_text(json.dumps(RunConfig(seed=9, lr=0.5).to_json()))
    flags = ["train", "--config", str(path), "--steps", "7", "--set", "view.hue=0.3"]
    config = config_of(parser().parse_args(flags))
    assert (config.seed, config.lr, config.steps) == (9, 0.5, 7)
    assert (config.view1.hue, config.view2.hue) == (0.3, 0.3)
    for name, preset in PRESETS.items():
        assert config_of(parser().parse_args(["train", "--preset", name])) == preset.config


def test_help_of_the_whole_program_stays_free_of_torch(root: Path):
    script = "import sys, sslviz.__main__; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout == "False\n", done.stderr


def test_a_reader_that_goes_away_is_no_error(root: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)
    for _ in range(3):
        create_run(RunConfig(), root)
    done = start("list", "--json")
    assert done.stdout is not None and done.stderr is not None
    done.stdout.close()
    assert done.stderr.read() == ""
    assert done.wait(120) == 0
    done.stderr.close()


def test_progress_is_words_with_units():
    status = {"step": 420, "steps": 1600, "state": "training", "images_per_second": 1540.2}
    status |= {"eta_seconds": 200.0, "message": None, "phase": None}
    assert progress_words(status, 8) == "[==      ] 420/1600  training  1540 img/s  3 min 20 s left"
    assert [duration(s) for s in (12, 89, 90, 7500)] == ["12 s", "89 s", "1 min 30 s", "2 h 5 min"]
