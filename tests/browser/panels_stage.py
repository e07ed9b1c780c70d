"""A page with all panels, a server for it, and a run folder that grows as a test says."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import numpy as np

from sslviz.config import RunConfig
from sslviz.runs.store import RunWriter, create_run

ROOT = Path(__file__).parents[2]
N, WIDTH = 8, 16

PAGE = """
import streamlit as st
from sslviz.ui.panels.collapse import collapse_view
from sslviz.ui.panels.curves import curves_view
from sslviz.ui.panels.histogram import histogram_view
from sslviz.ui.panels.matrix import matrix_view
from sslviz.ui.panels.status import status_strip

st.set_page_config(layout="wide")
run = st.query_params["run"]
st.text_input("Something that reruns the page")
status_strip(run, key="status")
matrix_view(run, key="matrix", height=220)
histogram_view(run, key="histogram", height=120)
collapse_view(run, key="collapse", height=240)
for which in ("loss", "knn", "probes"):
    curves_view(run, key=which, height=170, which=which)
"""
APP = """
import streamlit as st
from sslviz.ui.routes import routes
app = st.App("page.py", routes=routes)
"""


class Trained:
    """A run whose z is `spread` of its own direction for each image and the rest in common."""

    def __init__(self, root: Path, **settings) -> None:
        config = RunConfig().with_settings({"steps": 100, "method.tau": 0.5, **settings})
        self.folder = create_run(config, root)
        self.writer = RunWriter(self.folder)
        self.step = -1
        self.more: dict[str, float] = {}  # goes into every row
        draw = np.random.default_rng(0)
        tiles = draw.integers(0, 255, (2 * N, 8, 8, 3), dtype=np.uint8)
        labels = np.arange(N, dtype=np.int16) % 2
        self.writer.images({
            "probe": tiles[:N], "views": tiles, "labels": labels, "diag_labels": labels,
            "info": np.array('{"class_names": ["left", "right"], "factors": {}}'),
        })  # fmt: skip
        self.own = np.tile(np.eye(N, WIDTH), (2, 1))
        self.common = np.eye(1, WIDTH, WIDTH - 1)

    def until(self, step: int, spread: float, verdict: str = "healthy", reason: str = "ok") -> None:
        """Plain rows up to `step`, then a snapshot there."""
        for s in range(self.step + 1, step):
            self.writer.metrics({"step": s, "loss": 3 - s / 100, "chance_loss": 2.7} | self.more)
        z = spread * self.own + (1 - spread) * self.common
        z = z / np.linalg.norm(z, axis=1, keepdims=True)
        similarity = (z @ z.T).astype(np.float16)
        counts = np.zeros(80, np.int32)
        counts[-1] = N
        spectrum = np.linspace(1, 0.1, WIDTH).astype(np.float32)
        self.writer.snapshot(step, {
            "similarity": similarity, "histogram_positive": counts,
            "histogram_negative": counts[::-1], "spectrum_h": spectrum, "spectrum_z": spectrum,
        })  # fmt: skip
        both = {
            "feature_std": spread,
            "effective_rank": 5.0,
            "total_variance": 2.0,
            "knn": 0.5 + step / 1000,
        }
        row = {f"{name}_{space}": value for name, value in both.items() for space in "hz"}
        row |= {"alignment": 0.1, "uniformity": -2.0, "probe_size_h": 0.5, "probe_size_z": 0.2}
        row |= {"positive_cosine": 0.75, "negative_cosine": -0.125, "contrastive_accuracy": 0.84}
        row |= {"step": step, "loss": 3 - step / 100, "chance_loss": 2.7, "snapshot": True}
        row |= self.more
        self.writer.metrics(row | {"verdict": verdict, "verdict_reason": reason})
        self.step = step
        self.writer.status(
            state="training", step=step, images_per_second=100.0, eta_seconds=65.0, device="cpu"
        )


@contextmanager
def serving(folder: Path, runs: Path) -> Iterator[str]:
    """Serves the page from `folder`, reading `runs`; gives its address."""
    (folder / "page.py").write_text(PAGE)
    (folder / "serve.py").write_text(APP)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    paths = os.pathsep.join([str(folder), str(ROOT)])
    process = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "serve:app", "--port", str(port), "--log-level", "error"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": paths, "SSLVIZ_RUNS": str(runs)},
    )
    address = f"http://127.0.0.1:{port}"
    for _ in range(150):
        try:
            urlopen(address + "/sslviz/plotly.min.js", timeout=1).read(1)
            break
        except (URLError, OSError):
            time.sleep(0.2)
    try:
        yield address
    finally:
        process.terminate()
        process.wait()
