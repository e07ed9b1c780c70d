"""`python -m sslviz sweep`, as a person at a terminal or a script meets it."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sslviz.__main__ import main
from sslviz.cli.parser import parser
from sslviz.cli.sweep import sweep_of
from sslviz.config import RunConfig
from sslviz.sweeps.axes import parse_axis
from sslviz.sweeps.classics import CLASSICS
from sslviz.sweeps.classics import recorded as records
from sslviz.sweeps.classics.recorded import own_settings
from sslviz.sweeps.folder import list_sweeps
from sslviz.sweeps.table import read_table
from tests.sweeps.made import made, small
from tests.waiting import until

TINY = ["--batch-size", "16", "--device", "cpu", "--set", "train_images=96"]
TINY += ["--set", "image_size=16", "--set", "probes=200"]
RUN = [sys.executable, "-m", "sslviz", "sweep"]

BAD = {
    "Cell 1 of 2 (method.nope 1) cannot be trained": ["--axis", "method.nope=1,2"],
    "Cell 3 of 4 (method.tau 99, batch_size 8": [
        *("--axis", "method.tau=0.1,99", "--axis", "batch_size=8"),
        *("--axis", "lr=0.1,0.2"),
    ],
    "This sweep has 10000 runs; at most 1000 are allowed.": [
        *("--axis", "steps=" + ",".join(map(str, range(1, 101)))),
        *("--seeds", ",".join(map(str, range(100)))),
    ],
    "is the same as cell 1": ["--axis", "lr=0.1,0.1"],
    "seeds is 'a'": ["--seeds", "a"],
    "protocol is 'magic'": ["--evaluate", "magic"],
    "transfer needs other data": ["--evaluate", "transfer"],
    "executor is 'abacus'": ["--executor", "abacus"],
    "'nope' is no op": ["--compose", "crop,nope"],
    "--compose makes its own axes": ["--compose", "crop", "--axis", "lr=0.1"],
    "There is no preset 'nope'": ["--preset", "nope"],
    "There is no experiment 'nope'; the experiments are composition": ["--classic", "nope"],
    "The experiment crop_colour has the parts SimCLR, BYOL": ["--classic", "crop_colour"],
    "--classic has its own axes": ["--classic", "temperature", "--axis", "lr=0.1"],
}


@pytest.mark.parametrize(("words", "flags"), BAD.items())
def test_a_bad_request_is_one_sentence_and_nothing_starts(
    words: str, flags: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sweep", "run", "--runs", str(tmp_path), *flags]) == 2
    said = capsys.readouterr()
    assert words in said.err and len(said.err.splitlines()) == 1 and not said.out
    assert not list(tmp_path.iterdir())


def test_a_sweep_trains_in_the_foreground_and_is_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    flags = ["--axis", "method.tau=0.1,0.5", "--steps", "3", "--runs", str(tmp_path), *TINY]
    done = subprocess.run(
        [*RUN, "run", "--preset", "simclr", *flags],
        capture_output=True,
        text=True,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr
    (folder,) = list_sweeps(tmp_path)
    assert done.stdout.splitlines()[-1] == str(folder)
    assert "2/2 runs" in done.stderr
    capsys.readouterr()
    assert main(["sweep", "show", folder.name, "--json", "--runs", str(tmp_path)]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert [row["state"] for row in shown["rows"]] == ["finished"] * 2
    assert [row["axes"] for row in shown["rows"]] == [{"method.tau": 0.1}, {"method.tau": 0.5}]
    assert shown["cells"][1]["metrics"]["knn_h"]["n"] == 1
    assert main(["sweep", "show", str(folder)]) == 0
    text = capsys.readouterr().out
    assert "2/2 runs" in text and "method.tau 0.5" in text and "knn_h" in text


def test_ctrl_c_saves_every_run_and_says_how_to_go_on(tmp_path: Path) -> None:
    flags = ["--seeds", "0,1", "--steps", "1000000", "--runs", str(tmp_path), *TINY]
    process = subprocess.Popen(
        [*RUN, "run", *flags],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"OMP_NUM_THREADS": "1", "SSLVIZ_MAX_RUNS": "1"},
    )
    until(lambda: any(row.state == "training" for f in list_sweeps(tmp_path)
                      for row in read_table(f).rows))  # fmt: skip
    process.send_signal(signal.SIGINT)
    out, err = process.communicate()
    (folder,) = list_sweeps(tmp_path)
    assert process.returncode == 130 and out.splitlines() == [str(folder)]
    assert f"sweep resume {folder}" in err
    assert [row.state for row in read_table(folder).rows] == ["stopped", "waiting"]


def test_a_sweep_is_exported_where_one_asks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = made(tmp_path, small(parse_axis("method.tau=0.1,0.5")), lambda tau, seed: tau)
    out = tmp_path / "all.csv"
    assert main(["sweep", "export", str(folder), "--to", "csv", "--out", str(out)]) == 0
    assert [line.split(",")[2] for line in out.read_text().splitlines()] == [
        "method.tau",
        "0.1",
        "0.5",
    ]
    assert main(["sweep", "export", str(folder), "--to", "xls", "--out", str(out)]) == 2
    assert main(["sweep", "stop", folder.name, "--runs", str(tmp_path)]) == 2
    assert main(["sweep", "show", "../../etc", "--runs", str(tmp_path)]) == 2
    said = capsys.readouterr().err.splitlines()
    assert [line.split()[0] for line in said] == ["to", "The", "There"]


def test_the_classic_experiments_are_told_with_what_came_of_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = [
        (own_settings(config), config.method_config().tau, seed)
        for _, _, config in CLASSICS["temperature"].configs()
        for seed in (0, 1)
    ]
    lines = [
        {"settings": own, "seed": seed, "metrics": {"knn_h": 0.6 + 0.3 * (tau == 0.1) + seed / 99}}
        for own, tau, seed in runs
    ]
    file = tmp_path / "classics.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    monkeypatch.setattr(records, "FILE", file)
    assert main(["sweep", "classics"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert len(told) == len(CLASSICS)
    (mine,) = [line for line in told if line.startswith("temperature")]
    assert mine.endswith("3 same direction, 1 not recorded")
    assert main(["sweep", "classics", "temperature"]) == 0
    assert "[same direction] 0.1 is better than 0.05. paper +4.7 pp here +30 pp" in (
        capsys.readouterr().out
    )
    assert main(["sweep", "classics", "temperature", "--json"]) == 0
    (facts,) = json.loads(capsys.readouterr().out)
    assert [claim["verdict"] for claim in facts["claims"]].count("same direction") == 3
    assert main(["sweep", "classics", "nope"]) == 2


def test_a_part_of_an_experiment_is_a_sweep_of_its_own() -> None:
    flags = ["sweep", "run", "--classic", "crop_colour/BYOL", "--seeds", "3,4"]
    made = sweep_of(parser().parse_args(flags), RunConfig)
    assert made.base.method == "byol" and made.seeds == (3, 4) and made.count() == 8
    assert made.name == CLASSICS["crop_colour"].title
