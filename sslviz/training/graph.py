"""A step recorded once as a CUDA graph: started by one call instead of hundreds.

A graph reads and writes the same memory each time. So what changes from step to step is copied into
tensors that stay: which images, what was drawn, how far the run is. A method needs to declare
nothing; where its step cannot be recorded, it goes on being made piece by piece.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from sslviz.methods.base import Batch, Step, Views
from sslviz.refusal import say

if TYPE_CHECKING:
    from sslviz.training.session import Session

WARM_UP = 3  # plain steps before a recording: libraries and optimizers set themselves up
AHEAD = 2

Recorder = Callable[[Callable[[], Step]], Callable[[], Step]]


def recorded(body: Callable[[], Step]) -> Callable[[], Step]:
    """Records `body` without running it; each call of the result runs it on the device."""
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph, stream=torch.cuda.current_stream()):
        out = body()

    def replay() -> Step:
        graph.replay()
        return out

    return replay


def use_own_stream(device: torch.device) -> None:
    """Gives this thread's work a stream of its own: the default one cannot record."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
        torch.cuda.set_stream(torch.cuda.Stream(device))


class Pace:
    """Keeps the CPU at most AHEAD steps before the device: clocks and commands mean what they say,
    and the device never waits for a draw."""

    def __init__(self) -> None:
        self.ends: deque[torch.cuda.Event] = deque()

    def keep(self) -> None:
        """Called after each step was handed over; waits for the end of an earlier one."""
        end = torch.cuda.Event()
        end.record()
        self.ends.append(end)
        if len(self.ends) > AHEAD:
            self.ends.popleft().synchronize()


class StepGraph:
    """Makes the steps of `session`: WARM_UP plain ones, then from a recording.

    A live setting that has changed is baked into the recording, so a new one is made; the learning
    rate is not, since optimizers on a device read it from there.
    """

    def __init__(self, session: "Session", record: Recorder = recorded) -> None:
        self.session, self.record = session, record
        self.made_for = replace(session.now, lr=0.0)
        self.replay: Callable[[], Step] | None = None
        self.refused = False
        self.plain = 0

    def step(self, progress: float) -> Step:
        """One batch; the step's tensors are its own."""
        now = replace(self.session.now, lr=0.0)
        if now != self.made_for:
            self.made_for, self.replay, self.plain = now, None, 0
        if self.replay is None and self.plain >= WARM_UP and not self.refused:
            self._try_to_record()
        if self.replay is None:
            return self._plain(progress)
        self._fill(progress)
        step = self.replay()
        terms = {name: term.clone() for name, term in step.terms.items()}
        return Step(step.loss.clone(), terms, step.z1, step.z2)

    def _plain(self, progress: float) -> Step:
        session = self.session
        augment = session.pipeline.at(session.step)
        step = session.body(lambda: session.method.views(session.next_batch(), augment), progress)
        self.asked = [(w, call) for w, n in augment.calls.items() for call in range(n)]
        self.lent = augment.lent
        self.plain += 1
        return step

    def _try_to_record(self) -> None:
        try:
            self.replay = self.record(self._body())
        except Exception as error:
            if torch.cuda.is_available():
                torch.cuda.synchronize()  # a broken device says so here
            self.refused = True
            reason = f"{type(error).__name__}: {str(error)[:200]}"
            self.session.tell(
                say(
                    "The steps of this run cannot be recorded for the device, so it trains more "
                    "slowly than it could ({reason}).",
                    reason=reason,
                )
            )

    def _body(self) -> Callable[[], Step]:
        """The step, reading from tensors that stay. Where a method draws for itself on the CPU, its
        views are made outside."""
        session = self.session
        self.progress = torch.zeros((), dtype=torch.float64, device=session.device)
        if self.lent:
            self.views = _copy(self._fresh_views())
            return lambda: session.body(lambda: self.views, self.progress)
        self.index = session.next_index().clone()
        self.ready = self._draws().to(session.device)
        return lambda: session.body(self._recorded_views, self.progress)

    def _recorded_views(self) -> Views:
        session = self.session
        augment = session.pipeline.at(session.step, ready=self._split(self.ready))
        return session.method.views(session.batch_at(self.index), augment)

    def _fill(self, progress: float) -> None:
        """What the next step is made of, into the recording's tensors."""
        self.progress.fill_(progress)
        if self.lent:
            for kept, fresh in zip(
                _tensors(self.views), _tensors(self._fresh_views()), strict=True
            ):
                kept.copy_(fresh)
            return
        self.index.copy_(self.session.next_index())
        draws = self._draws()
        if self.ready.is_cuda:
            draws = draws.pin_memory()
        self.ready.copy_(draws, non_blocking=True)

    def _fresh_views(self) -> Views:
        session = self.session
        return session.method.views(session.next_batch(), session.pipeline.at(session.step))

    def _draws(self) -> Tensor:
        """R x N: what all views of this step draw, one below the other."""
        augment, n = self.session.pipeline.at(self.session.step), self.session.batch_size
        parts = [augment.packed(n, which) for which, _ in self.asked]
        self.rows = [len(part) for part in parts]
        return torch.cat(parts)

    def _split(self, ready: Tensor) -> dict[tuple[int, int], Tensor]:
        return dict(zip(self.asked, ready.split(self.rows), strict=True))


def _tensors(views: Views) -> list[Tensor]:
    target = [] if views.target is None else [views.target]
    batch = [views.batch.images, views.batch.index, views.batch.labels]
    return [*views.x, *batch, *target, *views.extra.values()]


def _copy(views: Views) -> Views:
    batch = Batch(*(t.clone() for t in (views.batch.images, views.batch.index, views.batch.labels)))
    target = None if views.target is None else views.target.clone()
    extra = {name: value.clone() for name, value in views.extra.items()}
    return Views([x.clone() for x in views.x], batch, target, extra)
