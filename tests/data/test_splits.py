"""Training and test folders under the names people use, whatever lies beside them."""

import pytest
import torch

from sslviz.data.splits import role
from tests.data.made import colour_class, pets, png, told

SPELLINGS = [
    ("train", "test"),
    ("Train", "Test"),
    ("TRAINING", "TESTING"),
    ("train", "val"),
    ("train", "valid"),
    ("train", "validation"),
    ("train", "dev"),
    ("train", "eval"),
    ("training_set", "test_set"),
    ("trainset", "testset"),
    ("Training Set", "Test Set"),
    ("seg_train", "seg_test"),
    ("train_images", "test_images"),
    ("TrainImages", "TestImages"),
    ("imagenet-train", "imagenet-val"),
    ("train2017", "val2017"),
    ("01_train", "02_test"),
    ("data_train", "data_test"),
    ("1.Training", "2.Validation"),
    ("학습", "시험"),
    ("훈련용", "검증용"),
    ("학습데이터", "테스트데이터"),
]


def flat(prefix, n=3):
    return {f"{prefix}/{k}.png": png((9, 9, k)) for k in range(n)}


def right(data, train, test):
    assert (len(data.train), len(data.test)) == (train, test)
    assert data.train.class_names == data.test.class_names == ("cat", "dog", "owl")
    for part in (data.train, data.test):
        assert torch.equal(part.labels, colour_class(part))


@pytest.mark.parametrize(("train", "test"), SPELLINGS)
@pytest.mark.parametrize("prefix", ["", "archive/data/"])
def test_every_spelling_is_a_split(stored, load, train, test, prefix):
    data = load(stored(pets(10, f"{prefix}{train}/") | pets(4, f"{prefix}{test}/")))
    right(data, 30, 12)
    plain = (train.casefold(), test.casefold()) == ("train", "test")
    assert plain == (not data.notes) and (plain or f"{train}; held out are those in" in told(data))


@pytest.mark.parametrize(("train", "test"), [("seg_train", "seg_test"), ("train", "test")])
def test_a_split_nested_in_itself(stored, load, train, test):
    files = pets(10, f"{train}/{train}/") | pets(4, f"{test}/{test}/") | flat("seg_pred/seg_pred")
    data = load(stored(files))
    right(data, 30, 12)
    assert "neither trained nor tested on: seg_pred (3 images)" in told(data)


def test_stray_images_beside_and_between(stored, load):
    files = pets(10, "train/") | pets(4, "test/") | {"preview.png": png(), "train/x.png": png()}
    data = load(stored(files))
    right(data, 30, 12)
    assert "2, such as preview.png, train/x.png" in told(data)


def test_a_stray_image_beside_the_one_top_folder(stored, load):
    data = load(stored(pets(14, "archive/") | {"preview.png": png()}))
    right(data, 36, 6)
    assert "outside the class folders: 1, such as preview.png" in told(data)


def test_stray_images_at_every_level_of_wrapping(stored, load):
    files = pets(10, "a/b/train/") | pets(4, "a/b/test/") | {"1.png": png(), "a/2.png": png()}
    data = load(stored(files))
    right(data, 30, 12)
    assert "outside the class folders: 2, such as 1.png, a/2.png" in told(data)


@pytest.mark.parametrize("other", ["unlabeled", "extra", "images to sort", "holiday"])
def test_a_third_folder_is_left_out_and_named(stored, load, other):
    data = load(stored(pets(10, "train/") | pets(4, "test/") | flat(other)))
    right(data, 30, 12)
    assert f"neither trained nor tested on: {other} (3 images)" in told(data)


@pytest.mark.parametrize("other", ["unlabeled", "extra", "seg_pred", "to sort"])
def test_a_training_folder_beside_another_without_a_test(stored, load, other):
    data = load(stored(pets(14, "train/") | flat(other)))
    right(data, 36, 6)
    assert "every 7th of them is held out" in told(data) and f"{other} (3 images)" in told(data)


def test_of_test_and_val_the_test_is_used(stored, load):
    data = load(stored(pets(10, "train/") | pets(4, "test/") | pets(3, "val/")))
    right(data, 30, 12)
    assert told(data) == (
        "Left out because they are neither trained nor tested on: val (9 images)."
    )


