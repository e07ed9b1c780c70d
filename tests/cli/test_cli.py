"""`python -m sslviz`, as a person at a terminal or a script meets it."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sslviz.__main__ import main
from sslviz.cli.parser import knob_list
from sslviz.cli.progress import duration, progress_words
from sslviz.config import RunConfig, settings_of
from sslviz.methods import METHODS
from sslviz.presets.catalogue import PRESETS, default
from sslviz.runs.store import (
    RunWriter,
    create_run,
)
from tests.cli.processes import start


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
    assert done.wait(300) == 0
    done.stderr.close()


def test_progress_is_words_with_units():
    status = {"step": 420, "steps": 1600, "state": "training", "images_per_second": 1540.2}
    status |= {"eta_seconds": 200.0, "message": None, "phase": None}
    assert progress_words(status, 8) == "[==      ] 420/1600  training  1540 img/s  3 min 20 s left"
    assert [duration(s) for s in (12, 89, 90, 7500)] == ["12 s", "89 s", "1 min 30 s", "2 h 5 min"]
