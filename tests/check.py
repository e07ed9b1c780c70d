"""Everything that must hold before a change lands: style, types, tests. Exits 1 if any fails."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
COMMANDS = (
    ["-m", "ruff", "check", "."],
    ["-m", "ruff", "format", "--check", "."],
    ["-m", "basedpyright", "--pythonpath", sys.executable],
    ["-m", "pytest", "-q", "-n", "auto", "--dist", "loadfile", *sys.argv[1:]],
)

failed = False
for command in COMMANDS:
    print("$ python", *command, flush=True)
    failed |= subprocess.run([sys.executable, *command], cwd=ROOT).returncode != 0
sys.exit(failed)
