"""Which classes there are and which images are held out; what lies about is left out and named."""

import pytest
import torch

from sslviz.refusal import Refusal
from tests.data.made import colour_class, folder, pets, png, told


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


def test_held_out_images_know_the_names_of_their_files(stored, load):
    data = load(stored(pets()))
    assert len(data.test.names) == len(data.test) and data.train.names == ()
    for name, label in zip(data.test.names, data.test.labels.tolist(), strict=True):
        assert data.test.class_names[label] in name
    assert data.test.take(torch.tensor([0])).names == data.test.names[:1]
