"""A disk without room, a folder that is read-only, too many files: the run holds, and goes on."""

import errno
import json
import os
import resource
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from sslviz.config import RunConfig
from sslviz.refusal import Refusal
from sslviz.runs import launch, store
from sslviz.runs.room import trouble
from tests.training.waits import SMALL, kinds, losses, reached
from tests.waiting import until

LINUX = pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="limits of another process")


def limited(pid: int, kind: int, most: int) -> None:
    """Lowers or raises what a living process may take."""
    resource.prlimit(pid, kind, (most, resource.prlimit(pid, kind)[1]))


def first_free(pid: int) -> int:
    """The number that the next file a process opens would have."""
    taken = {int(name) for name in os.listdir(f"/proc/{pid}/fd")}
    return min(set(range(len(taken) + 1)) - taken)


@LINUX
def test_a_run_without_room_holds_says_why_and_goes_on(start, tmp_path: Path) -> None:
    """Of one worker in turn: no larger file may be written; no further file may be opened."""
    config = RunConfig().with_settings(SMALL | {"steps": 100_000, "snapshot_every": 5})
    folder = store.create_run(config, tmp_path)
    worker = start(folder)
    until(reached(folder, 5))
    handles = min(first_free(worker.pid) for _ in range(50))
    for kind, most, words in (
        (resource.RLIMIT_FSIZE, 8000, f"The disk of {folder} is full"),
        (resource.RLIMIT_NOFILE, handles, "Too many files are open"),
    ):
        usual = resource.prlimit(worker.pid, kind)[0]
        limited(worker.pid, kind, most)
        until(lambda: store.read_status(folder)["state"] == "held")
        status = store.read_status(folder)
        assert words in str(status["message"] or status["error"])
        rows = store.read_metrics(folder)
        limited(worker.pid, kind, usual)
        until(reached(folder, rows[-1]["step"] + 12))
        status = store.read_status(folder)
        assert (status["state"], status["message"]) == ("training", None)
        assert store.read_metrics(folder)[: len(rows)] == rows, "no row that was written is lost"
    limited(worker.pid, resource.RLIMIT_FSIZE, 8000)
    until(lambda: store.read_status(folder)["state"] == "held")
    store.send(folder, "stop")  # obeyed though nothing can be saved
    assert worker.wait(300) == 0
    assert "Traceback" not in worker.stderr.read()
    assert store.read_status(folder)["state"] == "stopped"
    steps = [row["step"] for row in store.read_metrics(folder)]
    assert steps == sorted(set(steps)) and set(range(11)) <= set(steps)
    assert "error" not in kinds(folder) and losses(folder)
    assert not list(folder.rglob(".[0-9]*-*")), "nothing half written is left"


ON_A_SMALL_DISK = """
    import json, subprocess, sys, time
    from contextlib import suppress
    from pathlib import Path
    from sslviz.config import RunConfig
    from sslviz.runs import store
    root = Path(sys.argv[1])
    def mount(*options):
        return subprocess.run(["mount", *options, str(root)], capture_output=True).returncode == 0
    def until(condition):
        end = time.monotonic() + 90
        while not condition():
            assert time.monotonic() < end
            time.sleep(0.05)
    if not mount("-t", "tmpfs", "-o", "size=40m", "none"):
        sys.exit(77)
    settings = json.loads(sys.argv[2])
    folder = store.create_run(RunConfig().with_settings(settings), root)
    pipe = subprocess.DEVNULL
    worker = subprocess.Popen(
        [sys.executable, "-m", "sslviz.training.worker", str(folder)], stdout=pipe, stderr=pipe
    )
    step = lambda: store.read_status(folder)["step"]
    told = []
    try:
        for full in (True, False):
            until(lambda: step() >= 5)
            filler = root / "filler"
            if full:
                with filler.open("wb", buffering=0) as file, suppress(OSError):
                    while True:
                        file.write(b"x" * 4096)
            else:
                until(lambda: mount("-o", "remount,ro"))
            until(lambda: store.read_status(folder)["state"] == "held")
            told.append(str(store.read_status(folder)["error"]))
            last = step()
            if full:
                filler.unlink()
            else:
                until(lambda: mount("-o", "remount,rw"))
            until(lambda: step() >= last + 5)
        store.send(folder, "stop")
        assert worker.wait(300) == 0
        steps = [row["step"] for row in store.read_metrics(folder)]
        assert steps == sorted(set(steps)) and set(range(11)) <= set(steps)
    finally:
        worker.kill()
    print(json.dumps(told))
"""


@pytest.mark.skipif(not shutil.which("unshare"), reason="needs a disk of its own")
def test_a_full_disk_and_a_read_only_one(tmp_path: Path) -> None:
    """In a mount namespace of its own, where the system lets an ordinary person have one."""
    script = textwrap.dedent(ON_A_SMALL_DISK)
    settings = json.dumps(SMALL | {"steps": 100_000, "snapshot_every": 5})
    done = subprocess.run(
        ["unshare", "-rm", sys.executable, "-c", script, str(tmp_path), settings],
        capture_output=True,
        text=True,
    )
    if done.returncode == 77 or "unshare" in done.stderr:
        pytest.skip("this system gives nobody a mount namespace")
    assert done.returncode == 0, done.stderr
    full, closed = json.loads(done.stdout)
    assert "is full: free some space there" in full and "it is read-only here" in closed


@LINUX
def test_a_start_that_cannot_write_leaves_no_half_folder(tmp_path: Path) -> None:
    """For each number of bytes a file may have: either a whole run is begun, or nothing of it."""
    script = """
        import resource, sys
        from pathlib import Path
        from sslviz.config import RunConfig
        from sslviz.refusal import Refusal
        from sslviz.runs import launch, process
        process.WORKER = "this"
        told = set()
        for most in (0, 1, 50, 200, 1000, 3000, 10**6):
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))
            root = Path(sys.argv[1]) / str(most)
            try:
                launch.start(RunConfig(), root, key="a press")
            except Refusal as refusal:
                told.add(str(refusal).replace(str(root), "ROOT"))
                left = [path.relative_to(root) for path in root.rglob("*")]
                assert all(path.parts[0] == ".queue" for path in left), left
                assert not list((root / ".queue").glob("0*")), "and it stands in no line"
                most = 0
        assert most, "with room it starts"
        print(*told, sep="\\n")
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), str(tmp_path)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "The disk of ROOT is full: free some space there.\n"


def test_what_is_wrong_with_a_place_is_one_sentence(tmp_path: Path) -> None:
    for number, words in (
        (errno.ENOSPC, "is full"),
        (errno.EDQUOT, "is full"),
        (errno.EROFS, "read-only"),
        (errno.EACCES, "read-only"),
        (errno.EMFILE, "Too many files"),
        (errno.EIO, "cannot be used"),
    ):
        assert words in str(trouble(OSError(number, os.strerror(number)), tmp_path))
    with pytest.raises(Refusal, match="read-only|cannot be used"):
        launch.start(RunConfig(), Path("/proc/nowhere"), key="a press")
