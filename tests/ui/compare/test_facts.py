"""What differs between runs, in words, found in real run folders."""

from pathlib import Path

from sslviz.config import RunConfig
from sslviz.runs.store import RunWriter, create_run
from sslviz.ui.compare.facts import differs, pairs
from sslviz.ui.text import speaking

COMPUTED = {"device": "cpu", "device_name": "CPU, 1 threads", "threads": 1, "n_train": 96}


def made(root: Path, facts: dict | None = None, **settings) -> Path:
    writer = RunWriter(create_run(RunConfig().with_settings(settings), root))
    writer.status(state="finished", precision="float32", **(COMPUTED | (facts or {})))
    writer.release()
    return writer.folder


def lines(*folders: Path) -> dict[str, list[str]]:
    with speaking("en"):
        return {line["label"]: line["values"] for line in differs(folders)}


def test_only_what_differs_is_told_once_and_in_words(tmp_path: Path) -> None:
    one = made(tmp_path)
    other = made(tmp_path, {"device_name": "CPU, 2 threads"}, **{"method.tau": 0.5, "view.hue": 0})
    assert lines(one, one) == {}
    found = lines(one, other)
    assert found["Temperature tau"] == ["0.2", "0.5"]
    assert found["Hue"][1] == "0" and "Hue, view 1" not in found
    assert found["Computed on"] == ["CPU, 1 threads", "CPU, 2 threads"]
    assert set(found) == {"Temperature tau", "Hue", "Computed on"}


def test_a_setting_that_one_method_does_not_have_is_a_dash(tmp_path: Path) -> None:
    found = lines(made(tmp_path), made(tmp_path, method="byol"))
    assert found["Method"] == ["SimCLR", "BYOL"]
    assert found["Temperature tau"][1] == "–"


def test_what_was_turned_meanwhile_is_told_and_is_no_pair(tmp_path: Path) -> None:
    one, other = made(tmp_path), made(tmp_path, **{"method.tau": 0.5})
    with speaking("en"):
        (sentence,) = pairs([one, other])
        assert "A and B are paired" in sentence and "only Temperature tau differs" in sentence
        third = made(tmp_path, seed=1, batch_size=32)
        assert "C are not a pair: they differ in 2 settings" in pairs([one, other, third])[1]
    assert lines(one, third)["Seed"] == ["0", "1"]
    writer = RunWriter(one)
    writer.event("set", 20, knob="lr", old=0.002, new=0.01)
    writer.release()
    assert lines(one, other)["Changed while it trained"] == ["Learning rate 0.01 from step 20", "–"]
    with speaking("en"):
        assert "not a pair" in pairs([one, other])[0]
