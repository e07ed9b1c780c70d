"""A replay file: what it holds, how small it is, and what a file that was tampered with does."""

import base64
import gzip
import re
from pathlib import Path

import pytest
from recorded import HOSTILE, STEPS, made_run

from sslviz.export.lesson import html_of
from sslviz.export.opened import opened
from sslviz.export.packed import packed
from sslviz.feed.bundle import read_bundle
from sslviz.methods import METHODS, card
from sslviz.refusal import Refusal
from sslviz.runs.read import snapshot_path
from sslviz.ui.replay.make import replay, replay_again


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_run(tmp_path_factory.mktemp("runs"))


@pytest.fixture(scope="module")
def file(folder: Path) -> bytes:
    return replay([folder], "en")


def test_a_file_holds_the_run_and_gives_it_back(folder: Path, file: bytes):
    (run,) = opened(file)
    assert run.run == folder.name and list(run.held.snapshots) == list(STEPS)
    assert run.held.config["seed"] == 7 and len(run.held.rows) == 41
    (again,) = opened(replay_again(file, "ko"))
    assert again.held == run.held


def test_a_file_names_no_address_and_lets_nothing_else_run(file: bytes):
    text = file.decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
    assert policy and policy[1].startswith("default-src 'none'; script-src 'sha256-")
    for place in re.findall(r"https?://[^\s\"'<)\\]+", text):
        assert place.startswith(("http://www.w3.org/",)), place
    assert HOSTILE not in text and len(file) < 600_000


def test_fewer_snapshots_are_kept_where_all_would_be_too_large(tmp_path: Path):
    folder = made_run(tmp_path)
    few = packed(folder, most=1)
    assert (len(few.held.snapshots), few.all_snapshots) == (4, 4)  # never fewer than eight


def test_damaged_snapshots_are_left_out_and_said(tmp_path: Path):
    folder = made_run(tmp_path)
    snapshot_path(folder, 10).write_bytes(b"PK\x03\x04 nothing")
    (run,) = opened(replay([folder], "en"))
    assert list(run.held.snapshots) == [0, 20, 40]
    assert "1 damaged snapshots of this run are left out." in run.held.status["notes"]


def test_runs_that_no_replay_is_made_of_are_one_sentence(tmp_path: Path, folder: Path):
    empty = made_run(tmp_path)
    for path in (empty / "snapshots").iterdir():
        path.unlink()
    spoiled = made_run(tmp_path, "spoiled")
    for path in (spoiled / "snapshots").iterdir():
        path.write_bytes(b"nothing")
    for runs, words in (
        ([], "A replay holds 1 to 4 runs, not 0."),
        ([folder, folder], "A replay holds each run once."),
        ([empty], f"The run {empty.name} has no snapshots to play back."),
        ([spoiled], f"The run {spoiled.name} has no snapshot that can be read."),
    ):
        with pytest.raises(Refusal) as refused:
            replay(runs, "en")
        assert str(refused.value) == words


def with_letters(file: bytes, letters: bytes) -> bytes:
    return re.sub(rb'(data-run="[^"]+">)[^<]+', rb"\g<1>" + letters, file)


def test_tampered_files_are_one_sentence(file: bytes):
    letters = re.search(rb'data-run="[^"]+">([^<]+)', file)
    assert letters is not None
    bundle = gzip.decompress(base64.b64decode(letters[1]))
    at = file.index(letters[1])

    def again(data: bytes) -> bytes:
        return with_letters(file, base64.b64encode(gzip.compress(data)))

    for data, words in (
        (b"<html>nothing</html>", "This is not a replay of sslviz."),
        (b"", "This is not a replay of sslviz."),
        (file[: at + 1000], "This replay is cut off."),
        (file[:at], "This replay is cut off."),
        (with_letters(file, letters[1][:2000]), "a run in it cannot be unpacked."),
        (with_letters(file, b"AAAA"), "a run in it cannot be unpacked."),
        (again(bundle[:500]), "This replay is cut off: "),
        (again(bundle.replace(b'"moco"', b'"evil"')), "method is 'evil'"),
        (again(bundle.replace(b'"finished"', b'"finishes"')), "no run writes its status so."),
    ):
        with pytest.raises(Refusal) as refused:
            replay_again(data, "en")
        assert words in str(refused.value) and "\n" not in str(refused.value)


def test_only_numbers_are_taken_from_a_file(file: bytes):
    evil = file.replace(b"<main></main>", b"<main></main><script>alert(1)</script>")
    evil = re.sub(rb'data-run="[^"]+"', b'data-run="../../x"', evil)
    again = replay_again(evil, "en")
    assert b"alert(1)" not in again and b"../../x" not in again
    assert read_bundle(read_letters(again)) == opened(file)[0].held


def read_letters(file: bytes) -> bytes:
    found = re.search(rb'data-run="replay">([^<]+)', file)
    assert found is not None
    return gzip.decompress(base64.b64decode(found[1]))


def test_every_formula_of_every_lesson_is_drawn():
    for name in METHODS:
        for language in ("en", "ko"):
            html = html_of(card(name).told(language))
            assert "<math" in html or "$" not in card(name).told(language)
            assert "<code>\\" not in html and "$" not in html, name


def test_markdown_fetches_nothing_and_obeys_no_html():
    html = html_of("![x](http://a/b.png) <script>alert(1)</script> [y](javascript:1) $\\frac{1}{$")
    assert "<img" not in html and "<script" not in html and "<a " not in html
    assert "<code>" in html
