"""How much longer a sweep takes than its runs train, on the places of this machine.

    python benchmarks/sweeps.py --runs 8 --steps 300

Trains one real sweep over seeds, in processes as from a press of the button, and prints the seconds
from there to its end, the sum of its runs' own seconds of training and looking divided by the
places, and the ratio. For a machine on which nothing else works.
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from sslviz.config import RunConfig  # noqa: E402
from sslviz.runs.queue import places  # noqa: E402
from sslviz.runs.store import newest_values, read_metrics, read_status  # noqa: E402
from sslviz.sweeps.conduct import conducted, start_conducting  # noqa: E402
from sslviz.sweeps.folder import create_sweep, members  # noqa: E402
from sslviz.sweeps.sweep import Sweep  # noqa: E402


def measured(runs: int, **settings: Any) -> dict[str, Any]:
    """Seconds of a sweep of so many seeds, of its runs together a place, and their ratio."""
    with tempfile.TemporaryDirectory() as place:
        sweep = Sweep(RunConfig().with_settings(settings), (), tuple(range(runs)))
        folder = create_sweep(sweep, Path(place))
        began = time.monotonic()
        start_conducting(folder)
        while conducted(folder):
            time.sleep(0.05)
        wall = time.monotonic() - began
        trained = list(members(folder).values())
        states = {read_status(run)["state"] for run in trained}
        if len(trained) < runs or states != {"finished"}:
            raise SystemExit(f"The sweep did not come to its end: {len(trained)} runs, {states}.")
        own = sum(newest_values(read_metrics(run))["seconds"] for run in trained)
    work = own / min(places(), runs)
    return {
        "runs": runs,
        "places": places(),
        "wall_seconds": round(wall, 1),
        "training_seconds_a_place": round(work, 1),
        "ratio": round(wall / work, 3),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=8)
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--device", default="auto")
    asked = parser.parse_args()
    print(json.dumps(measured(asked.runs, steps=asked.steps, device=asked.device)))


if __name__ == "__main__":
    main()
