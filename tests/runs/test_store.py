"""The run folder: what is written is read back, torn and hostile files included."""

import json
import math
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest

from sslviz.config import RunConfig
from sslviz.refusal import Refusal
from sslviz.runs.store import (
    RunWriter,
    create_run,
    find_run,
    newest_checkpoint,
    newest_values,
    read_config,
    read_events,
    read_metrics,
    read_snapshot,
    read_status,
    send,
    snapshot_steps,
)


def test_a_config_comes_back_as_it_went_in(tmp_path: Path):
    config = RunConfig(seed=3).with_settings({"method.tau": 0.07, "view2.hue": 0.3})
    folder = create_run(config, tmp_path, "My run / ../ with? odd words")
    assert read_config(folder) == RunConfig.from_json(config.to_json())
    assert folder.parent == tmp_path
    assert find_run(folder.name, tmp_path) == folder


def test_two_runs_of_the_same_second_have_two_folders(tmp_path: Path):
    assert len({create_run(RunConfig(), tmp_path) for _ in range(20)}) == 20


def test_numbers_that_are_not_finite_become_null(writer: RunWriter, folder: Path):
    writer.metrics({"step": 0, "loss": math.nan, "a": [math.inf, 1.0], "b": np.float32(2.5)})
    line = (folder / "metrics.jsonl").read_text()
    row = json.loads(line, parse_constant=lambda word: pytest.fail(f"{word} is not JSON"))
    assert row == {"step": 0, "loss": None, "a": [None, 1.0], "b": 2.5}


def test_rows_of_one_step_are_one_row_and_the_newest_values_win(writer: RunWriter, folder: Path):
    writer.metrics({"step": 1, "loss": 2.0, "knn_h": 0.5})
    writer.metrics({"step": 1, "snapshot": True})
    writer.metrics({"step": 2, "loss": 1.0, "knn_h": None})
    rows = read_metrics(folder)
    assert rows[0] == {"step": 1, "loss": 2.0, "knn_h": 0.5, "snapshot": True}
    assert newest_values(rows) == {"step": 2, "loss": 1.0, "knn_h": 0.5, "snapshot": True}
    assert read_metrics(folder, after=1) == rows[1:]


@pytest.mark.parametrize("torn", [b'{"step": 1, "lo', b"\x00\x00", b"{" * 200_000])
def test_a_torn_tail_is_passed_over_and_cut_before_the_next_row(folder: Path, torn: bytes):
    (folder / "metrics.jsonl").write_bytes(b'{"step": 0, "loss": 1.0}\n' + torn)
    assert [row["step"] for row in read_metrics(folder)] == [0]
    RunWriter(folder).metrics({"step": 1, "loss": 0.5})
    assert [row["step"] for row in read_metrics(folder)] == [0, 1]


def test_a_file_that_is_one_torn_line_becomes_empty(folder: Path):
    (folder / "metrics.jsonl").write_bytes(b"x" * 200_000)
    RunWriter(folder)
    assert (folder / "metrics.jsonl").read_bytes() == b""


