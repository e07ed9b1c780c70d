"""The file that says whether somebody watches: fresh, stale, from the future, or in the way."""

import os
import time
from pathlib import Path

import pytest

from sslviz.runs.watched import AHEAD_SECONDS, FRESH_SECONDS, WATCHED, Watched, note_watched


def touched(folder: Path, seconds_ago: float) -> None:
    (folder / WATCHED).touch()
    then = time.time() - seconds_ago
    os.utime(folder / WATCHED, (then, then))


def test_a_run_is_watched_while_the_file_is_fresh(tmp_path: Path):
    assert not Watched(tmp_path)
    note_watched(tmp_path)
    assert Watched(tmp_path)


@pytest.mark.parametrize("ago", [FRESH_SECONDS + 1, 1e6, -AHEAD_SECONDS - 60, -1e6])
def test_a_stale_file_or_one_from_the_future_is_nobody(tmp_path: Path, ago: float):
    touched(tmp_path, ago)
    assert not Watched(tmp_path)
    note_watched(tmp_path)
    assert Watched(tmp_path)


def test_it_is_touched_once_a_second_however_many_ask(tmp_path: Path):
    touched(tmp_path, 0.0)
    before = (tmp_path / WATCHED).stat().st_mtime_ns
    for _ in range(30):
        note_watched(tmp_path)
    touches = (tmp_path / WATCHED).stat().st_mtime_ns != before
    assert touches <= (time.time() - before / 1e9 >= 1)


def test_what_cannot_be_touched_is_left_alone(tmp_path: Path):
    note_watched(tmp_path / "deleted")
    assert not (tmp_path / "deleted").exists()
    (tmp_path / WATCHED).symlink_to(tmp_path / "elsewhere")
    note_watched(tmp_path)
    assert not (tmp_path / "elsewhere").exists()
    (tmp_path / WATCHED).unlink()
    (tmp_path / WATCHED).mkdir()
    note_watched(tmp_path)
    assert os.listdir(tmp_path) == [WATCHED]
