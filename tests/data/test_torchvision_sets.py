"""Downloads: whole, checked, kept, or refused with a sentence. Small stand-ins of the real archives
are served from this machine and read by torchvision itself."""

import gzip
import hashlib
import io
import pickle
import socket
import struct
import tarfile
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest
import torch
from scipy.io import savemat
from torchvision import datasets

from sslviz.config import RunConfig
from sslviz.data.images import ImageSet
from sslviz.data.load import load_data
from sslviz.data.torchvision_sets import resized
from sslviz.refusal import Refusal

PIXELS = np.random.default_rng(0).integers(0, 256, (12, 3, 32, 32), dtype=np.uint8)
LABELS = np.arange(12) % 10
PARTS = {"train": slice(0, 8), "test": slice(8, 12)}


def md5(data):
    return hashlib.md5(data).hexdigest()


def tar(files):
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return file.getvalue()


def cifar(patch, known, key, names):
    def batch(part):
        data = PIXELS[PARTS[part]].reshape(-1, 3072)
        return pickle.dumps({"data": data, key: LABELS[PARTS[part]].tolist()})

    files = {known.train_list[0][0]: batch("train"), known.test_list[0][0]: batch("test")}
    files[known.meta["filename"]] = pickle.dumps({known.meta["key"]: names})
    sums = {name: md5(data) for name, data in files.items()}
    for part in ("train_list", "test_list"):
        first = getattr(known, part)[0][0]
        patch.setattr(known, part, [[first, sums[first]]])
    patch.setattr(known, "meta", known.meta | {"md5": sums[known.meta["filename"]]})
    data = tar({f"{known.base_folder}/{name}": d for name, d in files.items()})
    patch.setattr(known, "tgz_md5", md5(data))
    return {known.filename: data}


def cifar10(patch):
    return cifar(patch, datasets.CIFAR10, "labels", [*"abcdefghij"])


def cifar100(patch):
    return cifar(patch, datasets.CIFAR100, "fine_labels", [str(k) for k in range(100)])


def stl10(patch):
    known = datasets.STL10
    big = PIXELS.repeat(3, 2).repeat(3, 3).transpose(0, 1, 3, 2)  # stored column by column
    files = {"class_names.txt": b"a\n" * 10, "fold_indices.txt": b"0\n" * 10}
    files |= {"unlabeled_X.bin": b""}
    for part in PARTS:
        files[f"{part}_X.bin"] = big[PARTS[part]].tobytes()
        files[f"{part}_y.bin"] = (LABELS[PARTS[part]] + 1).astype(np.uint8).tobytes()
    for name in ("train_list", "test_list"):
        patch.setattr(known, name, [[n, md5(files[n])] for n, _ in getattr(known, name)])
    data = tar({f"{known.base_folder}/{name}": d for name, d in files.items()})
    patch.setattr(known, "tgz_md5", md5(data))
    return {known.filename: data}


def fashion_mnist(patch):
    files = {}
    for part, name in (("train", "train"), ("test", "t10k")):
        images = PIXELS[PARTS[part], 0, :28, :28]
        header = struct.pack(">IIII", 0x803, len(images), 28, 28)
        files[f"{name}-images-idx3-ubyte.gz"] = gzip.compress(header + images.tobytes())
        labels = LABELS[PARTS[part]].astype(np.uint8)
        header = struct.pack(">II", 0x801, len(labels))
        files[f"{name}-labels-idx1-ubyte.gz"] = gzip.compress(header + labels.tobytes())
    patch.setattr(datasets.FashionMNIST, "resources", [(n, md5(d)) for n, d in files.items()])
    return files


def svhn(patch):
    files = {}
    for part in PARTS:
        file = io.BytesIO()
        labels = np.where(LABELS == 0, 10, LABELS)[PARTS[part], None]
        savemat(file, {"X": PIXELS[PARTS[part]].transpose(2, 3, 1, 0), "y": labels})
        files[f"{part}_32x32.mat"] = file.getvalue()
    split = {p: [f"/{p}_32x32.mat", "", md5(files[f"{p}_32x32.mat"])] for p in PARTS}
    patch.setattr(
        datasets.SVHN, "split_list", {p: [u[0], u[0][1:], u[2]] for p, u in split.items()}
    )
    return files


SETS = {f.__name__: f for f in (cifar10, cifar100, stl10, fashion_mnist, svhn)}


def point_to(patch, address):
    """torchvision's addresses, replaced by ours."""
    for known in (datasets.CIFAR10, datasets.CIFAR100, datasets.STL10):
        patch.setattr(known, "url", f"{address}/{known.filename}")
    patch.setattr(datasets.FashionMNIST, "mirrors", [f"{address}/"])
    split = {
        part: [f"{address}/{name}", name, md5_]
        for part, (_, name, md5_) in datasets.SVHN.split_list.items()
    }
    patch.setattr(datasets.SVHN, "split_list", split)


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format, *args):
        self.server.asked.append(self.path)


