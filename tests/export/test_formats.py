"""Films, figures and tables: made of a run's own numbers, readable by what reads such files."""

import csv
import json
import shutil
import struct
import subprocess
import sys
import zipfile
from io import BytesIO, StringIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from recorded import HOSTILE, STEPS, N, made_run

from sslviz.export import pen
from sslviz.export.arrays import Recorded
from sslviz.export.film import Film, Scene, frames
from sslviz.export.formats import Wanted, made
from sslviz.export.inks import rgb
from sslviz.export.marks import OUTLINES
from sslviz.export.tables import as_csv
from sslviz.export.whole import KNN, LOSS, PAIRS
from sslviz.refusal import Refusal
from sslviz.runs.read import read_metrics, read_snapshot, snapshot_path
from sslviz.ui.replay.film_words import film_language, film_words
from sslviz.ui.theme import drawn_with

LOOK = drawn_with("light")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_run(tmp_path_factory.mktemp("runs"))


def file_of(folder: Path, kind: str, panel: str = "", step: int | None = None) -> bytes:
    return made(Recorded(folder), kind, Wanted(LOOK, panel, step, said=film_words(folder, "en")))


def lines(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(data.decode("utf-8-sig"))))


def test_metrics_and_coordinates_are_those_of_the_folder(folder: Path):
    rows = lines(file_of(folder, "csv"))
    assert [float(row["loss"]) for row in rows] == [row["loss"] for row in read_metrics(folder)]
    table = lines(file_of(folder, "csv", "coordinates", step=15))
    places = read_snapshot(folder, 10)["layout_h_pca"]
    assert [float(row["h_pca_y"]) for row in table] == places[:, 1].astype(float).tolist()
    assert {row["step"] for row in table} == {"10"}
    assert [row["class"] for row in table[:2]] == ["left", HOSTILE]
    assert float(table[-1]["size"]) == 1.0


def test_a_name_is_no_formula_of_a_spreadsheet():
    text = as_csv({"=1+1": ['=HYPERLINK("http://a")', "+1", "x", -2.5]}).decode("utf-8-sig")
    assert text.splitlines() == ["'=1+1", '"\'=HYPERLINK(""http://a"")"', "'+1", "x", "-2.5"]


def test_parquet_reads_back(folder: Path):
    parquet = pytest.importorskip("pyarrow.parquet")
    table = parquet.read_table(BytesIO(file_of(folder, "parquet", "coordinates")))
    assert table.num_rows == N and table.column("class")[1].as_py() == HOSTILE


def test_tensorboard_has_scalars_and_a_map_with_images(folder: Path):
    with zipfile.ZipFile(BytesIO(file_of(folder, "tensorboard"))) as archive:
        names = archive.namelist()
        events = archive.read(next(name for name in names if "tfevents" in name))
        metadata = archive.read("metadata.tsv").decode().splitlines()
        vectors = archive.read("h_pca.tsv").decode().splitlines()
        sprite = Image.open(BytesIO(archive.read("sprite.png")))
        config = archive.read("projector_config.pbtxt").decode()
    assert len(metadata) == N + 1 and len(vectors) == N and sprite.size == (80, 80)
    assert 'tensor_path: "h_pca.tsv"' in config and "single_image_dim: 16" in config
    # the checksum of eight bytes is known from the format's own tests: the length of the first
    length = struct.unpack("<Q", events[:8])[0]
    assert b"brain.Event:2" in events[12 : 12 + length]
    assert events.count(b"loss") >= 41


def test_films_move_from_the_first_to_the_last_snapshot(folder: Path):
    film = Image.open(BytesIO(file_of(folder, "webp")))
    count = 1 + 6 * (len(STEPS) - 1) + 18
    assert (film.format, film.size) == ("WEBP", (960, 640))
    assert 1 < film.n_frames <= count  # equal frames are one that stands longer
    gif = Image.open(BytesIO(file_of(folder, "gif")))
    assert gif.format == "GIF" and gif.n_frames > len(STEPS)
    drawn = drawn_in("en", folder, tween=2)
    assert len(drawn) == 7 and drawn[0].tobytes() != drawn[-1].tobytes()


def drawn_in(language: str, folder: Path, page: str = "light", **film) -> list[Image.Image]:
    words = film_words(folder, language)
    return list(frames(Scene(Recorded(folder), drawn_with(page), words, Film(hold=0, **film))))


def part(picture: Image.Image, box: tuple[float, ...]) -> bytes:
    return picture.crop(tuple(map(int, box))).tobytes()


def test_the_whole_view_moves_with_its_panels(folder: Path):
    film = Image.open(BytesIO(file_of(folder, "webp", "whole")))
    assert (film.format, film.size) == ("WEBP", (1280, 720))
    first, *_between, last = drawn_in("en", folder, whole=True, tween=1)
    for box in (LOSS, KNN, Film(whole=True).room):
        assert part(first, box) != part(last, box), box
    assert part(first, PAIRS) == part(last, PAIRS)  # the recorded pairs are the same at each step
    dark = drawn_in("en", folder, "dark", whole=True, tween=1)[-1]
    assert last.getpixel((2, 2)) == (252, 252, 250) and dark.getpixel((2, 2)) == (20, 24, 29)


