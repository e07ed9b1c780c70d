"""What an engine runs on its machines: a worker as a process of its own, ended with its parent."""

import os
import subprocess
import sys


def carry(module: list[str], home: str) -> int:
    """Runs `python -m <module>` with the house at `home` to its end; returns its exit code."""
    paths = [home, os.environ.get("PYTHONPATH", "")]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(p for p in paths if p)}
    process = subprocess.Popen([sys.executable, "-m", *module], env=environment)
    try:
        return process.wait()
    finally:
        process.terminate()
