"""Looking at a network while it trains: snapshots and glances, written down as they are taken."""

from time import monotonic
from typing import Any

from sslviz.runs.store import RunWriter, newest_values, read_metrics, read_snapshot
from sslviz.runs.watched import Watched
from sslviz.training.cadence import ON_CPU, ON_CUDA, Cadence
from sslviz.training.glance import Glances
from sslviz.training.session import Session


class Looking:
    """Decides when to look at `session`, looks, and leaves what it saw in the run's folder."""

    def __init__(self, session: Session, run: RunWriter) -> None:
        self.session, self.run = session, run
        config = session.config
        budget = ON_CUDA if session.device.type == "cuda" else ON_CPU
        self.cadence = Cadence(config.snapshot_every, config.steps, budget)
        self.glances = Glances(session.observer)
        self.watched = Watched(run.folder)
        whole = [row for row in read_metrics(run.folder) if row.get("snapshot")]
        self.verdict = newest_values(whole).get("verdict")
        self.asked: list[str] = []  # ids of the commands that ask for a picture
        self.wanted = False  # a setting was changed: the next picture shows what comes of it
        self.whole_step = -1  # of the newest snapshot

    def due(self) -> str | None:
        """Which look is due after the step just made: "snapshot", "glance" or none."""
        if self.asked:
            return "snapshot"
        session = self.session
        return self.cadence.due(session.step, session.seconds, bool(self.watched), self.wanted)

    def next_in(self, pace: float | None) -> float | None:
        """Seconds until the next look where one can tell: somebody watches, and how long a step
        takes (`pace`, seconds) is known."""
        session = self.session
        if not pace or not self.watched:
            return None
        return self.cadence.next_in(session.step, session.seconds, pace)

    def look(self, kind: str) -> dict[str, Any]:
        """Takes the look and writes its arrays; returns its row of metrics. Raises Diverged."""
        began = monotonic()
        session, step = self.session, self.session.step
        if kind == "snapshot":
            row, arrays = session.observer.snapshot(session.method, step)
            self.run.snapshot(step, arrays)
            self.whole_step, self.wanted = step, False
        else:
            row, arrays = self.glances.take(session.method, step)
            self.run.glance(step, arrays)
        seconds = monotonic() - began
        session.seconds += seconds
        self.cadence.spent(step, seconds, kind)
        if kind == "snapshot":
            self._tell_verdict(row["verdict"], row["verdict_reason"])
            self._answer()
        else:
            self.cadence.expect_glance(self.glances.fit(seconds, self.cadence.budget.glance))
        return row | {"chance_loss": session.method.chance_loss(session.batch_size)}

    def while_paused(self) -> dict[str, Any] | None:
        """The row of a snapshot of the paused step for those who ask; None where it is there."""
        if self.whole_step != self.session.step:
            return self.look("snapshot")
        self._answer()
        return None

    def add_umap(self) -> None:
        """Adds UMAPs to the newest snapshot. Slow: for a run that is over."""
        step = self.session.step
        maps = self.session.observer.umap(self.session.method)
        self.run.snapshot(step, read_snapshot(self.run.folder, step) | maps)

    def _answer(self) -> None:
        """Answers those who asked for a picture: it is written."""
        for command in self.asked:
            self.run.event("snapshot", self.session.step, command=command)
        self.asked.clear()

    def _tell_verdict(self, word: str, reason: str) -> None:
        """Only of snapshots, so that the events of a run do not depend on who watched it."""
        if self.verdict not in (None, word):
            change = {"old": self.verdict, "new": word, "reason": reason}
            self.run.event("verdict", self.session.step, **change)
        self.verdict = word
