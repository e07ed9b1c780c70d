"""How often a test of faults tries; `python -m benchmarks.faults` tries more often."""

import os


def trials(usual: int) -> int:
    """`usual`, times SSLVIZ_TRIALS where that is set."""
    return usual * int(os.environ.get("SSLVIZ_TRIALS", 1))
