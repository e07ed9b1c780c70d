"""SIGTERM and Ctrl-C, obeyed within seconds wherever the process is. Loads no torch.

While a run trains, the first signal only asks: the loop ends after its step and saves. At any other
time it ends what is being done. Python hears signals between two of its own instructions only, so a
process inside a long call of a library is ended after GRACE seconds by a thread that the system
wakes; its last checkpoint stays.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from types import FrameType

GRACE = 4.0  # seconds; whoever asks may follow with a kill after 5 to 10


class Ended(BaseException):
    """The process was asked to end. No library may take it for an error of its own."""


class Ending:
    """`asked`: the first signal's number, else 0. `training`: a loop runs that will end itself.

    `give_way`: the run is to pause at its next step and leave its place to another.
    """

    def __init__(self) -> None:
        self.asked = 0
        self.training = False
        self.give_way = False
        self._over = Event()

    @contextmanager
    def listening(self, *signals: int) -> Iterator["Ending"]:
        """Hears `signals` while the body runs. Only for the main thread."""
        before = {number: signal.signal(number, self._handle) for number in signals}
        heard, woken = os.pipe()
        os.set_blocking(woken, False)
        earlier = signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
        watch = Thread(target=self._watch, args=(heard, signals), daemon=True)
        watch.start()
        try:
            yield self
        finally:
            self._over.set()
            for number, handler in before.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(earlier)
            os.close(woken)
            watch.join()
            os.close(heard)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        again = self.asked != 0
        self.asked = self.asked or number
        if again or not self.training:
            raise Ended

    def _watch(self, heard: int, signals: tuple[int, ...]) -> None:
        numbers = os.read(heard, 1)
        while numbers and numbers[0] not in signals:
            numbers = os.read(heard, 1)
        if numbers and not self._over.wait(GRACE):
            os._exit(128 + numbers[0])
