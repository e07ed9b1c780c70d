"""One damaged record never harms another: every reader answers or refuses, whatever lies there."""

import json
import random
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from sslviz.evaluate.records import evaluation_path, list_evaluations
from sslviz.runs.status import list_runs, read_status
from sslviz.runs.store import read_config
from sslviz.ui.run_list import named_runs
from tests.runs.damage import KINDS, copied, damage, evaluation, files, restored, whole_run
from tests.runs.readers import command_line, get, read_all
from tests.trials import trials

ROOT = Path(__file__).parents[2]
DAMAGED = trials(520)
CROWD = 60


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return whole_run(tmp_path_factory.mktemp("model"), "model")


@pytest.fixture(scope="module", autouse=True)
def no_worker(tmp_path_factory: pytest.TempPathFactory):
    """A damaged queue may start a run: it then starts a process that ends at once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sslviz.runs.process.WORKER", "this")
        yield


def neighbours(root: Path, model: Path) -> Path:
    """A healthy run beside the damaged ones."""
    return Path(shutil.copytree(model, root / "20260101-000000-healthy-000000"))


@pytest.fixture(scope="module")
def pair(model: Path, tmp_path_factory: pytest.TempPathFactory):
    """A run to damage, and a healthy one beside it."""
    root = tmp_path_factory.mktemp("runs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSLVIZ_RUNS", str(root))
        yield copied(model, root), neighbours(root, model)


@settings(max_examples=DAMAGED)
@given(st.integers(0, 99), st.sampled_from(sorted(KINDS)), st.integers(0, 10_000))
def test_no_reader_fails_on_any_damage(
    model: Path, pair: tuple[Path, Path], file: int, kind: str, seed: int
):
    folder, healthy = pair
    try:
        damage(folder, file, kind, seed)
        read_all(folder.parent, folder, healthy)
    finally:
        restored(folder, model)
        shutil.rmtree(folder.parent / ".queue", ignore_errors=True)


def test_each_kind_damages_each_file_at_least_once_somewhere(model: Path):
    assert len(files(model)) * len(KINDS) < DAMAGED


@pytest.fixture(scope="module")
def crowd(model: Path, tmp_path_factory: pytest.TempPathFactory):
    """Many damaged runs beside a healthy one, each file in some way: the healthy, and all."""
    root = tmp_path_factory.mktemp("crowd")
    dice = random.Random(0)
    kinds = sorted(KINDS)
    damaged = []
    for k in range(CROWD):
        folder = copied(model, root, f"2026010{k % 9 + 1}-000000-damaged-{k:06d}")
        damage(folder, k, kinds[(k // len(files(model)) + k) % len(kinds)], dice.randrange(999))
        damaged.append(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSLVIZ_RUNS", str(root))
        yield neighbours(root, model), damaged


def test_the_command_line_lists_and_shows_with_one_sentence(crowd: tuple[Path, list[Path]]):
    healthy, damaged = crowd
    code, out, err = command_line("list")
    assert code == 0 and healthy.name in out and not err
    assert json.loads(command_line("list", "--json")[1])
    for k, folder in enumerate(damaged):
        code, out, err = command_line("show", folder.name, *(["--json"] if k % 2 else []))
        assert code in (0, 2) and err.count("\n") <= 1, err
        assert (code == 0) == (err == "") and (out == "") == (code == 2)
    assert command_line("show", healthy.name)[0] == 0


PAGES = {"learn/home.py": 1, "lab/evaluate.py": 8, "lab/train_live.py": 15}  # damaged runs shown


@pytest.mark.parametrize("page", PAGES)
def test_pages_show_a_crowd_of_damaged_runs(crowd: tuple[Path, list[Path]], page: str):
    healthy, damaged = crowd
    step = max(1, len(damaged) // PAGES[page])
    for folder in (healthy, *damaged[::step]):
        app = AppTest.from_file(str(ROOT / "pages" / page), default_timeout=120)
        app.query_params["run"] = app.query_params["runs"] = folder.name
        app.query_params["lang"] = "ko"
        app.run()
        assert not app.exception, (folder, app.exception)


def test_settings_of_a_newer_version_are_noted_and_the_run_works(model: Path, tmp_path: Path):
    folder = copied(model, tmp_path)
    config = json.loads((folder / "config.json").read_text())
    config |= {"momentum_schedule": "cosine"}
    config["method_knobs"] |= {"tau_end": 0.5}
    config["view1"] |= {"fog": 1.0}
    (folder / "config.json").write_text(json.dumps(config))
    assert read_config(folder) == read_config(model)
    status = read_status(folder)
    assert status["state"] == "finished"
    note = (
        "was written by a newer version; these settings are not known here: "
        "momentum_schedule, view1.fog, method.tau_end."
    )
    assert str(status["notes"][-1]) == f"{folder.name} {note}"


def test_a_run_of_a_newer_format_says_so_and_not_that_it_is_damaged(model: Path, tmp_path: Path):
    folder = copied(model, tmp_path)
    config = json.loads((folder / "config.json").read_text()) | {"format": 2}
    (folder / "config.json").write_text(json.dumps(config))
    (run,) = named_runs(tmp_path)
    told = "was written by a newer version and cannot be read here (format 2; this version reads"
    assert run["state"] == "broken" and f"{folder.name} {told} format 1)." == str(run["error"])


def test_a_path_that_is_not_utf_8_is_a_broken_run_with_the_reason(model: Path, tmp_path: Path):
    folder = copied(model, tmp_path)
    config = json.loads((folder / "config.json").read_text()) | {"data": "/photos/\udcff"}
    (folder / "config.json").write_text(json.dumps(config))
    (run,) = list_runs(tmp_path)
    assert run["state"] == "broken" and "UTF-8" in str(run["error"])
    str(run["error"]).encode()


def test_a_folder_whose_name_is_no_text_is_listed_as_broken(model: Path, tmp_path: Path):
    shutil.copytree(model, tmp_path / "\udcff run")
    (run,) = list_runs(tmp_path)
    assert run["state"] == "broken" and run["id"] == "\\udcff run"


def test_a_damaged_evaluation_stands_in_its_own_row(model: Path, tmp_path: Path):
    folder = copied(model, tmp_path)
    broken = evaluation(folder)
    path = evaluation_path(folder, broken)
    record = json.loads(path.read_text())
    path.write_text(json.dumps(record | {"confusion": [[1], [2]]}))
    found = {record["id"].rpartition("/")[2]: record for record in list_evaluations(folder)}
    assert found[broken]["state"] == "broken" and "confusion" in str(found[broken]["error"])
    assert sorted(r["state"] for r in found.values()) == ["broken", "finished"]


def test_damaged_lines_are_counted_in_a_note(model: Path, tmp_path: Path, monkeypatch):
    monkeypatch.setenv("SSLVIZ_RUNS", str(tmp_path))
    folder = copied(model, tmp_path)
    with (folder / "metrics.jsonl").open("a") as file:
        file.write('{"step": "x"}\nnonsense\n')
    with (folder / "events.jsonl").open("a") as file:
        file.write('{"step": 3}\n')
    status, body = get(f"/sslviz/runs/{folder.name}/feed")
    assert status == 200
    assert "3 damaged lines" in " ".join(json.loads(body)["status"]["notes"])
