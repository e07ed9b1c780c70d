"""What an engine runs on its machines: a worker as a process of its own, ended with its parent."""

import os
import subprocess
import sys
import time

EVERY = 0.2  # seconds


def carry(module: list[str], home: str) -> int:
    """Runs `python -m <module>` with the house at `home` to its end; returns its exit code."""
    paths = [home, os.environ.get("PYTHONPATH", "")]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(p for p in paths if p)}
    process = subprocess.Popen([sys.executable, "-m", *module], env=environment)
    try:
        while process.poll() is None:
            time.sleep(EVERY)  # an engine's cancel is heard between two of these, not in a wait
        return process.returncode
    finally:
        process.terminate()
