"""A worker process that waits for the next run, so that nobody waits for it to import torch.

The app keeps one at most. It is no run and takes no place; it ends by itself when nobody has asked
for it in a while, and when the app goes. Whatever is wrong with it, a run starts cold instead.
SSLVIZ_WARM=0 keeps none.
"""

import json
import os
import select
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from subprocess import DEVNULL, PIPE
from threading import Lock, Timer
from time import monotonic
from typing import Any

from sslviz.config import RunConfig
from sslviz.refusal import Refusal
from sslviz.runs import process
from sslviz.runs.process import Process, begin, hand_over, open_log
from sslviz.runs.read import read_config
from sslviz.runs.surroundings import surroundings

WARM = "sslviz.training.warm"
ANSWER_SECONDS = 1.0  # it answers in milliseconds, or something is wrong with it
SOON_SECONDS = 20.0  # how long one that is still getting ready is better than a cold start
NEXT_SECONDS = 15.0  # from the start of a run, whose first seconds it must not disturb
GLANCE_SECONDS = 5.0  # between two looks at what is there
GENTLE, PLAIN = 19, 0  # nice values of getting ready


@dataclass
class Warm:
    """A process and what it was started in: it can only take a run that would start likewise."""

    process: Process
    config: RunConfig
    surroundings: Any
    gentle: bool
    born: float = field(default_factory=monotonic)
    told: RunConfig | None = None  # whose beginning it makes ahead

    def say(self, line: str) -> bool:
        """False where it is gone."""
        assert self.process.stdin
        try:
            self.process.stdin.write(line.encode() + b"\n")
            self.process.stdin.flush()
        except OSError:
            return False
        return self.process.poll() is None

    def stay(self, ahead: RunConfig | None) -> bool:
        """Tells it that it may be wanted soon, for a run of `ahead`. False where it is gone."""
        if ahead is None or ahead == self.told:
            return self.say("stay")
        self.told = ahead
        return self.say(json.dumps({"config": ahead.to_json()}))

    def answers(self) -> bool:
        """Whether it is there and ready, or will be soon."""
        if not self.say("ready?"):
            return False
        assert self.process.stdout
        if not select.select([self.process.stdout], [], [], ANSWER_SECONDS)[0]:
            return False
        answer = self.process.stdout.readline()
        soon = not self.gentle and monotonic() - self.born < SOON_SECONDS
        return answer == b"ready\n" or (answer == b"soon\n" and soon)

    def train(self, folder: Path) -> None:
        """Has it train the run in `folder`, on its own from now on. Raises OSError."""
        if not self.say(json.dumps({"folder": str(folder)})):
            raise BrokenPipeError
        self._close()

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        self._close()

    def _close(self) -> None:
        for pipe in (self.process.stdin, self.process.stdout):
            with suppress(OSError):
                if pipe:
                    pipe.close()


class Stove:
    """Keeps one warm worker. Safe from many threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._warm: Warm | None = None
        self._seen = self._resting = -inf
        self._used = False  # a command that starts a run and exits needs no other
        self._given_up: Any = None  # what one failed to get ready for
        self._running = 0  # processes that train, of those started here

    def ready(self, config: RunConfig) -> None:
        """Has a worker get ready for a run like `config`, or tells the one there is to stay; it
        makes the run's beginning ahead while nothing else trains."""
        if os.environ.get("SSLVIZ_WARM") == "0":
            return
        with self._lock:
            now = monotonic()
            ahead, old = None if self._running > 0 else config, self._warm
            told = old and ahead in (None, old.told) and now - self._seen < GLANCE_SECONDS
            if now < self._resting or told:
                return
            self._seen, self._used = now, True
            here = surroundings(config.device)
            if old and old.surroundings == here and old.stay(ahead):
                return
            if old and (old.process.poll() or 0) > 0:
                self._given_up = (old.surroundings, old.config)
            self._end()
            if self._given_up != (here, config):
                self._start(config, here, GENTLE if self._running > 0 else PLAIN)
                if self._warm:
                    self._warm.stay(ahead)

    def take(self, config: RunConfig) -> Warm | None:
        """The worker, if it can train a run of `config`; it is not kept any longer."""
        with self._lock:
            warm, self._warm = self._warm, None
            if warm is None:
                return None
            if warm.surroundings == surroundings(config.device) and warm.answers():
                return warm
        warm.end()
        return None

    def begun(self, config: RunConfig) -> None:
        """A run starts: its first seconds are not to be disturbed, then another gets ready."""
        with self._lock:
            self._running += 1
            self._resting = monotonic() + NEXT_SECONDS
            if not self._used:
                return
        timer = Timer(NEXT_SECONDS, self.ready, (config,))
        timer.daemon = True
        timer.start()

    def over(self) -> None:
        """A run that was started here trains no more."""
        with self._lock:
            self._running -= 1

    def close(self) -> None:
        """Ends the worker, if there is one."""
        with self._lock:
            self._end()

    @property
    def pid(self) -> int | None:
        return self._warm.process.pid if self._warm else None

    def _start(self, config: RunConfig, here: Any, nice: int) -> None:
        module = [WARM, json.dumps(config.to_json()), str(nice)]
        with suppress(OSError):  # the next run starts cold, and says what is wrong
            self._warm = Warm(begin(module, PIPE, PIPE, DEVNULL), config, here, nice == GENTLE)

    def _end(self) -> None:
        if self._warm:
            self._warm.end()
            self._warm = None


STOVE = Stove()


def spawn(folder: Path, ended: Callable[[], object]) -> None:
    """Starts a worker for `folder`: the warm one, else a cold one.

    `ended` is called in a thread when it is gone. Raises OSError, and then nothing trains the run.
    """
    folder = folder.absolute()
    try:
        config = read_config(folder)
    except Refusal:  # which the worker will tell
        process.spawn(folder, ended)
        return

    def over() -> None:
        STOVE.over()
        ended()

    os.close(open_log(folder / "worker.log"))  # or nothing is to be started
    warm = STOVE.take(config)
    if warm:
        with suppress(BrokenPipeError):
            hand_over(folder, lambda: warm.process, lambda _: warm.train(folder), over)
            STOVE.begun(config)
            return
        warm.end()
    process.spawn(folder, over)
    STOVE.begun(config)