def test_a_film_speaks_korean_where_there_is_a_font_and_english_where_there_is_none(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    words = film_words(folder, "ko")
    assert (words.loss == "손실(loss)") == (film_language("ko") == "ko")
    monkeypatch.setattr(pen, "WIDE", ())
    pen.wide_font.cache_clear()
    assert film_language("ko") == "en" and film_words(folder, "ko").loss == "Loss"
    pen.wide_font.cache_clear()


def test_what_a_run_has_not_measured_stays_empty(tmp_path: Path):
    bare = made_run(tmp_path)
    rows = [{"step": step, "seconds": 1.0, "loss": float("nan")} for step in STEPS]
    (bare / "metrics.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    for step in STEPS:
        with np.load(snapshot_path(bare, step)) as arrays:
            kept = {name: arrays[name] for name in arrays if name.startswith("layout_")}
        np.savez(snapshot_path(bare, step), **kept)
    assert len(drawn_in("en", bare, whole=True, tween=1)) == len(STEPS)


def test_a_long_run_is_a_short_film(folder: Path, tmp_path: Path):
    long = tmp_path / folder.name
    shutil.copytree(folder, long)
    for step in range(41, 141):
        shutil.copy(snapshot_path(long, 40), snapshot_path(long, step))
    known = [step for step, _arrays in Recorded(long).whole_snapshots(40)]
    assert len(known) == 40 and (known[0], known[-1]) == (0, 140)


def test_cosines_are_told_apart_in_grey():
    light = [np.dot(rgb(stop), (0.299, 0.587, 0.114)) for stop in LOOK["printed"]]
    assert light == sorted(light) and min(np.diff(light)) > 25


def test_every_marker_of_the_browser_is_drawn():
    for name, outline in OUTLINES.items():
        size = np.ptp(np.array(outline), axis=0)
        assert len(outline) >= 3 and (size > 0.8).all() and (size < 2.6).all(), name


def test_figures_are_vectors_with_text_and_fonts_that_can_be_embedded(folder: Path):
    pytest.importorskip("matplotlib")
    for panel in ("embedding", "matrix", "histogram", "collapse", "loss", "knn", "probes"):
        svg = file_of(folder, "svg", panel, step=20).decode()
        assert "<text" in svg and "step 20" in svg and "MoCo on shapes, seed 7" in svg, panel
    assert HOSTILE not in file_of(folder, "svg", "embedding").decode()
    pdf = file_of(folder, "pdf", "knn")
    assert pdf.startswith(b"%PDF") and b"/Type3" not in pdf
    assert Image.open(BytesIO(file_of(folder, "png", "loss"))).format == "PNG"
    assert file_of(folder, "svg", "loss") == file_of(folder, "svg", "loss")


def test_a_zip_is_the_run_without_this_machines_processes(folder: Path, tmp_path: Path):
    (folder / "inbox" / "1.json").write_text("{}")
    with zipfile.ZipFile(BytesIO(file_of(folder, "zip"))) as archive:
        names = {Path(name).relative_to(folder.name).as_posix() for name in archive.namelist()}
        archive.extractall(tmp_path)
    assert {"config.json", "images.npz", "snapshots/00000040.npz"} <= names
    assert not names & {"lease.json", "launch.json", "inbox/1.json"}
    assert read_metrics(tmp_path / folder.name) == read_metrics(folder)


def test_what_cannot_be_made_is_one_sentence(folder: Path, tmp_path: Path):
    spoiled = made_run(tmp_path)
    for step in STEPS:
        snapshot_path(spoiled, step).write_bytes(b"nothing")
    run = Recorded(folder)
    for asked, words in (
        ((run, "docx", Wanted(LOOK)), "There is no format 'docx'; formats: html, webp"),
        ((run, "csv", Wanted(LOOK, space="q")), "space is 'q'; it must be h or z."),
        ((run, "svg", Wanted(LOOK, "cake")), "There is no figure of 'cake'; figures: embedding"),
        ((run, "gif", Wanted(LOOK, "cake")), "There is no film of 'cake'; films: embedding, whole"),
        (
            (Recorded(spoiled), "gif", Wanted(LOOK, said=film_words(spoiled, "en"))),
            "has no snapshot that can be read.",
        ),
    ):
        with pytest.raises(Refusal, match=words.replace("[", r"\[")):
            made(*asked)


def test_the_command_writes_a_file_without_torch(folder: Path, tmp_path: Path):
    out = tmp_path / "run.html"
    code = (
        "import sys\nfrom sslviz.__main__ import main\n"
        f"code = main(['export', {str(folder)!r}, '--out', {str(out)!r}, '--lang', 'ko'])\n"
        "assert code == 0\nassert 'torch' not in sys.modules and 'umap' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert "MB" in done.stdout and out.read_bytes().startswith(b'<!doctype html>\n<html lang="ko"')
