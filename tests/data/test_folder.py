"""Folders and zips of images: layouts, held-out images, and every kind of bad input."""

import os
from io import BytesIO

import numpy as np
import pytest
import torch
from PIL import Image

from sslviz.data import sources
from sslviz.refusal import Refusal
from tests.data.made import colour_class, folder, pets, png, told


@pytest.mark.parametrize("prefix", ["", "my pets/", "a/b/c/"])
def test_folders_are_classes_wherever_they_lie(stored, load, prefix):
    data = load(stored(pets(prefix=prefix)))
    assert data.train.class_names == data.test.class_names == ("cat", "dog", "owl")
    for part in (data.train, data.test):
        assert part.labelled and part.images.shape[1:] == (3, 32, 32)
        assert part.images.dtype == torch.uint8 and part.labels.dtype == torch.int64
        assert torch.equal(part.labels, colour_class(part))
    assert data.notes == ()


def test_a_smaller_set_is_the_beginning_of_a_larger_one(stored, load):
    path = stored(pets())
    everything, some = load(path), load(path, train_images=10)
    assert len(some.train) == 10 and len(some.test) == len(everything.test)
    assert torch.equal(some.train.images, everything.train.images[:10])
    assert torch.equal(load(path, seed=5).train.images, everything.train.images)
    assert some.train.labels.unique().tolist() == [0, 1, 2]


def test_images_take_the_size_of_the_config(stored, load):
    assert load(stored(pets()), image_size=48).train.images.shape[2:] == (48, 48)


def test_other_files_are_passed_over(stored, load):
    other = {"cat/notes.txt": b"hello", "README.md": b"hi", "cat/.hidden.png": b"x"}
    other |= {"__MACOSX/cat/._001.png": b"x", ".git/a.png": b"x", "dog/inner.zip": b"PK"}
    data = load(stored(pets() | other))
    assert len(data.train) + len(data.test) == 42 and data.notes == ()


def test_stray_images_beside_class_folders_are_left_out_and_noted(stored, load):
    data = load(stored(pets() | {"preview.png": png()}))
    assert len(data.train) + len(data.test) == 42 and data.train.labelled
    assert [str(note) for note in data.notes] == [
        "Left out because they lie outside the class folders: 1, such as preview.png."
    ]


def test_a_few_broken_images_are_skipped_and_named(stored, load):
    data = load(stored(pets() | {"cat/torn.png": png()[:50], "dog/text.jpg": b"hello"}))
    assert len(data.train) + len(data.test) == 42
    assert torch.equal(data.train.labels, colour_class(data.train))
    ways = {"1 of 44 images, such as cat/torn.png (it is damaged", "1 of 44 images, such as dog/t"}
    assert len(data.notes) == 2 and all(way in told(data) for way in ways)


def test_the_others_train_however_many_are_broken(stored, load):
    broken = {f"cat/b{k}.png": b"no image" for k in range(30)}
    data = load(stored(pets() | broken))
    assert len(data.train) + len(data.test) == 42
    assert "30 of 72 images, such as cat/b0.png (it is not an image of a kind" in told(data)


def test_only_broken_images_are_refused(stored, load):
    with pytest.raises(Refusal, match="None of the 9 images in .* can be read"):
        load(stored({f"{k}.png": b"no image" for k in range(9)}))


@pytest.mark.parametrize("files", [{"a.txt": b"x"}, {"cat/1.png": png()}, {"data.bin": b""}])
def test_too_few_images_are_refused(stored, load, files):
    with pytest.raises(Refusal, match=r"holds [01] images; it needs at least 8"):
        load(stored(files))


def test_strange_names_are_harmless(stored, load):
    strange = ["a\nb", "<b>bold</b>", "한국어", "𝕏" * 40, "emoji 🐈", " ", "%s{}"]
    files = {f"{name}/{k}.png": png((k, 5, 5)) for name in strange for k in range(7)}
    data = load(stored(files))
    assert len(data.train.class_names) == 7 and "한국어" in data.train.class_names
    assert all(name.isprintable() and len(name) <= 80 for name in data.train.class_names)


def test_a_name_that_is_no_unicode_can_still_be_written(tmp_path, load):
    root = folder(tmp_path / "pets", pets())
    strange = os.fsencode(root) + b"/caf\xe9"
    os.mkdir(strange)
    for k in range(7):
        with open(strange + b"/%d.png" % k, "wb") as file:
            file.write(png())
    names = load(root).train.class_names
    assert len(names) == 4 and "".join(names).encode()


def test_links_are_not_followed(tmp_path, load):
    secret = folder(tmp_path / "secret", {f"{k}.png": png() for k in range(9)})
    root = folder(tmp_path / "pets", pets())
    (root / "secret").symlink_to(secret)
    (root / "cat" / "link.png").symlink_to(secret / "0.png")
    (root / "cat" / "loop").symlink_to(root)
    os.mkfifo(root / "cat" / "pipe.png")
    data = load(root)
    assert data.train.class_names == ("cat", "dog", "owl")
    assert len(data.train) + len(data.test) == 42


