"""Paths as people paste them lead to the same folder; what leads nowhere is one clear sentence."""

import unicodedata
from pathlib import Path

import pytest

from sslviz.data.paths import located
from sslviz.refusal import Refusal


@pytest.fixture
def place(tmp_path):
    root = tmp_path / "my 강아지 (1)"
    root.mkdir()
    return root


@pytest.mark.parametrize(
    "written",
    [
        "{path}",
        "  {path}\n",
        '"{path}"',
        "'{path}'",
        ' "{path}" ',
        "“{path}”",
        "`{path}`",
        "{path}/",
        "file://{quoted}",
        "file:{quoted}",
        "file://localhost{quoted}",
        '"file://{quoted}"',
        "FILE://{path}",
        "{escaped}",
        "{windows}",
        "{apart}",
    ],
)
def test_every_way_to_write_a_path_leads_there(place, written):
    path = str(place)
    text = written.format(
        path=path,
        quoted=place.as_uri().removeprefix("file://"),
        escaped=path.replace(" ", "\\ ").replace("(", "\\(").replace(")", "\\)"),
        windows=path.replace("/", "\\"),
        apart=unicodedata.normalize("NFD", path),
    )
    assert located(text) == place


def test_the_home_folder_and_relative_paths(place, monkeypatch):
    monkeypatch.setenv("HOME", str(place.parent))
    monkeypatch.chdir(place.parent)
    assert (
        located(f"~/{place.name}") == located(f'"~/{place.name}"') == located(place.name) == place
    )


def test_a_name_with_quotes_or_spaces_around_it_is_found_as_it_is(tmp_path):
    for name in (" pets ", "'pets'", "a\\b"):
        (tmp_path / name).mkdir()
        assert located(str(tmp_path / name)) == tmp_path / name


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "data is ''; it must be one of shapes"),
        ("   ", "it must be one of shapes"),
        ('""', "it must be one of shapes"),
        ("file://", "There is nothing at file://"),
        ("nowhere", "data is 'nowhere'; it must be one of shapes"),
        ("/no/such/folder", "There is nothing at /no/such/folder; data must be a folder or a zip"),
        ("C:\\pets", "There is nothing at C:"),
        ("~nobody-at-all/pets", "There is no user nobody-at-all on this machine"),
        ('"~nobody-at-all/pets"', "There is no user nobody-at-all on this machine"),
        ("a\0b", "it must be one of shapes"),
        ("x/" * 5000, "There is nothing at x/"),
    ],
)
def test_what_leads_nowhere_is_one_sentence(text, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Refusal) as refusal:
        located(text)
    assert words in str(refusal.value)
    assert "\n" not in str(refusal.value) and len(str(refusal.value)) < 300


def test_the_answer_is_absolute(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pets").mkdir()
    assert located("pets") == Path(tmp_path, "pets")
