"""How fast sslviz is on this machine: `python -m benchmarks [--quick] [--only PART ...]`.

Ends by itself in under 10 minutes. What each part measures is in benchmarks/README.md.
"""

import argparse
from datetime import date
from pathlib import Path
from time import monotonic

import torch

from benchmarks.parts import augmentation, growth, steps
from benchmarks.parts.report import Asked, Part, end_for_certain, measure
from benchmarks.recording import processor

PARTS: dict[str, Part] = {
    "step": steps.against_usual,
    "breakdown": steps.breakdown,
    "ops": augmentation.ops,
    "recipes": augmentation.recipes,
    "looks": growth.looks,
    "viewers": growth.viewers,
    "training": growth.training,
    "probes": growth.probes,
    "folders": growth.folders,
}


def main(words: list[str] | None = None) -> int:
    """Returns 1 where a part has failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("benchmarks-here"))
    parser.add_argument("--quick", action="store_true", help="toy sizes: does everything run?")
    parser.add_argument("--only", nargs="*", choices=PARTS, default=list(PARTS))
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--minutes", type=float, default=9.0)
    asked = parser.parse_args(words)
    seconds = 60 * asked.minutes
    end_for_certain(seconds + 45)
    what = Asked(torch.device(asked.device), monotonic() + seconds, asked.quick)
    facts = {"processor": processor(), "threads": torch.get_num_threads()}
    facts |= {"torch": torch.__version__, "date": date.today().isoformat(), "quick": asked.quick}
    parts = {name: part for name, part in PARTS.items() if name in asked.only}
    results = measure(parts, what, asked.out, facts)
    return int(any("error" in found for found in results.values()))


if __name__ == "__main__":
    raise SystemExit(main())
