"""What the home page says of the machine."""

import os

import pytest

from sslviz.ui.home.machine import Device, devices, read_gpus


def test_nvidia_smi_lines() -> None:
    lines = "NVIDIA H200, 102400, 143771\nTesla T4, 1024, 15360\n"
    assert read_gpus(lines) == [
        Device("NVIDIA H200", 100.0, pytest.approx(140.4, abs=0.01)),
        Device("Tesla T4", 1.0, 15.0),
    ]


@pytest.mark.parametrize(
    "lines", ["", "No devices were found", "NVIDIA X, [N/A], [N/A]", "NVIDIA-SMI has failed, a, b"]
)
def test_lines_without_numbers_are_no_device(lines: str) -> None:
    assert read_gpus(lines) == []


def test_without_nvidia_smi_the_processor_trains(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    devices.clear()
    (processor,) = devices()
    assert processor.cores == len(os.sched_getaffinity(0))
    page = os.sysconf("SC_PAGE_SIZE")
    assert processor.total == pytest.approx(os.sysconf("SC_PHYS_PAGES") * page / 2**30, rel=0.02)
    assert 0 < processor.free <= processor.total