def test_a_large_total_and_too_many_files_are_refused(stored, load, monkeypatch):
    path = stored(pets())
    monkeypatch.setattr(sources, "MOST_FILES", 40)
    with pytest.raises(Refusal, match="more than 40 files"):
        load(path)


def test_a_file_that_is_too_long_is_not_read(stored, load, monkeypatch):
    monkeypatch.setattr(sources, "MOST_FILE_BYTES", 10_000)
    noise = np.random.default_rng(0).integers(0, 256, 20_000, np.uint8).tobytes()
    data = load(stored(pets() | {"cat/long.png": noise}))
    assert "cat/long.png (it is 0 MB long; the most is 0 MB)" in told(data)


@pytest.mark.parametrize("data", ["", "  ", "nowhere", "a\0b", "x" * 5000, "cifar-10"])
def test_data_that_does_not_exist_is_refused(load, data):
    with pytest.raises(Refusal, match=r"it must be one of shapes, .*cifar10, .* or the path"):
        load(data)


def test_more_memory_than_there_is_is_refused(stored, load, monkeypatch):
    monkeypatch.setattr("sslviz.data.folder.MOST_DECODED_BYTES", 10_000)
    with pytest.raises(Refusal, match="set train_images or a smaller image_size"):
        load(stored(pets()))


def test_the_second_time_nothing_is_decoded_until_a_file_changes(stored, load, monkeypatch):
    path = stored(pets())
    first = load(path)
    with monkeypatch.context() as patch:
        patch.setattr("sslviz.data.folder.read_square", lambda *_: pytest.fail("decoded again"))
        again = load(path)
    assert torch.equal(again.train.images, first.train.images)
    assert torch.equal(again.test.labels, first.test.labels)
    changed = load(stored(pets() | {"cat/000.png": png((255, 255, 255), (30, 30))}))
    assert not torch.equal(changed.train.images.sort(0).values, first.train.images.sort(0).values)


def test_a_damaged_cache_is_made_anew(stored, load, tmp_path):
    path = stored(pets())
    first = load(path)
    (kept,) = (tmp_path / "cache" / "folders").glob("*.npz")
    kept.write_bytes(kept.read_bytes()[:100])
    assert torch.equal(load(path).train.images, first.train.images)


def test_progress_rises_and_names_what_happens(stored, load):
    seen = []
    load(stored(pets(100)), lambda message, share: seen.append((str(message), share)))
    assert seen[0] == ("Listing images", 0.0)
    shares = [share for message, share in seen if message == "Reading 300 images"]
    assert shares == sorted(shares) and len(shares) > 1 and shares[-1] <= 1


def test_links_are_counted_and_the_linked_class_is_named(tmp_path, load):
    other = folder(tmp_path / "other", {f"{k}.png": png() for k in range(9)})
    root = folder(tmp_path / "pets", pets())
    (root / "bee").symlink_to(other)
    (root / "cat" / "loop").symlink_to(root)
    (root / "cat" / "dangling.png").symlink_to(tmp_path / "nowhere.png")
    data = load(root)
    assert data.train.class_names == ("cat", "dog", "owl")
    assert "are links, which are not followed: 3, such as bee, cat/dangling.png" in told(data)
    assert "No image is left in these folders: bee" in told(data)


def test_the_content_decides_not_the_suffix(stored, load):
    names = ["a.JPG", "b.Jpeg", "c", "d.image", "e.heic", "f.jfif", "g.PNG", "h.tmp", "i.avif"]
    data = load(stored({f"cat/{name}": png() for name in names} | pets(7, "x/")))
    assert len(data.train) + len(data.test) == 30
    assert data.notes == () and len(data.train.class_names) == 2


def test_a_set_of_twelve_bits_keeps_its_images_comparable(stored, load):
    def deep(level):
        file = BytesIO()
        Image.fromarray(np.full((20, 20), level, np.uint16)).save(file, "PNG")
        return file.getvalue()

    files = {f"dark/{k}.png": deep(500 + k) for k in range(7)}
    data = load(stored(files | {f"light/{k}.png": deep(4000 + k) for k in range(7)}))
    means = [data.train.images[data.train.labels == k].float().mean().item() for k in (0, 1)]
    assert means == pytest.approx([255 * 503 / 4095, 255 * 4003 / 4095], abs=1.5)
    assert "14 images of more than 8 bits have values from 500 to 4006" in told(data)
    assert "0 is shown as black and 4095 as white" in told(data)


def test_notes_come_back_from_the_cache(stored, load):
    path = stored(pets() | {"preview.png": png(), "cat/torn.png": png()[:50]})
    assert load(path).notes == load(path).notes != ()


def test_a_refusal_says_what_was_left_out(stored, load):
    with pytest.raises(Refusal, match="holds 0 images; .*because JPEG XL is not read: 9, such as"):
        load(stored({f"cat/{k}.jxl": b"\xff\x0a" + bytes(9) for k in range(9)}))
