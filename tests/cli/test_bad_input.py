"""What cannot be done is one sentence and exit code 2, never a traceback."""

from pathlib import Path

import pytest

from sslviz.__main__ import main
from sslviz.runs.store import (
    read_status,
)
from tests.cli.processes import start

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


def test_bad_input_leaves_no_traceback_in_a_real_process(root: Path):
    done = start("train", "--set", "method.tau=hot")
    out, err = done.communicate(timeout=300)
    assert (done.returncode, out) == (2, "")
    assert err == "method.tau is 'hot'; it must be a number from 0.02 to 2.\n"


def test_a_run_that_cannot_train_exits_2_with_its_reason(
    root: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "-1")
    done = start("train", "--device", "cuda", "--steps", "2")
    out, err = done.communicate(timeout=300)
    assert done.returncode == 2 and "Traceback" not in err
    status = read_status(Path(out.splitlines()[-1]))
    assert status["state"] == "failed" and "CUDA" in str(status["error"])
    assert str(status["error"]) in err.splitlines()
