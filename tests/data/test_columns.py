"""A table beside a person's images: found, matched to file names, and never trusted."""

from pathlib import Path

import pytest

from sslviz.data.columns import columns
from sslviz.data.sources import FolderSource

NAMES = ("a/고양이.png", "a/dog.png", "b/dog.png", "b/bird.png")


def read(root: Path, table: bytes, name: str = "table.csv"):
    for path in NAMES:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(b"\x89PNG\r\n\x1a\n")
    (root / name).write_bytes(table)
    source = FolderSource(root)
    assert [entry.name for entry in source.entries] == sorted(NAMES)
    return [entry.name for entry in source.entries], *columns(source, source.entries)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_columns_of_any_encoding_colour_the_images_that_they_name(tmp_path: Path, encoding: str):
    rows = ["번호;파일;털색;무게", "1;고양이.png;검정;4.5", "2;A/DOG.PNG;흰색;20"]
    table = "\n".join([*rows, "3;b\\dog;검정;", "4;./b/bird.png;;0.5", ""])
    names, found, notes = read(tmp_path, table.encode(encoding))
    at = {name: place for place, name in enumerate(names)}
    assert list(found) == ["번호", "털색", "무게"]
    colour, weight = found["털색"], found["무게"]
    assert colour.names == ("검정", "흰색")
    assert [colour.values[at[name]] for name in NAMES] == [0, 1, 0, -1]
    assert weight.names == ("0.5", "20")
    assert [weight.values[at[n]] for n in NAMES] == pytest.approx([4 / 19.5, 1, -1, 0])
    assert "names 4 of 4 held-out images" in str(notes[0])


def test_a_name_that_two_files_share_names_neither(tmp_path: Path):
    _names, found, notes = read(tmp_path, b"file,x\ndog.png,1\nbird.png,2\n")
    assert found["x"].values.count(-1) == 3 and "names 1 of 4" in str(notes[0])


def test_many_values_are_the_most_frequent_and_others(tmp_path: Path):
    (tmp_path / "many").mkdir()
    rows = "\n".join(f"many/{k}.png,word {k}" for k in range(60))
    for k in range(60):
        (tmp_path / "many" / f"{k}.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / "t.csv").write_text(f"file,class\n{rows}\n")
    source = FolderSource(tmp_path)
    found, _notes = columns(source, source.entries)
    assert list(found) == ["class 2"] and len(found["class 2"].names) == 40


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (b"file,x\nnone.png,1\n", "is not used: none of its columns holds their file names"),
        (b"", "cannot be read"),
        (b"file\n", "cannot be read (it has no rows)"),
        (bytes(range(256)) * 40, "The table"),
    ],
)
def test_what_does_not_fit_is_one_sentence(tmp_path: Path, table: bytes, words: str):
    _names, found, notes = read(tmp_path, table)
    assert found == {} and len(notes) == 1 and words in str(notes[0])
    assert "\n" not in str(notes[0])
