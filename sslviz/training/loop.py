"""The training loop, in prose: train a step, look now and then, obey commands, write it down."""

from math import isfinite
from time import monotonic, sleep
from typing import Any

import torch
from torch import Tensor

from sslviz.refusal import Refusal, say
from sslviz.runs.store import RunWriter, read_snapshot
from sslviz.training.cadence import Cadence
from sslviz.training.checkpoint import save_checkpoint
from sslviz.training.observe import Diverged
from sslviz.training.session import Session

REPORT_SECONDS, CHECKPOINT_SECONDS, ROWS = 0.5, 60.0, 2000


class Loop:
    """Trains `session` to its last step, or until it is told to stop."""

    def __init__(self, session: Session, run: RunWriter) -> None:
        self.session, self.run = session, run
        config = session.config
        self.cadence = Cadence(config.snapshot_every, config.steps)
        self.row_every = max(1, config.steps // ROWS)
        self.losses: list[tuple[dict[str, Any], Tensor, dict[str, Tensor]]] = []
        self.speed = 0.0
        self.stop = False
        self.paused = False
        self.look_now = False

    def train(self) -> str:
        """Runs to the end; returns "finished" or "stopped". Raises Diverged."""
        session = self.session
        reported = saved = monotonic()
        reported_step = session.step
        if session.step == 0:
            self.run.metrics(self.look())
        while session.step < session.config.steps:
            self.obey()
            if self.stop:
                break
            began = monotonic()
            lr = session.learning_rate()
            step = session.train_step(lr)
            now = monotonic()
            session.seconds += now - began
            due = self.look_now or self.cadence.due(session.step, session.seconds)
            if due or session.step % self.row_every == 0 or session.step <= 10:
                row = {"step": session.step, "seconds": round(session.seconds, 3), "lr": lr}
                self.losses.append((row, step.loss.detach(), step.terms))
            if due or now - reported > REPORT_SECONDS:
                rows = self.finite_losses()
                self.report(session.step - reported_step, monotonic() - reported)
                seen = self.look() if due else {}
                for row in rows:
                    self.run.metrics(row | (seen if row["step"] == session.step else {}))
                reported, reported_step = monotonic(), session.step
            if now - saved > CHECKPOINT_SECONDS:
                self.save()
                saved = monotonic()
        self.save()
        return "stopped" if self.stop else "finished"

    def add_umap(self) -> None:
        """Adds UMAPs to the newest snapshot. Slow: for a run that is over."""
        step = self.session.step
        maps = self.session.observer.umap(self.session.method)
        self.run.snapshot(step, read_snapshot(self.run.folder, step) | maps)

    def save(self) -> None:
        """Writes a checkpoint, after the losses that led to it. Raises Diverged before it does."""
        for row in self.finite_losses():
            self.run.metrics(row)
        save_checkpoint(self.run, self.session)

    def look(self) -> dict[str, Any]:
        """Writes a snapshot of the encoder as it is; returns its row of metrics."""
        self.look_now = False
        began = monotonic()
        session = self.session
        row, arrays = session.observer.snapshot(session.method, session.step)
        self.run.snapshot(session.step, arrays)
        session.seconds += monotonic() - began
        self.cadence.spent(session.step, monotonic() - began)
        return row | {"chance_loss": session.method.chance_loss(session.batch_size)}

    def finite_losses(self) -> list[dict[str, Any]]:
        """The losses since the last report, fetched from the device. Raises Diverged."""
        if not self.losses:
            return []
        values = torch.stack([loss for _, loss, _ in self.losses]).float().tolist()
        rows = []
        for value, (row, _, terms) in zip(values, self.losses, strict=True):
            if not isfinite(value):
                raise Diverged(
                    say("The loss stopped being a finite number at step {step}.", step=row["step"])
                )
            parts = {f"term_{name}": float(term) for name, term in terms.items()}
            rows.append(row | {"loss": value} | parts)
        self.losses.clear()
        return rows

    def report(self, steps: int, seconds: float) -> None:
        """Heartbeat: where the run is, how fast it goes and how long it will still take."""
        config, session = self.session.config, self.session
        if steps:
            speed = steps * session.batch_size / max(seconds, 1e-9)
            self.speed = speed if not self.speed else 0.7 * self.speed + 0.3 * speed
        left = (config.steps - session.step) * session.batch_size / max(self.speed, 1e-9)
        eta = left * (1 + self.cadence.share) if self.speed else None
        state = "paused" if self.paused else "training"
        self.run.status(
            state=state,
            step=session.step,
            images_per_second=self.speed,
            eta_seconds=eta,
            looking_share=self.cadence.share,
        )

    def obey(self) -> None:
        """Acts on the commands in the inbox; while paused, waits for the next one."""
        while True:
            for command in self.run.commands():
                self._act(command)
            if not self.paused or self.stop:
                return
            self.report(0, 1.0)
            sleep(0.1)

    def _act(self, command: dict[str, Any]) -> None:
        kind, step = command.get("command"), self.session.step
        if kind in ("pause", "resume"):
            if self.paused != (kind == "pause"):
                self.paused = kind == "pause"
                if self.paused:
                    self.save()
                self.run.event(kind, step)
                self.report(0, 1.0)
        elif kind == "stop":
            self.stop = True
            self.run.event("stop", step)
        elif kind == "snapshot":
            self.look_now = True
        elif kind == "set":
            self._set(str(command.get("knob")), command.get("value"))

    def _set(self, name: str, value: Any) -> None:
        try:
            old, new = self.session.set_knob(name, value)
        except Refusal as refusal:
            self.run.event("error", self.session.step, message=refusal.sentence)
        else:
            self.run.event("set", self.session.step, knob=name, old=old, new=new)