def test_val_is_used_where_the_test_has_no_classes(stored, load):
    data = load(stored(pets(10, "train/") | flat("test") | pets(3, "val/")))
    right(data, 30, 9)
    assert "Training images are those in train; held out are those in val." in told(data)
    assert "test has no classes, so it is no test." in told(data)


@pytest.mark.parametrize("test", ["test", "test/images", "test/unknown"])
def test_a_flat_test_beside_a_labelled_train(stored, load, test):
    data = load(stored(pets(14, "train/") | flat(test)))
    right(data, 36, 6)
    assert "every 7th of them is held out" in told(data)
    assert "test has no classes, so it is no test." in told(data)


def test_a_flat_train_and_a_labelled_test(stored, load):
    data = load(stored(flat("train", 20) | pets(4, "test/")))
    assert (len(data.train), len(data.test)) == (20, 12)
    assert not data.train.labelled and data.train.class_names == ()
    assert data.test.class_names == ("cat", "dog", "owl")
    assert torch.equal(data.test.labels, colour_class(data.test))
    assert told(data) == "train has no class folders: it is trained on without labels."


def test_two_flat_folders_are_a_split_without_labels(stored, load):
    data = load(stored(flat("train", 20) | flat("val", 5)))
    assert (len(data.train), len(data.test)) == (20, 5) and not data.test.labelled


def test_classes_that_only_one_of_the_two_has(stored, load):
    files = pets(10, "train/") | pets(4, "test/") | flat("test/fox", 2)
    files = {name: data for name, data in files.items() if not name.startswith("test/owl")}
    data = load(stored(files))
    assert data.train.class_names == ("cat", "dog", "owl") and len(data.test) == 8
    assert "Left out because train has no such classes: fox (2 images of test)." in told(data)
    assert "There are no held-out images of these classes: owl." in told(data)


def test_a_test_of_other_classes_is_no_test(stored, load):
    data = load(stored(pets(14, "train/") | flat("test/fox") | flat("test/ant")))
    right(data, 36, 6)
    assert "test has none of the classes to train on" in told(data)


def test_a_test_of_one_class_is_recognised_by_its_name(stored, load):
    data = load(stored(pets(10, "train/") | flat("test/dog")))
    assert len(data.train) == 30 and data.test.labels.tolist() == [1, 1, 1]


def test_test_and_val_without_a_train_are_trained_on(stored, load):
    data = load(stored(pets(7, "test/") | pets(7, "val/")))
    right(data, 36, 6)
    assert "Training images are those in test, val; every 7th" in told(data)


def test_a_split_inside_each_class(stored, load):
    files = {}
    for name, colour in (("cat", (250, 0, 0)), ("dog", (0, 250, 0)), ("owl", (0, 0, 250))):
        files |= {f"{name}/train/{k}.png": png(colour) for k in range(10)}
        files |= {f"{name}/test/{k}.png": png(colour) for k in range(4)}
    right(load(stored(files)), 30, 12)


@pytest.mark.parametrize(
    "names",
    [
        ("plane", "train"),
        ("bus", "car", "train"),
        ("bullet train", "freight train"),
        ("invalid", "valid"),
        ("other", "sample"),
        ("test tube", "train"),
        ("dev", "prod"),
    ],
)
def test_classes_may_be_called_like_that(stored, load, names):
    files = {f"{name}/{k}.png": png((k, 9, 9)) for name in names for k in range(9)}
    data = load(stored(files))
    assert data.train.class_names == names and data.notes == ()


def test_classes_with_folders_inside_may_be_called_train(stored, load):
    files = {
        f"{a}/{b}/{k}.png": png((k, 9, 9))
        for a in ("plane", "train")
        for b in "xy"
        for k in range(5)
    }
    assert load(stored(files)).train.class_names == ("plane", "train")


def test_folders_without_images_do_not_count(stored, load):
    files = pets(14, "data/images/") | {
        "data/labels/1.txt": b"cat",
        "data/annotations/a.xml": b"<a>",
    }
    right(load(stored(files)), 36, 6)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("train", "train"), ("Training", "train"), ("trainval", "train"), ("seg_pred", "other"),
        ("held-out", "test"), ("unlabelled", "other"), ("cat", ""), ("strain", ""), ("latest", ""),
        ("contest", ""), ("devil", ""), ("valley", ""), ("", ""), ("2017", ""),
    ],
)  # fmt: skip
def test_what_a_name_says(name, expected):
    assert role(name)[0] == expected
