"""Talks: what a file of slides must be, and what it becomes."""

import subprocess
import sys
from pathlib import Path

import pytest
from recorded import made_run

from sslviz.cli.talk import SEMINAR
from sslviz.export.arrays import Recorded
from sslviz.export.formats import Wanted, made
from sslviz.export.talk import read_talk, runs_of
from sslviz.refusal import Refusal
from sslviz.ui.replay.make import talk

HEAD = 'title = {en = "A talk", ko = "발표"}\n'
SLIDE = '[[slides]]\ntitle = {en = "One", ko = "하나"}\n'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a run and its bundle: `shown.sslviz`."""
    root = tmp_path_factory.mktemp("runs")
    run = made_run(root)
    (root / "shown.sslviz").write_bytes(made(Recorded(run), "sslviz", Wanted({})))
    return root


def test_a_talk_is_one_offline_file_with_its_formulas_and_runs(folder: Path):
    file = folder / "talk.toml"
    text = (
        'text = {en = "$\\\\frac{1}{2}$ <b>", ko = "둘"}\nrun = "shown"\npanel = "knn"\nstep = 15\n'
    )
    file.write_text(HEAD + SLIDE + SLIDE + text, encoding="utf-8")
    body = talk(file, folder, "ko").decode()
    assert body.startswith('<!doctype html>\n<html lang="ko"')
    assert body.count("<mfrac>") == 1 and "&lt;b&gt;" in body
    assert body.count('<script type="application/octet-stream"') == 1


def test_a_run_may_be_one_of_this_machine(folder: Path):
    run = next(path.name for path in folder.iterdir() if path.is_dir())
    file = folder / "own.toml"
    file.write_text(HEAD + SLIDE + f'run = "{run}"\n', encoding="utf-8")
    assert [found.run for found in runs_of(read_talk(file), file, folder)] == [run]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEAD, "bad.toml: slides is missing"),
        (HEAD + "slides = []\n", "The talk bad.toml has no slides."),
        (HEAD + SLIDE + "picture = 1\n", "bad.toml: slides[1].picture is not a key"),
        (HEAD + '[[slides]]\ntitle = {en = "One"}\n', "bad.toml: slides[1].title.ko is missing"),
        (HEAD + SLIDE + 'panel = "cake"\n', "bad.toml: slides[1].panel is 'cake'"),
        (HEAD + SLIDE + 'run = "none"\n', "bad.toml, slide 1: There is no run 'none'."),
        (HEAD + SLIDE + 'run = "../x"\n', "bad.toml, slide 1: There is no run '../x'."),
        (HEAD + SLIDE + "live = true\n", "slide 1: A live slide needs a recorded run to fall back"),
        (HEAD + SLIDE + 'run = "torn"\n', "bad.toml, slide 1: This replay is damaged"),
        (
            HEAD + SLIDE + 'run = "shown"\nstep = 99\n',
            "has snapshots from step 0 to 40, not of 99.",
        ),
        ("title = {", "bad.toml is not valid TOML"),
        (HEAD + "x = " + "[" * 3000 + "]" * 3000, "bad.toml is nested too deeply."),
        (HEAD + HEAD + SLIDE, "bad.toml is not valid TOML: Cannot overwrite a value"),
        (HEAD + SLIDE + 'run = "shown"\nstep = nan\n', "slides[1].step is nan"),
        (HEAD + SLIDE + 'run = "a\\u0000b"\n', "slide 1: There is no run 'a\\x00b'."),
    ],
)
def test_what_is_wrong_with_a_talk_is_one_sentence(folder: Path, text: str, words: str):
    (folder / "torn.sslviz").write_bytes((folder / "shown.sslviz").read_bytes()[:500])
    file = folder / "bad.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Refusal) as refused:
        talk(file, folder, "en")
    assert words in str(refused.value)


def test_the_seminar_is_whole_and_small():
    command = [sys.executable, "-m", "sslviz", "talk", "--check"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(talk(SEMINAR, SEMINAR.parent, "en")) < 10_000_000
