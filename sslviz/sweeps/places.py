"""How a sweep shares a machine: it takes the places of the queue that nobody else wants."""

import os
import signal
from pathlib import Path
from threading import Event, Thread
from time import sleep

from sslviz.runs.files import locked
from sslviz.runs.lease import read_lease
from sslviz.runs.queue import advance, join, leave, waiting
from sslviz.sweeps.folder import group_of
from sslviz.training.ending import Ended, Ending

EVERY = 0.5  # seconds between two looks around


def others_wait(root: Path) -> bool:
    """Whether somebody who pressed Train waits for a place: a run of no sweep stands in line."""
    return any(not group_of(root / run) for run in waiting(root))


def take_place(run: Path, ending: Ending) -> None:
    """Waits until this process may train `run`: behind everybody who waits, in whatever order.

    Raises Ended where it is asked to end meanwhile.
    """
    root = run.parent
    while not _announced(run):
        if ending.asked:
            leave(run)
            raise Ended
        if others_wait(root):
            leave(run)
        else:
            join(run, os.getpid())
        advance(root)
        if not _announced(run):
            sleep(EVERY)


def _announced(run: Path) -> bool:
    launched, held = read_lease(run / "launch.json"), read_lease(run / "lease.json")
    newer = launched is not None and launched.attempt > (held.attempt if held else 0)
    return newer and launched is not None and launched.pid == os.getpid() and launched.alive()


class Watch:
    """A thread that ends the worker with its sweep or its parent, and makes it give way.

    Training ends after its step, with a checkpoint; whatever else the process does ends at once.
    """

    def __init__(self, folder: Path, ending: Ending, places: bool) -> None:
        self.folder, self.ending, self.places = folder, ending, places
        self.parent = os.getppid()
        self.over = Event()
        self.thread = Thread(target=self._look, daemon=True)

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.thread.join()

    def _look(self) -> None:
        waited = False
        while not self.over.wait(EVERY):
            if (self.folder / "stop").exists() or os.getppid() != self.parent:
                if self.ending.training:
                    self.ending.asked = signal.SIGTERM
                else:
                    os.kill(os.getpid(), signal.SIGTERM)
                return
            waits = self.places and self.ending.training and others_wait(self.folder.parent.parent)
            if waits and waited:
                self._give_way()
            waited = waits

    def _give_way(self) -> None:
        """Leaves one place; one worker of all sweeps at a time, for one place is wanted."""
        root = self.folder.parent.parent
        with locked(root / ".queue" / "giving-way", wait=False) as mine:
            if not mine:
                return
            self.ending.give_way = True
            while self.ending.training and not self.over.wait(0.1):
                pass
            while others_wait(root) and self.ending.give_way and not self.over.wait(0.1):
                pass
