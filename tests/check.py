"""Everything that must hold before a change lands: style, types, tests. Exits 1 if any fails."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
# tests wait for the processes they start: one more than there are cores keeps all cores busy
WORKERS = str((os.cpu_count() or 1) + 1)
SPREAD = ("-n", WORKERS, "--dist", "loadfile", "--no-loadscope-reorder")
COMMANDS = (
    ["-m", "ruff", "check", "."],
    ["-m", "ruff", "format", "--check", "."],
    ["-m", "basedpyright", "--pythonpath", sys.executable],
    ["-m", "pytest", "-q", *SPREAD, *sys.argv[1:]],
)
# the app is compiled once, not by each of the hundreds of processes that the tests start
COMPILED = os.environ | {"PYTHONDONTWRITEBYTECODE": ""}

failed = False
for command in COMMANDS:
    print("$ python", *command, flush=True)
    failed |= subprocess.run([sys.executable, *command], cwd=ROOT, env=COMPILED).returncode != 0
sys.exit(failed)
