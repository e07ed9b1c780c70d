"""What was tried to break it: `python -m benchmarks.faults [--times 10]` prints the README's table.

Each row runs the tests that stand beside it, with `times` as many trials as in the suite where a
test tries something often. Exits 1 if any of them fails.
"""

import argparse
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Fault:
    """A row: what is done, how much of it (`{n}`: `usual` times the factor), and the tests."""

    words: str
    tests: tuple[str, ...]
    usual: int = 0
    only: str = ""


FAULTS = (
    Fault("{n} kills of a worker at any instant", ("tests/runs/test_lease.py",), 6, "kills"),
    Fault(
        "{n} damaged inputs: every file of a run missing, cut, flipped, garbage, of odd values, "
        "shapes and kinds, links, pipes, bombs; pages, feed and command line",
        ("tests/runs/test_damage.py",),
        580,
    ),
    Fault(
        "bad input on the command line: numbers, names, configs, an ASCII terminal",
        ("tests/cli/test_cli.py",),
        0,
        "bad_input or config_that or ascii",
    ),
    Fault("{n} odd addresses and recipes in a link", ("tests/ui/test_queries.py",), 300),
    Fault(
        "uploads at once: {n} by 4 threads, 240 by 4 processes; bombs, full disk",
        ("tests/ui/recipe/test_own_data.py",),
        240,
    ),
    Fault(
        "a full disk, a read-only one, too many files; a start without room",
        ("tests/training/test_room.py",),
    ),
    Fault(
        "resume: torn and foreign checkpoints, none at all, a killed save, too little memory",
        ("tests/training/test_resume.py",),
    ),
    Fault(
        "SIGTERM in Python, in C, in a system call; kills by the kernel",
        ("tests/training/test_ending.py",),
    ),
    Fault(
        "places: presses at once, a long queue, silent, frozen, stale and foreign processes",
        ("tests/runs/test_launch.py", "tests/runs/test_lease.py", "tests/runs/test_line.py"),
        0,
        "not kills",
    ),
    Fault(
        "foreign names and pages, guessed codes",
        ("tests/ui/test_hosts.py", "tests/ui/test_access.py"),
    ),
    Fault(
        "foreign text in every parameter, name and file; an app that others can reach",
        ("tests/browser/test_plain_text.py", "tests/browser/test_network.py"),
    ),
    Fault(
        "people's own images: names, splits, kinds, ranges, sizes, paths",
        ("tests/data", "tests/ui/recipe"),
    ),
)


def result(fault: Fault, times: int) -> tuple[str, bool]:
    """What pytest says at the end, in words, and whether all is well."""
    command = [sys.executable, "-m", "pytest", "-q", *fault.tests]
    command += ["-k", fault.only] if fault.only else []
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | {"SSLVIZ_TRIALS": str(times)},
        capture_output=True,
        text=True,
    )
    counts = re.findall(r"(\d+) (passed|failed|skipped|errors?)", done.stdout.rpartition("\n=")[2])
    counts = counts or re.findall(r"(\d+) (passed|failed|skipped|errors?)", done.stdout)
    told = ", ".join(f"{n} {word}" for n, word in counts) or f"exit code {done.returncode}"
    if done.returncode:
        print(done.stdout, done.stderr, file=sys.stderr)
    return told, done.returncode == 0


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--times", type=int, default=10, help="as many trials as in the suite")
    times = max(1, arguments.parse_args().times)
    print("| fault | test | result |\n|---|---|---|", flush=True)
    well = True
    for fault in FAULTS:
        told, passed = result(fault, times)
        tests = ", ".join(f"`{test.removeprefix('tests/')}`" for test in fault.tests)
        words = fault.words.format(n=f"{fault.usual * times:,}")
        print(f"| {words} | {tests} | {told} |", flush=True)
        well &= passed
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
