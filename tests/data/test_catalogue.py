"""The catalogue says what the sets hold, and can be read without torch."""

import subprocess
import sys

import pytest

from sslviz.data.catalogue import DATASETS, SHAPE_FACTORS


def test_reading_the_catalogue_imports_no_torch():
    code = "import sys, sslviz.data.catalogue; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize(
    ("name", "classes"),
    [("shapes", 8), ("cifar10", 10), ("cifar100", 100), ("stl10", 10), ("fashion_mnist", 10)]
    + [("svhn", 10)],
)
def test_every_set_names_its_classes_once(name, classes):
    info = DATASETS[name]
    assert info.name == name
    assert len(set(info.class_names)) == len(info.class_names) == classes


def test_only_shapes_need_no_download():
    assert [name for name, info in DATASETS.items() if not info.downloadable] == [
        "shapes",
        "shapes_upright",
    ]
    assert DATASETS["shapes"].factors == SHAPE_FACTORS


def test_cifar_100_is_in_the_order_of_its_label_numbers():
    names = [n.replace(" ", "_") for n in DATASETS["cifar100"].class_names]
    assert names == sorted(names)
