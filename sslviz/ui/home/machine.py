"""What this machine can train on, asked of the system and never of torch."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from sslviz.ui.text import _, literal


@dataclass(frozen=True)
class Device:
    """A GPU, or the processor where `cores` is set; memory in GiB."""

    name: str
    free: float
    total: float
    cores: int = 0


@st.cache_data(ttl=5, show_spinner=False)
def devices() -> list[Device]:
    """The CUDA devices that nvidia-smi lists; without any, the processor."""
    return _gpus() or [_processor()]


def _gpus() -> list[Device]:
    if not shutil.which("nvidia-smi"):
        return []
    query = ["nvidia-smi", "--query-gpu=name,memory.free,memory.total"]
    try:
        answer = subprocess.run(
            [*query, "--format=csv,noheader,nounits"], capture_output=True, text=True, timeout=5
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    return read_gpus(answer.stdout) if answer.returncode == 0 else []


def read_gpus(lines: str) -> list[Device]:
    """nvidia-smi's lines `name, free MiB, total MiB`; lines without numbers are left out."""
    found = []
    for line in lines.splitlines():
        name, *memory = (part.strip() for part in line.split(","))
        if len(memory) == 2 and all(part.isdecimal() for part in memory):
            free, total = (int(part) / 1024 for part in memory)
            found.append(Device(name, free, total))
    return found


def _processor() -> Device:
    facts = dict(_memory_lines())
    return Device(
        "CPU",
        facts.get("MemAvailable", 0.0),
        facts.get("MemTotal", 0.0),
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
    )


def _memory_lines() -> list[tuple[str, float]]:
    path = Path("/proc/meminfo")
    if not path.exists():
        return []
    rows = (line.split() for line in path.read_text().splitlines())
    return [(row[0].rstrip(":"), int(row[1]) / 1024**2) for row in rows if len(row) >= 2]


def show() -> None:
    """One line: what trains here, and how much memory is free."""
    for device in devices():
        memory = _("{free:.1f} of {total:.0f} GiB memory free").format(**vars(device))
        cores = _("{cores} cores").format(cores=device.cores) if device.cores else ""
        st.caption(
            " · ".join(filter(None, (f":material/memory: {literal(device.name)}", cores, memory)))
        )
