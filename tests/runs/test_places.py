"""How many runs train at once: what a person says, else what the machine has room for."""

import os

import pytest

from sslviz.runs import queue


@pytest.fixture
def device(tmp_path, monkeypatch):
    """A machine whose own tool reports that much memory, in MiB."""

    def having(answer):
        tool = tmp_path / "nvidia-smi"
        tool.write_text(f"#!/bin/sh\necho '{answer}'\n")
        tool.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
        monkeypatch.delenv("SSLVIZ_MAX_RUNS", raising=False)
        monkeypatch.setattr(os, "cpu_count", lambda: 16)
        queue.cuda_gigabytes.cache_clear()

    yield having
    queue.cuda_gigabytes.cache_clear()


@pytest.mark.parametrize(
    ("answer", "places"),
    [("81559", 8), ("40960", 5), ("24576", 3), ("8192", 2), ("No devices were found", 2), ("", 2)],
)
def test_a_device_has_as_many_places_as_its_memory_holds(device, answer, places):
    device(answer)
    assert queue.places() == places


def test_every_run_has_a_core_of_its_own(device, monkeypatch):
    device("81559")
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    assert queue.places() == 4


@pytest.mark.parametrize(("words", "places"), [("5", 5), ("0", 8), ("-3", 8), ("many", 8)])
def test_what_a_person_says_goes_first_and_nonsense_does_not(device, monkeypatch, words, places):
    device("81559")
    monkeypatch.setenv("SSLVIZ_MAX_RUNS", words)
    assert queue.places() == places
