"""Everything about a CUDA device in one command: `python -m benchmarks.gpu_check --out FOLDER`.

Needs torch, numpy, safetensors, pillow and this repository; the usual way also torchvision. Ends by
itself in under 9 minutes. `--dry`: all of it at toy size on the CPU.
"""

import argparse
from datetime import date
from pathlib import Path
from time import monotonic

import torch

from benchmarks.parts import cifar, device, live
from benchmarks.parts.report import Asked, Part, end_for_certain, measure

PARTS: dict[str, Part] = {
    "losses": device.losses,
    "step_times": device.step_times,
    "resnet18": device.resnet18,
    "looks": device.looks,
    "against_usual": device.against_usual,
    "gpu_tests": device.gpu_tests,
    "live": live.live,
    "record_run": cifar.record_run,
}


def main(words: list[str] | None = None) -> int:
    """Returns 1 where a part has failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("gpu_check"))
    parser.add_argument("--cifar", type=Path, help="cifar-10-binary.tar.gz, or a folder or zip")
    parser.add_argument("--minutes", type=float, default=8.3)
    parser.add_argument("--only", nargs="*", choices=PARTS, default=list(PARTS))
    parser.add_argument("--dry", action="store_true", help="toy sizes on the CPU")
    asked = parser.parse_args(words)
    if not asked.dry and not torch.cuda.is_available():
        parser.error("there is no CUDA device here; --dry runs everything on the CPU.")
    seconds = 60 * asked.minutes
    end_for_certain(seconds + 30)
    where = torch.device("cpu" if asked.dry else "cuda")
    what = Asked(where, monotonic() + seconds, asked.dry, asked.cifar)
    facts = device.card(where) | {"date": date.today().isoformat(), "dry": asked.dry}
    parts = {name: part for name, part in PARTS.items() if name in asked.only}
    results = measure(parts, what, asked.out, facts)
    return int(any("error" in found for found in results.values()))


if __name__ == "__main__":
    raise SystemExit(main())
