"""A sweep for other programs, and how long it takes."""

import csv
import io
from pathlib import Path

import pytest

from sslviz.refusal import Refusal
from sslviz.sweeps.axes import parse_axis
from sslviz.sweeps.estimate import seconds_an_image, seconds_of
from sslviz.sweeps.export import export, flat
from sslviz.sweeps.sweep import unfold
from sslviz.sweeps.table import progress, read_table
from tests.sweeps.made import made, small

SWEEP = small(parse_axis("method.tau=0.1,0.5"), parse_axis("standardise=on,off"), seeds=(0, 1))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return made(tmp_path, SWEEP, lambda tau, seed: tau + seed / 10, leave=1)


def test_cells_have_means_and_deviations_of_what_has_finished(folder: Path) -> None:
    table = read_table(folder)
    first, *_, last = table.cells()
    assert first["axes"] == {"method.tau": 0.1, "standardise": True}
    assert first["metrics"]["knn_h"] == {
        "mean": pytest.approx(0.15),
        "deviation": pytest.approx(0.05 * 2**0.5),
        "n": 2,
    }
    assert (last["finished"], last["runs"], last["metrics"]["knn_h"]["n"]) == (1, 2, 1)
    assert last["metrics"]["knn_h"]["deviation"] is None
    facts = progress(table)
    assert (facts["state"], facts["finished"], facts["runs"]) == ("idle", 7, 8)


def test_csv_has_the_rows_of_show(folder: Path, tmp_path: Path) -> None:
    table = read_table(folder)
    export(table, "csv", tmp_path / "out.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text())))
    shown = table.to_json()["rows"]
    assert len(rows) == len(shown) == 8
    for row, facts in zip(rows, shown, strict=True):
        flat_row = {k: v for k, v in facts.items() if k not in ("axes", "metrics")}
        flat_row |= facts["axes"] | facts["metrics"]
        assert {k: v for k, v in row.items() if v} == {
            k: str(v) for k, v in flat_row.items() if v is not None
        }
    export(table, "csv", tmp_path / "steps.csv", every_step=True)
    assert len((tmp_path / "steps.csv").read_text().splitlines()) == 1 + 7


def test_parquet_and_tensorboard_hold_the_same_numbers(folder: Path, tmp_path: Path) -> None:
    table = read_table(folder)
    parquet = pytest.importorskip("pyarrow.parquet")
    export(table, "parquet", tmp_path / "out.parquet")
    read = parquet.read_table(tmp_path / "out.parquet").to_pylist()
    assert [row["knn_h"] for row in read] == [row.get("knn_h") for row in flat(table)]
    reader = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    export(table, "tensorboard", tmp_path / "events")
    found = {}
    for place in (tmp_path / "events").iterdir():
        events = reader.EventAccumulator(str(place)).Reload()
        found[place.name] = events.Scalars("knn_h")[-1].value
    assert len(found) == 7
    assert found["method.tau=0.1,standardise=True,seed=1"] == pytest.approx(0.2)


def test_what_cannot_be_written_is_one_sentence(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = read_table(folder)
    with pytest.raises(Refusal, match="it must be one of csv, parquet, tensorboard"):
        export(table, "xls", tmp_path / "out")
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(Refusal, match="Parquet files need pyarrow"):
        export(table, "parquet", tmp_path / "out")
    with pytest.raises(Refusal, match="cannot be used"):
        export(table, "csv", tmp_path / "no" / "such" / "folder.csv")


def test_the_time_is_told_from_runs_that_trained_here(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSLVIZ_MAX_RUNS", "2")
    known = seconds_an_image(tmp_path)
    assert seconds_of(unfold(SWEEP), known) == (pytest.approx(8 * 2.0 / 2), True)
    other = small(parse_axis("method=byol,simsiam"))
    assert seconds_of(unfold(other), known) == (pytest.approx(2 * 2.0 / 2), False)
    assert seconds_of(unfold(small(backbone="resnet18")), known) == (None, False)
