"""Zips of images: what points outside, unpacks to too much, is protected, torn or no zip at all."""

import re
import zipfile

import pytest

from sslviz.data import zips
from sslviz.refusal import Refusal
from tests.data.made import pets, png, told, zipped


def test_links_in_a_zip_are_left_out(tmp_path, load):
    path = zipped(tmp_path / "pets.zip", pets())
    with zipfile.ZipFile(path, "a") as file:
        link = zipfile.ZipInfo("cat/link.png")
        link.external_attr = 0o120777 << 16
        file.writestr(link, "/etc/passwd")
    data = load(path)
    assert len(data.train) + len(data.test) == 42


@pytest.mark.parametrize(
    "name", ["../evil.png", "cat/../../evil.png", "/etc/evil.png", "..\\e.png"]
)
def test_a_zip_that_points_outside_itself_is_refused(tmp_path, load, name):
    path = zipped(tmp_path / "pets.zip", pets() | {name: png()})
    with pytest.raises(Refusal, match="points outside it"):
        load(path)
    assert not list(tmp_path.rglob("*evil*"))


def bomb(path, name, megabytes):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for k, (inner, data) in enumerate(pets().items()):
            file.writestr(inner, data)
            if k == 5:
                with file.open(name, "w") as entry:
                    for _ in range(megabytes):
                        entry.write(bytes(2**20))
    return path


def test_a_zip_bomb_is_refused_unread(tmp_path, load, monkeypatch):
    monkeypatch.setattr(zips.ZipSource, "read", lambda *_: pytest.fail("it was unpacked"))
    path = bomb(tmp_path / "bomb.zip", "cat/zeros.png", 1024)
    assert path.stat().st_size < 2 * 2**20
    with pytest.raises(Refusal, match=r"zip bomb: cat/zeros.png unpacks to 1024 MB"):
        load(path)


def test_a_bomb_that_is_no_image_is_never_unpacked(tmp_path, load):
    data = load(bomb(tmp_path / "bomb.zip", "cat/zeros.bin", 64))
    assert len(data.train) + len(data.test) == 42


def test_an_image_that_unpacks_to_more_than_it_declares_is_cut_off(tmp_path, load):
    path = zipped(tmp_path / "pets.zip", pets() | {"cat/zz.png": bytes(50_000)})
    data = path.read_bytes()
    assert data.count((50_000).to_bytes(4, "little")) == 2
    path.write_bytes(data.replace((50_000).to_bytes(4, "little"), (99).to_bytes(4, "little")))
    assert "1 of 43 images, such as cat/zz.png" in told(load(path))


def test_a_zip_that_unpacks_to_too_much_is_refused(tmp_path, load, monkeypatch):
    monkeypatch.setattr(zips, "MOST_ZIP_BYTES", 1000)
    with pytest.raises(Refusal, match="when unpacked; the most is"):
        load(zipped(tmp_path / "pets.zip", pets()))


def test_a_protected_zip_is_refused(tmp_path, load):
    path = zipped(tmp_path / "pets.zip", pets())
    data = bytearray(path.read_bytes())
    for start in [m.start() for m in re.finditer(b"PK\x01\x02", data)]:
        data[start + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(Refusal, match="protected by a password"):
        load(path)


@pytest.mark.parametrize("content", [b"", b"hello", png(), b"PK\x05\x06" + bytes(9)])
def test_a_file_that_is_no_zip_is_refused(tmp_path, load, content):
    path = tmp_path / "pets.zip"
    path.write_bytes(content)
    with pytest.raises(Refusal, match="is not a readable zip"):
        load(path)


def test_a_torn_zip_is_refused(tmp_path, load):
    path = zipped(tmp_path / "pets.zip", pets())
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(Refusal, match="is not a readable zip"):
        load(path)
