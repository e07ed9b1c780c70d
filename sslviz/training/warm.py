"""A worker that waits for its run: `python -m sslviz.training.warm CONFIG NICE`, see `runs.warm`.

It imports all that a run like CONFIG (a JSON table) needs and trains and looks at such a network
once, which fills caches and changes no number of any run. Lines come in on stdin: `stay` (somebody
may press Train soon), `ready?` (answered with `ready` or `soon`), or a JSON table of the `config`
that is on screen, whose beginning it makes ahead, or of the `folder` of a run, which it then trains
as `training.worker` does. It ends after IDLE_SECONDS without a line, and with whoever holds the
other end of stdin.
"""

import json
import os
import select
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event, Thread, get_native_id
from typing import TYPE_CHECKING, Any

from sslviz.config import RunConfig
from sslviz.data.catalogue import DRAWN
from sslviz.refusal import Refusal
from sslviz.runs.process import open_log
from sslviz.runs.read import read_config
from sslviz.runs.warm import GENTLE
from sslviz.training import worker

if TYPE_CHECKING:
    from sslviz.training.ahead import Beginning

IDLE_SECONDS = float(os.environ.get("SSLVIZ_WARM_SECONDS") or 600)
FEW = 512  # images of a rehearsal: all code paths, little memory
SETTLED_SECONDS = 0.5  # what is on screen has not changed for so long: it may be what is wanted


class Waiting:
    """Hears what its starter says in one thread while it gets ready in another."""

    def __init__(self) -> None:
        self.runs: SimpleQueue[Path] = SimpleQueue()
        self.on_screen: SimpleQueue[Any] = SimpleQueue()  # configs in JSON; None: a run has come
        self.ordered, self.ready = Event(), Event()
        self.ahead: Beginning | None = None

    def listen(self) -> None:
        """Puts the run to train into `runs`; ends the process where there will be none."""
        rest = b""
        while True:
            if not select.select([0], [], [], IDLE_SECONDS)[0]:
                os._exit(0)
            heard = os.read(0, 1 << 16)
            if not heard:
                os._exit(0)
            *lines, rest = (rest + heard).split(b"\n")
            for line in lines:
                if line == b"ready?":
                    os.write(1, b"ready\n" if self.ready.is_set() else b"soon\n")
                elif line != b"stay":
                    said = json.loads(line)
                    if "folder" in said:
                        self.ordered.set()
                        self.on_screen.put(None)
                        self.runs.put(Path(said["folder"]))
                        return
                    self.on_screen.put(said["config"])

    def get_ready(self, config: RunConfig, nice: int) -> None:
        """Rehearses, then works ahead, until a run has come. A failure to rehearse ends the
        process: the run then starts cold and says what is wrong."""
        try:
            if nice:
                _give_way(nice)
            for _ in rehearsal(config):
                if self.ordered.is_set():
                    return
        except BaseException:
            os._exit(1)
        self.ready.set()
        _give_way(GENTLE)
        self.work_ahead()

    def work_ahead(self) -> None:
        """Makes the beginning of what is on screen, of the newest that has settled there."""
        from sslviz.training.ahead import beginning

        config = self.on_screen.get()
        while config is not None:
            with suppress(Empty):
                config = self.on_screen.get(timeout=SETTLED_SECONDS)
                continue
            self.ahead = None
            with suppress(Exception):  # a run of it will say what is wrong
                for self.ahead in beginning(RunConfig.from_json(config)):
                    if not self.on_screen.empty():
                        break
            config = self.on_screen.get()


def rehearsal(config: RunConfig) -> Iterator[None]:
    """All that a run does until its second picture, on few images, piece by piece.

    Leaves torch's own random state as it was.
    """
    import torch

    yield
    from sslviz.data.load import DataSplit, load_data
    from sslviz.training.prepare import chosen_device
    from sslviz.training.session import open_session

    device = chosen_device(config.device)
    yield
    drawn = config if config.data in DRAWN else RunConfig(image_size=config.image_size)
    data = load_data(drawn)
    yield
    before = torch.get_rng_state()
    try:
        few = torch.arange(min(FEW, len(data.train), len(data.test)))
        small = config.with_settings(
            {"batch_size": min(len(few), config.batch_size), "train_images": 0}
        )
        session = open_session(small, DataSplit(data.train.take(few), data.test.take(few)), device)
        session.observer.images()
        yield
        session.observer.snapshot(session.method, 0)
        yield
        session.train_step(session.learning_rate())
        yield
    finally:
        torch.set_rng_state(before)


def main(config: RunConfig, nice: int) -> int:
    waiting, starter = Waiting(), os.getppid()
    Thread(target=waiting.listen, daemon=True).start()
    rehearsing = Thread(target=waiting.get_ready, args=(config, nice), daemon=True)
    rehearsing.start()
    folder = waiting.runs.get()
    _own_streams(folder)
    rehearsing.join()
    return worker.main(folder, starter, _taken(waiting, folder))


def _taken(waiting: Waiting, folder: Path) -> "Beginning | None":
    """The beginning that was made ahead, if it is this run's; any other is let go."""
    ahead, waiting.ahead = waiting.ahead, None
    with suppress(Refusal):  # the run will tell
        if ahead and read_config(folder) == ahead.config:
            return ahead
    return None


def _give_way(nice: int) -> None:
    """This thread alone; where a thread cannot, it stays as it is."""
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, get_native_id(), nice)


def _own_streams(folder: Path) -> None:
    """Leaves the starter's pipes: what is printed goes to the run's log from here on."""
    log, nothing = open_log(folder / "worker.log"), os.open(os.devnull, os.O_RDONLY)
    for source, place in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(source, place)
    os.close(log)
    os.close(nothing)


if __name__ == "__main__":
    sys.exit(main(RunConfig.from_json(json.loads(sys.argv[1])), int(sys.argv[2])))
