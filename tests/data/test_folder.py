"""Folders and zips of images: layouts, held-out images, and every kind of bad input."""

import os
import re
import zipfile
from io import BytesIO

import numpy as np
import pytest
import torch
from PIL import Image

from sslviz.data import sources, zips
from sslviz.refusal import Refusal
from tests.data.made import colour_class, folder, pets, png, told, zipped


@pytest.mark.parametrize("prefix", ["", "my pets/", "a/b/c/"])
def test_folders_are_classes_wherever_they_lie(stored, load, prefix):
    data = load(stored(pets(prefix=prefix)))
    assert data.train.class_names == data.test.class_names == ("cat", "dog", "owl")
    for part in (data.train, data.test):
        assert part.labelled and part.images.shape[1:] == (3, 32, 32)
        assert part.images.dtype == torch.uint8 and part.labels.dtype == torch.int64
        assert torch.equal(part.labels, colour_class(part))
    assert data.notes == ()


def test_some_of_each_class_are_held_out_and_none_is_in_both(stored, load):
    data = load(stored(pets(28)))
    assert len(data.train) + len(data.test) == 84
    assert data.test.labels.bincount().tolist() == [4, 4, 4]
    seen = {image.numpy().tobytes() for image in data.train.images}
    assert len(seen) == 72
    assert not any(image.numpy().tobytes() in seen for image in data.test.images)


@pytest.mark.parametrize("names", [("train", "test"), ("Train", "val"), ("training", "Testing")])
def test_a_test_folder_is_what_is_held_out(stored, load, names):
    files = pets(10, f"{names[0]}/") | pets(4, f"{names[1]}/")
    data = load(stored(files))
    assert (len(data.train), len(data.test)) == (30, 12)
    assert data.train.class_names == ("cat", "dog", "owl")
    assert torch.equal(data.test.labels, colour_class(data.test))


def test_a_train_folder_alone_is_split(stored, load):
    data = load(stored(pets(14, "train/")))
    assert data.train.class_names == ("cat", "dog", "owl")
    assert (len(data.train), len(data.test)) == (36, 6)


@pytest.mark.parametrize("prefix", ["", "photos/"])
def test_images_without_classes_have_no_labels(stored, load, prefix):
    data = load(stored({f"{prefix}{k}.png": png((k, k, k)) for k in range(70)}))
    assert (len(data.train), len(data.test)) == (60, 10)
    assert not data.train.labelled and data.train.class_names == ()
    assert data.train.labels.unique().tolist() == [-1]


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


def test_a_large_total_and_too_many_files_are_refused(stored, load, monkeypatch):
    path = stored(pets())
    monkeypatch.setattr(sources, "MOST_FILES", 40)
    with pytest.raises(Refusal, match="more than 40 files"):
        load(path)


def test_a_zip_that_unpacks_to_too_much_is_refused(tmp_path, load, monkeypatch):
    monkeypatch.setattr(zips, "MOST_ZIP_BYTES", 1000)
    with pytest.raises(Refusal, match="when unpacked; the most is"):
        load(zipped(tmp_path / "pets.zip", pets()))


def test_a_file_that_is_too_long_is_not_read(stored, load, monkeypatch):
    monkeypatch.setattr(sources, "MOST_FILE_BYTES", 10_000)
    noise = np.random.default_rng(0).integers(0, 256, 20_000, np.uint8).tobytes()
    data = load(stored(pets() | {"cat/long.png": noise}))
    assert "cat/long.png (it is 0 MB long; the most is 0 MB)" in told(data)


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


def test_the_first_image_of_each_class_trains(stored, load):
    files = pets(3) | {"ant/only.png": png((200, 200, 200)), "bee/only.png": png((99, 99, 99))}
    data = load(stored(files))
    assert data.train.class_names == ("ant", "bee", "cat", "dog", "owl")
    assert data.train.labels.unique().tolist() == [0, 1, 2, 3, 4]
    assert not set(data.test.labels.tolist()) & {0, 1}
    first = [load_one.max() for load_one in data.train.images[data.train.labels == 2]]
    assert 250 in first  # cat/000.png, the first by name


def test_where_every_class_has_one_image_none_can_be_held_out(stored, load):
    with pytest.raises(Refusal, match="can be held out for testing: the first image of each"):
        load(stored({f"{k}/a.png": png((k, 0, 0)) for k in range(9)}))


def test_a_class_whose_training_images_are_broken_trains_on_a_held_out_one(stored, load):
    files = pets(3) | {f"ant/{k}.png": b"broken" for k in range(8)}
    whole = load(stored(files | {"ant/8.png": png((200, 200, 200))}))
    assert whole.train.class_names == ("ant", "cat", "dog", "owl")
    assert 0 in whole.train.labels and 0 not in whole.test.labels


def test_a_class_without_a_readable_image_is_gone_and_named(stored, load):
    broken = {f"bee/{k}.png": b"no image" for k in range(9)} | {"ant/1.jxl": b"\xff\x0a" + b"x" * 9}
    data = load(stored(pets() | broken | {"eel/1.png": b""}))
    assert data.train.class_names == data.test.class_names == ("cat", "dog", "owl")
    assert torch.equal(data.train.labels, colour_class(data.train))
    assert "9 of 51 images, such as bee/" in told(data)
    assert "Left out because JPEG XL is not read: 1, such as ant/1.jxl." in told(data)
    assert "Left out because they are empty files: 1, such as eel/1.png." in told(data)
    assert "No image is left in these folders: ant, bee, eel." in told(data)


def test_what_is_left_when_one_class_is_gone_has_no_labels(stored, load):
    files = {f"cat/{k}.png": png((k, 0, 0)) for k in range(14)}
    data = load(
        stored(files | {f"dog/{k}.heic": b"\0\0\0\x18ftypheic" + bytes(9) for k in range(3)})
    )
    assert data.train.class_names == () and not data.train.labelled
    assert "3" in told(data) and "dog" in told(data)


def test_an_empty_folder_among_the_classes_is_named(tmp_path, load):
    root = folder(tmp_path / "pets", pets())
    (root / "owlet").mkdir()
    data = load(root)
    assert data.train.class_names == ("cat", "dog", "owl")
    assert told(data) == "No image is left in these folders: owlet."


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


@pytest.mark.parametrize(
    "junk",
    [
        "cat/@eaDir/001.png/SYNOPHOTO_THUMB_M.jpg",
        "@eaDir/1.png",
        "__MACOSX/cat/._001.png",
        "cat/._001.png",
        "cat/.DS_Store",
        "cat/Thumbs.db",
        "cat/desktop.ini",
        ".ipynb_checkpoints/1.png",
        "cat/.ipynb_checkpoints/001-checkpoint.png",
        "lost+found/1.png",
        "$RECYCLE.BIN/S-1/1.png",
        "System Volume Information/1.png",
        "#recycle/1.png",
    ],
)
def test_what_systems_leave_behind_is_no_class_and_no_image(stored, load, junk):
    data = load(stored(pets() | {junk: png()}))
    assert data.train.class_names == ("cat", "dog", "owl") and data.notes == ()
    assert len(data.train) + len(data.test) == 42


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


def test_held_out_images_know_the_names_of_their_files(stored, load):
    data = load(stored(pets()))
    assert len(data.test.names) == len(data.test) and data.train.names == ()
    for name, label in zip(data.test.names, data.test.labels.tolist(), strict=True):
        assert data.test.class_names[label] in name
    assert data.test.take(torch.tensor([0])).names == data.test.names[:1]
