"""SIGTERM is obeyed within seconds wherever a process is: in Python, in C, in a system call."""

import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from sslviz.runs import store
from sslviz.training.ending import GRACE
from tests.training.waits import TINY, is_now, new_run, reached
from tests.waiting import until

BODIES = {  # what the process is doing when it is asked
    "python": "while True: pass",
    "sleep": "time.sleep(3600)",
    "a library that hides errors": """
        while True:
            try:
                time.sleep(0.01)
            except Exception:
                pass
    """,
    "one long call of C": "sum(range(10**15))",
    "one that never lets go of Python": "import re; re.match(r'(a|aa)+$', 'a' * 200 + 'b')",
    "another thread holds a lock": """
        import threading
        lock = threading.Lock(); lock.acquire(); lock.acquire()
    """,
}
PROCESS = """
    import signal, sys, time
    from sslviz.training.ending import Ended, Ending
    ending = Ending()
    try:
        with ending.listening(signal.SIGTERM):
            print("ready", flush=True)
            BODY
    except Ended:
        sys.exit(128 + ending.asked)
"""


@pytest.mark.parametrize("where", BODIES)
def test_a_process_ends_wherever_it_is(where: str) -> None:
    body = textwrap.indent(textwrap.dedent(BODIES[where]).strip(), " " * 8).strip()
    script = textwrap.dedent(PROCESS).replace("BODY", body)
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None and process.stdout.readline() == b"ready\n"
        process.send_signal(signal.SIGTERM)
        ended = process.wait(300)
        heard = 128 + signal.SIGTERM  # also where the signal came just before the call of C
        assert ended == heard or ("of C" in where and ended == -signal.SIGKILL)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
    assert GRACE < 5


def test_a_worker_asked_to_end_saves_and_says_so(start, tmp_path: Path) -> None:
    """While it loads its libraries, while it trains, and while it is paused."""
    folder = new_run(tmp_path, **TINY, steps=100_000)
    worker = start(folder)
    until(lambda: store.read_status(folder)["phase"] is not None)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(300) == 128 + signal.SIGTERM
    assert store.read_status(folder)["state"] == "stopped"
    worker = start(folder)
    until(is_now(folder, "training"))
    until(reached(folder, 2))
    store.send(folder, "pause")
    until(is_now(folder, "paused"))
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(300) == 0
    assert store.read_status(folder)["state"] == "stopped"
    found = store.newest_checkpoint(folder)
    assert found and found[1]["step"] == store.read_status(folder)["step"]


@pytest.mark.parametrize("memory", [True, False])
def test_a_kill_for_want_of_memory_is_told_as_such(tmp_path: Path, memory: bool, monkeypatch):
    """The kernel counts such kills; what it counted while the worker ran is what ended it."""
    from sslviz.runs import ended

    folder = new_run(tmp_path)
    store.RunWriter(folder)  # its lease is of this process, which lives: so it is freed below
    counted = iter([3] if not memory else [4])
    monkeypatch.setattr(ended, "oom_kills", lambda: next(counted))
    ended.write_end(folder, 1, -signal.SIGKILL, 3)
    (folder / "lease.json").write_text('{"pid":4194305,"start_time":"1","boot_id":"x","attempt":1}')
    status = store.read_status(folder)
    assert status["state"] == "interrupted"
    assert ("ran out of memory" in str(status["error"])) == memory
    assert ("killed" in str(status["error"])) != memory


def test_the_kernels_counters_are_read_as_they_stand(tmp_path: Path, monkeypatch) -> None:
    from sslviz.runs import ended

    files = {
        "cgroup v2": "low 0\nhigh 0\nmax 5\noom 2\noom_kill 7\noom_group_kill 0\n",
        "cgroup v1": "oom_kill_disable 0\nunder_oom 0\noom_kill 7\n",
        "vmstat": "nr_free_pages 3\noom_kill 7\n",
    }
    for text in files.values():
        path = tmp_path / "counter"
        path.write_text(text)
        monkeypatch.setattr(ended, "_group_files", lambda path=path: [tmp_path / "none", path])
        assert ended.oom_kills() == 7
    path.write_text("oom_kill\noom_kill x\n")
    assert ended.oom_kills() >= 0
