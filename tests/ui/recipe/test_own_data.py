"""Uploads: each is kept whole and once, however many come at the same time."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest

from sslviz.refusal import Refusal
from sslviz.ui.recipe import own_data
from sslviz.ui.recipe.own_data import keep_upload
from tests.trials import trials


def packed(number=0, files=1, size=10):
    content = BytesIO()
    with ZipFile(content, "w") as archive:
        for k in range(files):
            entry = ZipInfo(f"cat/{k}.png")  # of a fixed date: equal numbers, equal bytes
            entry.compress_type = ZIP_DEFLATED
            archive.writestr(entry, number.to_bytes(4, "big") + bytes(size))
    return content.getvalue()


def names(root):
    return sorted(path.name for path in (root / "uploads").iterdir())


def test_an_upload_is_kept_once_and_only_if_it_is_a_zip(tmp_path):
    first = keep_upload(packed(), "../my cats", tmp_path)
    assert first == keep_upload(packed(), "../my cats", tmp_path)
    assert first == keep_upload(packed(), "the same under another name", tmp_path)
    assert first.parent == tmp_path / "uploads" and first.read_bytes() == packed()
    with pytest.raises(Refusal, match="hello.zip is not a readable zip"):
        keep_upload(b"hello", "hello", tmp_path)
    assert names(tmp_path) == [first.name]


@pytest.mark.parametrize("name", ["", "..", "a/b\\c", "\0", "강아지", "x" * 500, "con", "-rf"])
def test_any_name_becomes_a_plain_one(tmp_path, name):
    path = keep_upload(packed(), name, tmp_path)
    assert path.parent == tmp_path / "uploads" and path.name.isascii() and len(path.name) < 60


def test_threads_lose_nothing(tmp_path):
    jobs = [(k % 60, f"pets {k % 7}") for k in range(trials(240))]
    with ThreadPoolExecutor(4) as pool:
        paths = list(pool.map(lambda job: keep_upload(packed(job[0]), job[1], tmp_path), jobs))
    for (number, _), path in zip(jobs, paths, strict=True):
        assert path.read_bytes() == packed(number)
    assert len(names(tmp_path)) == 60 and all(name.endswith(".zip") for name in names(tmp_path))


def test_processes_lose_nothing(tmp_path):
    code = """
import json, sys
from pathlib import Path
from sslviz.ui.recipe.own_data import keep_upload
from tests.ui.recipe.test_own_data import packed
start, root = int(sys.argv[1]), Path(sys.argv[2])
kept = [str(keep_upload(packed(start + k), "pets", root)) for k in range(60)]
print(json.dumps(kept))
"""
    command = [sys.executable, "-c", code]
    starts = (0, 30, 60, 90)  # neighbours upload half of the same zips
    running = [
        subprocess.Popen([*command, str(start), str(tmp_path)], stdout=subprocess.PIPE, text=True)
        for start in starts
    ]
    outputs = [process.communicate(timeout=300)[0] for process in running]
    assert [process.returncode for process in running] == [0] * 4
    for start, output in zip(starts, outputs, strict=True):
        for k, path in enumerate(json.loads(output.splitlines()[-1])):
            digest = sha256(packed(start + k)).hexdigest()
            with open(path, "rb") as file:
                assert sha256(file.read()).hexdigest() == digest
    assert len(names(tmp_path)) == 150


def test_all_uploads_together_have_a_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(own_data, "MOST_KEPT", 7 * len(packed()) // 2)
    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(keep_upload, packed(k), "pets", tmp_path) for k in range(12)]
    refused = [job.exception() for job in jobs if job.exception()]
    assert len(refused) == 9 and len(names(tmp_path)) == 3
    assert all("There is no room for another upload" in str(error) for error in refused)
    first = next(k for k in range(12) if not jobs[k].exception())
    assert keep_upload(packed(first), "pets", tmp_path).exists()  # what is there stays usable


@pytest.mark.parametrize(("files", "size"), [(60, 10), (3, 60_000)])
def test_a_zip_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch, files, size):
    monkeypatch.setattr(own_data, "MOST_FILES", 50)
    monkeypatch.setattr(own_data, "MOST_UNPACKED", 100_000)
    with pytest.raises(Refusal, match="The zip holds [36]0? files of 0 MB when unpacked"):
        keep_upload(packed(0, files, size), "bomb", tmp_path)
    assert not (tmp_path / "uploads").exists()


def test_a_bomb_is_refused(tmp_path):
    with pytest.raises(Refusal, match="bomb.zip looks like a zip bomb: cat/0.png unpacks to 100"):
        keep_upload(packed(0, 1, 100 * 2**20), "bomb", tmp_path)


def test_a_full_disk_leaves_nothing(tmp_path):
    code = """
import resource, signal, sys
from pathlib import Path
from sslviz.ui.recipe.own_data import keep_upload
from tests.ui.recipe.test_own_data import packed
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
content = packed(0, 300)
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
try:
    keep_upload(content, "pets", Path(sys.argv[1]))
except OSError as error:
    print(error.strerror)
"""
    command = [sys.executable, "-c", code, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.stdout.strip().endswith("File too large"), done.stderr
    assert names(tmp_path) == []


def test_what_a_killed_upload_left_goes_with_the_next(tmp_path):
    (tmp_path / "uploads").mkdir()
    (tmp_path / "uploads" / ".0123.part").write_bytes(b"half")
    kept = keep_upload(packed(), "pets", tmp_path)
    assert names(tmp_path) == [kept.name]
