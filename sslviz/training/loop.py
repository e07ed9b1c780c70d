"""The training loop, in prose: train a step, look now and then, obey commands, write it down."""

import os
from collections.abc import Mapping
from math import inf
from time import monotonic, sleep
from typing import Any

from sslviz.refusal import Refusal
from sslviz.runs.changes import Changes, recorded
from sslviz.runs.room import HOLD_SECONDS, trouble
from sslviz.runs.store import RunWriter
from sslviz.training.checkpoint import save_checkpoint
from sslviz.training.ending import Ended, Ending
from sslviz.training.looking import Looking
from sslviz.training.losses import Losses
from sslviz.training.pace import Pace
from sslviz.training.session import Session

REPORT_SECONDS, ROWS = 0.5, 2000
FIRST_CHECKPOINT_SECONDS, CHECKPOINT_SECONDS = 10.0, 60.0
PAUSED_MINUTES = 10.0  # after which a paused run gives its place to others


def paused_seconds() -> float:
    """How long a paused run keeps its place: SSLVIZ_PAUSED_MINUTES, else PAUSED_MINUTES."""
    try:
        minutes = float(os.environ.get("SSLVIZ_PAUSED_MINUTES", ""))
    except ValueError:
        minutes = PAUSED_MINUTES
    return 60 * (minutes if 0 <= minutes < inf else PAUSED_MINUTES)


class Loop:
    """Trains `session` to its last step, or until it is told to stop."""

    def __init__(
        self, session: Session, run: RunWriter, ending: Ending, plan: Changes | None = None
    ) -> None:
        self.session, self.run, self.ending = session, run, ending
        made = {step for step, _ in recorded(run.folder)}
        self.plan = [(at, c) for at, c in plan or [] if at >= session.step and at not in made]
        self.looking = Looking(session, run)
        self.row_every = max(1, session.config.steps // ROWS)
        self.losses = Losses()
        self.pending: list[dict[str, Any]] = []
        self.pace = Pace()
        self.stop = False
        self.paused = False
        self.paused_at = 0.0
        self.turned = False  # a setting, since the last checkpoint
        run.hold = self.hold

    def train(self) -> str:
        """Runs to the end; returns "finished", "stopped" or, where its place was given back,
        "paused". Raises Diverged, and Ended where it is stopped while nothing can be written."""
        session, looking = self.session, self.looking
        reported = monotonic()
        saved = reported + FIRST_CHECKPOINT_SECONDS - CHECKPOINT_SECONDS
        reported_step = session.step
        if session.step == 0:
            self.run.metrics(looking.look("snapshot"))
        while session.step < session.config.steps:
            self.obey()
            if self.stop or self.paused:
                break
            began = monotonic()
            lr = session.learning_rate()
            step = session.train_step(lr)
            now = monotonic()
            session.seconds += now - began
            due = looking.due()
            if due or session.step % self.row_every == 0 or session.step <= 10:
                row = {"step": session.step, "seconds": round(session.seconds, 3), "lr": lr}
                self.losses.add(row, step)
            if due or now - reported > REPORT_SECONDS:
                rows = self.losses.take()
                session.seconds += monotonic() - now  # a device may have made the steps only here
                self.report(session.step - reported_step, monotonic() - reported)
                seen = looking.look(due) if due else {}
                if due:
                    self.report(0, 1.0)  # when the next comes follows from what this one cost
                for row in rows:
                    self.run.metrics(row | (seen if row["step"] == session.step else {}))
                reported, reported_step = monotonic(), session.step
            if now - saved > CHECKPOINT_SECONDS:
                self.save()
                saved = monotonic()
        self.save()
        if session.step == session.config.steps:
            return "finished"
        return "stopped" if self.stop else "paused"

    def save(self) -> None:
        """Writes a checkpoint, after the losses that led to it. Raises Diverged before it does."""
        for row in self.losses.take():
            self.run.metrics(row)
        save_checkpoint(self.run, self.session)
        self.turned = False

    def hold(self, error: OSError) -> None:
        """Waits in place until writing is tried again; commands are heard, and stop ends it."""
        self.run.tell_once(state="held", message=trouble(error, self.run.folder))
        self.pending += self.run.commands_once()
        self.stop = self.stop or any(c["command"] == "stop" for c in self.pending)
        if self.stop or self.ending.asked:
            raise Ended
        sleep(HOLD_SECONDS)

    def report(self, steps: int, seconds: float) -> None:
        """Heartbeat: where the run is, how fast it goes and how long it will still take."""
        config, session = self.session.config, self.session
        if steps:
            self.pace.measured(steps * session.batch_size, seconds)
        left = self.pace.left((config.steps - session.step) * session.batch_size)
        a_step = self.pace.left(session.batch_size)
        state = "paused" if self.paused else "training"
        self.run.status(
            state=state,
            message=None,
            step=session.step,
            images_per_second=self.pace.speed,
            eta_seconds=left and left * (1 + self.looking.cadence.share),
            looking_share=self.looking.cadence.share,
            next_look=None if self.paused else self.looking.next_in(a_step),
        )

    def obey(self) -> None:
        """Acts on the commands in the inbox; while paused, waits for the next one.

        Returns paused where the run gives its place back: the pause has lasted long, or others
        are to go first.
        """
        while self.plan and self.plan[0][0] <= self.session.step:
            at, changes = self.plan.pop(0)
            self._change(changes, f"planned-{at}-{len(self.plan)}")
        while True:
            commands = [*self.pending, *self.run.commands()]
            self.pending = []
            for command in commands:
                self._act(command)
            self.stop = self.stop or bool(self.ending.asked)
            self.paused = self.paused or self.ending.give_way
            if not self.paused or self.stop:
                return
            if self.looking.asked:
                self._look_while_paused()
            if self.ending.give_way or monotonic() - self.paused_at >= paused_seconds():
                self.run.event("gave_place", self.session.step)
                return
            self.report(0, 1.0)
            sleep(0.1)

    def _act(self, command: dict[str, Any]) -> None:
        kind, step = command.get("command"), self.session.step
        if kind in ("pause", "resume"):
            if self.paused != (kind == "pause"):
                self.paused, self.paused_at = kind == "pause", monotonic()
                if self.paused or self.turned:
                    self.save()
                self.run.event(kind, step)
                self.report(0, 1.0)
                if self.paused:
                    self._look_while_paused()
        elif kind == "stop":
            self.stop = True
            self.run.event("stop", step)
        elif kind == "snapshot":
            self.looking.asked.append(command["id"])
        elif kind == "set":
            self._change(command["changes"], command["id"])

    def _look_while_paused(self) -> None:
        row = self.looking.while_paused()
        if row:
            self.run.metrics(row)

    def _change(self, changes: Mapping[str, Any], command: str) -> None:
        """Changes live settings and writes down each; `command` is the id of who asked for it."""
        try:
            made = self.session.change(changes)
        except Refusal as refusal:
            self.run.event("error", self.session.step, message=refusal.sentence, command=command)
            return
        self.turned = True
        self.looking.wanted = self.looking.wanted or bool(made)
        for name, old, new in made:
            self.run.event("set", self.session.step, knob=name, old=old, new=new, command=command)