def test_lines_that_are_not_rows_are_passed_over(folder: Path):
    lines = [b"[1]", b'{"loss": 1}', b'{"step": "2"}', b"\xff\xfe", b"[" * 50_000, b'{"step": 3}']
    (folder / "metrics.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    assert read_metrics(folder) == [{"step": 3}]


def test_a_full_disk_leaves_no_half_row(folder: Path):
    script = """
        import resource, signal, sys
        from pathlib import Path
        from sslviz.runs.store import RunWriter
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        writer = RunWriter(Path(sys.argv[1]))
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
        for step in range(100):
            try:
                writer.metrics({"step": step, "text": "x" * 90})
            except OSError:
                print(step)
                break
    """
    refused = int(_python(script, folder).stdout)
    data = (folder / "metrics.jsonl").read_bytes()
    assert 0 < refused < 100 and data.endswith(b"\n")
    assert [row["step"] for row in read_metrics(folder)] == list(range(refused))


def test_snapshots_come_back_and_are_listed_in_order(writer: RunWriter, folder: Path):
    arrays = {"a": np.arange(6, dtype=np.float16).reshape(2, 3), "b": np.arange(3, dtype=np.int16)}
    for step in (1200, 0, 30):
        writer.snapshot(step, arrays)
    assert snapshot_steps(folder) == [0, 30, 1200]
    assert (folder / "snapshots" / "00001200.npz").is_file()
    back = read_snapshot(folder, 30)
    for name, array in arrays.items():
        np.testing.assert_array_equal(back[name], array)
        assert back[name].dtype == array.dtype


def test_a_pickle_in_a_snapshot_is_refused_unread(folder: Path, tmp_path: Path):
    class Trap:
        def __reduce__(self):
            return Path.touch, (tmp_path / "canary",)

    hostile = np.array([Trap()], dtype=object)
    np.savez(folder / "snapshots" / "00000001.npz", a=hostile, allow_pickle=True)
    with pytest.raises(Refusal, match="damaged"):
        read_snapshot(folder, 1)
    assert not (tmp_path / "canary").exists()


def test_a_snapshot_cut_anywhere_is_one_sentence(writer: RunWriter, folder: Path):
    writer.snapshot(1, {"a": np.random.default_rng(0).normal(size=(50, 3))})
    path = folder / "snapshots" / "00000001.npz"
    whole = path.read_bytes()
    for sixteenth in range(16):
        path.write_bytes(whole[: len(whole) * sixteenth // 16])
        with pytest.raises(Refusal, match="damaged"):
            read_snapshot(folder, 1)


def test_rewinding_makes_steps_contiguous(writer: RunWriter, folder: Path):
    for step in range(10):
        writer.metrics({"step": step, "loss": 1.0})
        writer.snapshot(step, {"a": np.zeros(1)})
    writer.event("set", 8, knob="method.tau", old=0.1, new=0.2)
    writer.event("error", 9, message="The loss is not finite.")
    writer.rewind(5)
    writer.metrics({"step": 6, "loss": 0.5})
    assert [row["step"] for row in read_metrics(folder)] == list(range(7))
    assert snapshot_steps(folder) == list(range(6))
    assert [event["kind"] for event in read_events(folder)] == ["error"]


def test_commands_are_taken_once_in_order_and_malformed_ones_become_events(
    writer: RunWriter, folder: Path
):
    asked = [send(folder, "pause"), send(folder, "set", changes={"method.tau": 0.3})]
    bad = ("{", "[]", '{"command": "rm"}', '{"command": "set", "changes": {"lr": []}}')
    for i, text in enumerate(bad):
        (folder / "inbox" / f"9{i}-hostile.json").write_text(text)
    taken = writer.commands()
    assert [c["command"] for c in taken] == ["pause", "set"]
    assert taken[1] == {"command": "set", "changes": {"method.tau": 0.3}, "id": asked[1]}
    assert taken[0]["id"] == asked[0]
    assert [event["kind"] for event in read_events(folder)] == ["error"] * 4
    assert writer.commands() == []
    with pytest.raises(Refusal, match="not a command"):
        send(folder, "delete")


def test_checkpoints_keep_two_generations(writer: RunWriter, folder: Path):
    assert newest_checkpoint(folder) is None
    for step in (10, 20, 30):
        writer.checkpoint(lambda path, s=step: path.write_text(f"weights {s}"), {"step": step})
    path, state = newest_checkpoint(folder)
    assert (path.read_text(), state) == ("weights 30", {"step": 30})
    path.write_text("weights 3O")  # one wrong byte in the newest
    path, state = newest_checkpoint(folder)
    assert (path.read_text(), state) == ("weights 20", {"step": 20})
    writer.checkpoint(lambda p: p.write_text("weights 40"), {"step": 40})
    assert newest_checkpoint(folder)[1] == {"step": 40}
    assert path.read_text() == "weights 20"  # the broken one was overwritten, not the good one


@pytest.mark.parametrize("text", ["", "{", "[]", '{"generation": 9}', "\x00" * 10])
def test_a_broken_checkpoint_record_falls_back(writer: RunWriter, folder: Path, text: str):
    for step in (1, 2):
        writer.checkpoint(lambda path: path.write_bytes(b"w"), {"step": step})
    newest, _ = newest_checkpoint(folder)
    newest.with_suffix(".json").write_text(text)
    assert newest_checkpoint(folder)[1] == {"step": 1}


def test_a_failed_checkpoint_leaves_the_old_ones(writer: RunWriter, folder: Path):
    def full_disk(path: Path) -> None:
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    writer.checkpoint(lambda path: path.write_bytes(b"w"), {"step": 1})
    writer.checkpoint(lambda path: path.write_bytes(b"w"), {"step": 2})
    before = sorted(path.name for path in folder.iterdir())
    with pytest.raises(OSError):
        writer.checkpoint(full_disk, {"step": 3})
    assert newest_checkpoint(folder)[1] == {"step": 2}
    assert sorted(path.name for path in folder.iterdir()) == before


def test_readers_see_whole_files_while_a_writer_writes(folder: Path):
    script = """
        import sys, numpy as np
        from pathlib import Path
        from sslviz.runs.store import RunWriter
        writer = RunWriter(Path(sys.argv[1]))
        for step in range(300):
            writer.snapshot(step, {"a": np.full(50, step)})
            writer.metrics({"step": step, "loss": 1.0, "text": "x" * 3000})
            writer.status(state="training", step=step)
        writer.status(state="finished")
    """
    process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(script), str(folder)])
    seen = 0
    while process.poll() is None:
        status, rows = read_status(folder), read_metrics(folder)
        assert status["error"] is None
        assert [row["step"] for row in rows] == list(range(len(rows)))
        for step in snapshot_steps(folder)[-1:]:
            assert (read_snapshot(folder, step)["a"] == step).all()
        seen += 0 < len(rows) < 300
    assert process.returncode == 0 and seen > 1
    assert read_status(folder)["state"] == "finished" and len(read_metrics(folder)) == 300


def _python(script: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", textwrap.dedent(script), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=True)
