"""SIGTERM and Ctrl-C, obeyed within seconds wherever the process is. Loads no torch.

While a run trains, the first signal only asks: the loop ends after its step and saves. At any other
time it ends what is being done. Python hears signals between two of its own instructions only, so a
process inside a long call of a library is ended after GRACE seconds by another process, which the
system wakes whatever this one is doing; its last checkpoint stays.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

GRACE = 4.0  # seconds; whoever asks may follow with a kill after 5 to 10
# Reads the numbers of the signals that this process gets; the pipe ends when this process does.
WATCHER = """
import os, select, sys, time
heard, process, grace = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
signals = sys.argv[4:]
number = os.read(heard, 1)
while number and str(number[0]) not in signals:
    number = os.read(heard, 1)
end = time.monotonic() + grace
while number and select.select([heard], [], [], max(0, end - time.monotonic()))[0]:
    number = os.read(heard, 1)
if number:
    os.kill(process, 9)
"""


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

    @contextmanager
    def listening(self, *signals: int) -> Iterator["Ending"]:
        """Hears `signals` while the body runs. Only for the main thread."""
        before = {number: signal.signal(number, self._handle) for number in signals}
        heard, woken = os.pipe()
        os.set_blocking(woken, False)
        earlier = signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
        watcher = _watcher(heard, signals)
        try:
            yield self
        finally:
            if watcher:
                watcher.kill()
                watcher.wait()
            for number, handler in before.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(earlier)
            os.close(woken)
            os.close(heard)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        again = self.asked != 0
        self.asked = self.asked or number
        if again or not self.training:
            raise Ended


def _watcher(heard: int, signals: tuple[int, ...]) -> "subprocess.Popen[bytes] | None":
    """Ends this process where it does not itself; None where no process can be started."""
    facts = (heard, os.getpid(), GRACE, *map(int, signals))
    with suppress(OSError):
        return subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", WATCHER, *map(str, facts)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(heard,),
            start_new_session=True,
        )
    return None
