"""What presets do on `shapes`: `python -m benchmarks.shapes simclr colour_shortcut --seeds 0 1`.

Trains each preset with the real worker, one after the other, and prints a table. The kNN accuracy
is that of the app: k = 20, cosine, among 1,000 held-out images, each image left out of its own
vote. Seconds are those of the training loop, snapshots included.
"""

import argparse
import tempfile
from pathlib import Path

from sslviz.presets.catalogue import PRESETS
from sslviz.runs import store
from sslviz.training.worker import run

COLUMNS = (
    "loss", "knn_h", "knn_z", "probe_bg_hue_h", "feature_std_z", "effective_rank_h",
    "effective_rank_z", "seconds",
)  # fmt: skip


def measured(name: str, seed: int, settings: dict[str, str], root: Path) -> list[str]:
    config = PRESETS[name].config.with_settings({"seed": seed, **settings})
    folder = store.create_run(config, root, name)
    run(folder)
    rows = store.read_metrics(folder)
    newest = store.newest_values(rows)
    good = [row["seconds"] for row in rows if row.get("knn_h", 0) >= 0.85 and "seconds" in row]
    status = store.read_status(folder)
    cells = [f"{newest[column]:.3g}" for column in COLUMNS]
    cells += [f"{good[0]:.0f}" if good else "-", f"{100 * status['looking_share']:.1f}%"]
    return [name, str(seed), *cells, newest["verdict"]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("presets", nargs="+", choices=PRESETS)
    parser.add_argument("--seeds", nargs="+", type=int, default=[0])
    parser.add_argument("--set", nargs="*", default=[], metavar="KEY=VALUE")
    asked = parser.parse_args()
    settings = dict(entry.split("=", 1) for entry in asked.set)
    head = ("preset", "seed", *COLUMNS, "s to kNN 0.85", "looking", "verdict")
    print("|", " | ".join(head), "|")
    print("|" + "---|" * len(head))
    with tempfile.TemporaryDirectory() as root:
        for name in asked.presets:
            for seed in asked.seeds:
                print("|", " | ".join(measured(name, seed, settings, Path(root))), "|", flush=True)


if __name__ == "__main__":
    main()
