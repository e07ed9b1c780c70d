"""Runs that are named, pinned, deleted and brought back, in real folders."""

import json
import os
from pathlib import Path

import pytest

from sslviz.config import RunConfig
from sslviz.refusal import Refusal
from sslviz.runs.about import LONGEST_NAME, pin, read_about, rename
from sslviz.runs.create import create_run
from sslviz.runs.lease import lease_of, write_lease
from sslviz.runs.queue import join, leave
from sslviz.runs.remove import KEPT_SECONDS, delete, restore
from sslviz.runs.store import list_runs


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return create_run(RunConfig(), tmp_path)


def test_a_name_is_kept_beside_what_others_wrote(folder: Path) -> None:
    made = read_about(folder)["created_at"]
    facts = json.loads((folder / "about.json").read_text())
    (folder / "about.json").write_text(json.dumps(facts | {"group": "g"}))
    rename(folder, "  my\nrun \u202eabc ")
    pin(folder, True)
    assert read_about(folder) == {"created_at": made, "name": "my run abc", "pinned": True}
    assert json.loads((folder / "about.json").read_text())["group"] == "g"


@pytest.mark.parametrize("name", ["**bold** [x](y)", "👩‍🔬 실험", "עברית", "x" * LONGEST_NAME])
def test_names_come_back_as_they_were_given(folder: Path, name: str) -> None:
    rename(folder, name)
    assert read_about(folder)["name"] == name


def test_a_name_of_300_characters_is_refused_and_changes_nothing(folder: Path) -> None:
    rename(folder, "short")
    with pytest.raises(Refusal, match="300 characters"):
        rename(folder, "x" * 300)
    assert read_about(folder)["name"] == "short"
    with pytest.raises(Refusal, match="300 characters"):
        create_run(RunConfig(), folder.parent, "x" * 300)
    assert len(list_runs(folder.parent)) == 1


def test_a_deleted_run_comes_back_whole(folder: Path) -> None:
    root, files = folder.parent, sorted(path.name for path in folder.iterdir())
    delete(folder)
    assert list_runs(root) == []
    assert restore(folder.name, root) == folder
    assert sorted(path.name for path in folder.iterdir()) == files
    with pytest.raises(Refusal, match="no deleted run"):
        restore(folder.name, root)
    with pytest.raises(Refusal, match="no deleted run"):
        restore("../x", root)


def test_nothing_at_work_is_deleted(folder: Path) -> None:
    mine = lease_of(os.getpid(), 1)
    join(folder)
    with pytest.raises(Refusal, match="at work"):
        delete(folder)
    leave(folder)
    (folder / "evaluations").mkdir()
    for place in ("lease.json", "evaluations/1.launch"):
        write_lease(folder / place, mine)
        with pytest.raises(Refusal, match="at work"):
            delete(folder)
        (folder / place).unlink()
    record = {"state": "running", "lease": vars(mine)}
    (folder / "evaluations" / "1.json").write_text(json.dumps(record))
    with pytest.raises(Refusal, match="at work"):
        delete(folder)
    assert list_runs(folder.parent)


def test_what_was_deleted_long_ago_is_gone_for_good(folder: Path) -> None:
    root, other = folder.parent, create_run(RunConfig(), folder.parent)
    delete(folder)
    kept = root / ".deleted" / folder.name
    old = kept.stat().st_mtime - KEPT_SECONDS - 60
    os.utime(kept, (old, old))
    delete(other)
    with pytest.raises(Refusal, match="no deleted run"):
        restore(folder.name, root)
    restore(other.name, root)