@pytest.fixture
def server(tmp_path, monkeypatch):
    """Serves tmp_path/served; `server.asked` lists the requests."""
    (tmp_path / "served").mkdir()
    handler = partial(Quiet, directory=str(tmp_path / "served"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.asked = []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def serve(server, tmp_path, monkeypatch):
    def serve(files):
        for name, data in files.items():
            (tmp_path / "served" / name).write_bytes(data)
        point_to(monkeypatch, f"http://127.0.0.1:{server.server_port}")

    return serve


def load(name, tmp_path, progress=None, **settings):
    return load_data(RunConfig(data=name, **settings), tmp_path / "cache", progress)


def expected(name):
    """The stand-in's images as they should arrive, before shuffling: N x 3 x S x S."""
    if name == "fashion_mnist":
        return np.repeat(PIXELS[:, :1, :28, :28], 3, axis=1)
    return PIXELS.repeat(3, 2).repeat(3, 3) if name == "stl10" else PIXELS


@pytest.mark.parametrize("name", SETS)
def test_every_set_arrives_with_its_labels_and_is_kept(name, tmp_path, serve, server, monkeypatch):
    serve(SETS[name](monkeypatch))
    data = load(name, tmp_path)
    assert data.train.images.shape == (8, 3, 32, 32) and data.test.images.shape == (4, 3, 32, 32)
    assert data.train.images.dtype == torch.uint8 and data.train.labelled
    for part, images in (("train", data.train), ("test", data.test)):
        whole = ImageSet(
            torch.tensor(expected(name)[PARTS[part]]), torch.tensor(LABELS[PARTS[part]])
        )
        whole = resized(whole, 32)
        for image, label in zip(images.images, images.labels, strict=True):
            (place,) = (whole.images == image).flatten(1).all(1).nonzero()[:, 0]
            assert whole.labels[place] == label
    asked = len(server.asked)
    again = load(name, tmp_path)
    assert len(server.asked) == asked
    assert torch.equal(again.train.images, data.train.images)
    left = sorted(p.name for p in (tmp_path / "cache").iterdir())
    assert left == sorted([f"{name}.npz", "downloads"])


def test_fewer_images_are_the_first_ones(tmp_path, serve, monkeypatch):
    serve(cifar10(monkeypatch))
    some, data = load("cifar10", tmp_path, train_images=3), load("cifar10", tmp_path)
    assert torch.equal(some.train.images, data.train.images[:3])
    assert len(load("cifar10", tmp_path, train_images=99).train) == 8


def test_progress_is_told_in_megabytes(tmp_path, serve, monkeypatch):
    serve(cifar10(monkeypatch))
    seen = []
    load("cifar10", tmp_path, lambda message, share: seen.append((str(message), share)))
    assert seen[0] == ("Downloading CIFAR-10", 0.0)
    assert ("Downloading CIFAR-10: 0 of 0 MB", 1.0) in seen
    assert seen[-1] == ("Unpacking CIFAR-10", 1.0)


def test_a_damaged_download_is_refused_and_leaves_nothing(tmp_path, serve, monkeypatch):
    (files,) = cifar10(monkeypatch).items()
    serve({files[0]: files[1][:-7]})
    with pytest.raises(Refusal, match=r"CIFAR-10 from 127.0.0.1 came out damaged; try again"):
        load("cifar10", tmp_path)
    assert list((tmp_path / "cache" / "downloads").iterdir()) == []


def test_a_damaged_archive_on_disk_is_fetched_again(tmp_path, serve, monkeypatch):
    files = cifar10(monkeypatch)
    serve(files)
    (tmp_path / "cache" / "downloads").mkdir(parents=True)
    for name, data in files.items():
        (tmp_path / "cache" / "downloads" / name).write_bytes(data[:100])
    assert len(load("cifar10", tmp_path).train) == 8


def test_an_archive_put_there_by_hand_needs_no_network(tmp_path, monkeypatch, server):
    files = cifar10(monkeypatch)
    point_to(monkeypatch, f"http://127.0.0.1:{server.server_port}")
    (tmp_path / "cache" / "downloads").mkdir(parents=True)
    for name, data in files.items():
        (tmp_path / "cache" / "downloads" / name).write_bytes(data)
    assert len(load("cifar10", tmp_path).train) == 8 and server.asked == []


@pytest.mark.parametrize("name", SETS)
def test_without_a_network_one_sentence_says_so(name, tmp_path, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    point_to(monkeypatch, f"http://127.0.0.1:{port}")
    with pytest.raises(Refusal) as refusal:
        load(name, tmp_path)
    text = str(refusal.value)
    assert "could not be downloaded from 127.0.0.1 (Connection refused)" in text
    assert "connect to the internet, or put" in text and "\n" not in text


def test_a_name_that_cannot_be_resolved_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(datasets.CIFAR10, "url", "http://no-such-host.invalid/cifar.tar.gz")
    with pytest.raises(Refusal, match=r"CIFAR-10 could not be .* from no-such-host.invalid \("):
        load("cifar10", tmp_path)


def test_a_missing_file_on_the_server_is_named(tmp_path, serve, monkeypatch):
    serve({})
    with pytest.raises(Refusal, match=r"could not be downloaded .* \(File not found\)"):
        load("cifar10", tmp_path)


def test_a_cache_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "cache").write_text("a file where the folder should be")
    with pytest.raises(Refusal, match="cannot be kept in .* SSLVIZ_DATA"):
        load("cifar10", tmp_path)


def test_the_cache_follows_the_environment(tmp_path, serve, monkeypatch):
    serve(cifar10(monkeypatch))
    monkeypatch.setenv("SSLVIZ_DATA", str(tmp_path / "elsewhere"))
    load_data(RunConfig(data="cifar10"))
    assert (tmp_path / "elsewhere" / "cifar10.npz").exists()


def test_resizing_averages_whole_blocks():
    image = torch.arange(16, dtype=torch.uint8).mul(10).view(1, 1, 4, 4).expand(2, 3, 4, 4)
    flat = torch.full((1, 3, 96, 96), 77, dtype=torch.uint8)
    assert (resized(ImageSet(flat, torch.zeros(1)), 32).images == 77).all()
    small = resized(ImageSet(image, torch.zeros(2)), 2).images[0, 0].float()
    assert small.mean() == pytest.approx(75, abs=1) and small[0, 0] < small[0, 1] < small[1, 0]
