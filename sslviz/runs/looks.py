"""Which steps of a run have a picture, and where it lies: `snapshots/` and `glances/` alike.

While nobody trains the run, those that were set aside count where the run's own end.
"""

from pathlib import Path

from sslviz.runs.aside import PICTURES, names
from sslviz.runs.process import trained_now

SNAPSHOTS, GLANCES = PICTURES


def look_steps(folder: Path, kind: str) -> list[int]:
    """Steps that have a look of this kind, ascending."""
    own = {each: {int(name[:8]) for name in names(folder / each)} for each in PICTURES}
    steps = own[kind]
    if not trained_now(folder):
        last = max((step for each in own.values() for step in each), default=-1)
        aside = (int(name[:8]) for name in names(folder / "aside" / kind))
        steps = steps | {step for step in aside if step > last}
    return sorted(steps)


def look_path(folder: Path, kind: str, step: int) -> Path:
    """The file of a look, which may be one that was set aside."""
    own = folder / kind / f"{step:08d}.npz"
    aside = folder / "aside" / kind / own.name
    return aside if not own.exists() and aside.exists() else own
