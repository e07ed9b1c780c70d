"""How far a run is, in words: a bar on a terminal, plain lines elsewhere."""

import sys
import time
from collections.abc import Callable
from threading import Event, Thread
from typing import Any

from sslviz.refusal import Refusal


class Progress:
    """A line on stderr while something works in this process; plain lines where it is no terminal.

    `words` says how far it is; the last it says stays if `stays`.
    """

    def __init__(self, words: Callable[[], str], stays: bool = True) -> None:
        self.words, self.stays, self.over = words, stays, Event()
        self.bar = sys.stderr.isatty()
        self.thread = Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "Progress":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.thread.join()
        if self.stays:
            self._print("\n")
        elif self.bar:
            print("\r\033[K", end="", file=sys.stderr, flush=True)

    def _watch(self) -> None:
        while not self.over.wait(0.3 if self.bar else 10.0):
            self._print("")

    def _print(self, end: str) -> None:
        try:
            words = self.words()
        except Refusal as refusal:  # its folder is damaged or gone: the work itself will tell
            words = str(refusal)
        line = f"\r\033[K{words}{end}" if self.bar else f"{words}\n"
        print(line, end="", file=sys.stderr, flush=True)


def progress_words(status: dict[str, Any], width: int = 24) -> str:
    """`[=====     ] 420/1600  training  1540 img/s  12 s left`, leaving out what is not known."""
    step, steps = status["step"], status["steps"]
    done = round(width * min(1.0, step / max(1, steps)))
    words = [f"[{'=' * done}{' ' * (width - done)}] {step}/{steps}", status["state"]]
    if status["state"] in ("starting", "held", "paused") and (status["message"] or status["phase"]):
        words.append(str(status["message"] or status["phase"]))
    if status["images_per_second"]:
        words.append(f"{status['images_per_second']:.0f} img/s")
    if status["eta_seconds"] and status["state"] == "training":
        words.append(f"{duration(status['eta_seconds'])} left")
    if status.get("queue_position"):
        words.append(f"place {status['queue_position']}")
        if status.get("queue_eta_seconds"):
            words.append(f"starts in about {duration(status['queue_eta_seconds'])}")
    return "  ".join(words)


def duration(seconds: float) -> str:
    """12 s, 3 min 20 s, 2 h 5 min."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds // 60:.0f} min {seconds % 60:.0f} s"
    return f"{seconds // 3600:.0f} h {seconds % 3600 // 60:.0f} min"


def ago(moment: float) -> str:
    return f"{duration(max(0.0, time.time() - moment))} ago"
