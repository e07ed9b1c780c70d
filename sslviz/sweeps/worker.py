"""The process that trains runs of a sweep, one after another: torch is imported once, not per run.

`python -m sslviz.sweeps.worker SWEEP JOB [--places]`. Each run is an ordinary run with a lease of
its own. A crash ends the process and costs the run it trained; a new process goes on with the next.
With --places it takes a place of the queue for each run, after everybody else.
"""

import signal
import sys
from contextlib import suppress
from pathlib import Path

from sslviz.evaluate.protocols import EvaluationConfig
from sslviz.evaluate.records import create_evaluation
from sslviz.refusal import Refusal
from sslviz.runs.launch import ready_to_resume
from sslviz.runs.queue import advance
from sslviz.runs.status import read_status
from sslviz.sweeps.claims import claim, give_back, unclaimed, unmeasured
from sslviz.sweeps.folder import member_run, read_sweep
from sslviz.sweeps.places import Watch, take_place
from sslviz.sweeps.sweep import Member, Sweep, unfold
from sslviz.training.ending import Ended, Ending

FAILED = 1  # exit code of a run that met an unknown error: its process may be broken


def work(folder: Path, job: str, ending: Ending, places: bool) -> int:
    """Trains what no other job has taken until nothing is left. Returns the exit code: 0 nothing is
    left, 1 the process is not to be trusted with another run, 128 and more it was told to end."""
    sweep = read_sweep(folder)
    every = unfold(sweep)
    while not ending.asked:
        free = unclaimed(folder, sweep, every)
        member = next((member for member in free if claim(folder, member.index, job)), None)
        if member is None:
            return 0
        if _train(folder, sweep, member, ending, places) == FAILED:
            return FAILED
    return 128 + ending.asked


def _train(folder: Path, sweep: Sweep, member: Member, ending: Ending, places: bool) -> int:
    """Trains and measures one run; its claim is given back where it was left before its end."""
    code = 0
    try:
        run = member_run(folder, sweep, member)
        if read_status(run)["state"] != "finished":
            code = _trained(run, ending, places)
        if code == 0 and read_status(run)["state"] == "finished":
            _measure(sweep, run)
    except Refusal as refusal:  # another process trains it, or it cannot be gone on with
        print(refusal, file=sys.stderr)
        return 0
    except Ended:
        ending.asked = ending.asked or signal.SIGTERM
    if ending.asked:
        give_back(folder, member.index)
    return code


def _trained(run: Path, ending: Ending, places: bool) -> int:
    import torch

    from sslviz.training.worker import run as train

    threads = torch.get_num_threads()
    while True:
        ready_to_resume(run, read_status(run)["state"], start_over=True)
        if places:
            take_place(run, ending)
        torch.set_num_threads(threads)  # a run that goes on may have set as many as it had
        code = train(run, ending, maps=False)
        advance(run.parent)
        gave_way, ending.give_way = ending.give_way, False
        if not gave_way or read_status(run)["state"] != "paused":
            return code


def _measure(sweep: Sweep, run: Path) -> None:
    from sslviz.evaluate.worker import evaluate

    for protocol in unmeasured(sweep, run):
        evaluate(run, create_evaluation(run, EvaluationConfig.from_json({"protocol": protocol})))


def main(folder: Path, job: str, places: bool) -> int:
    ending = Ending()
    code = 128 + signal.SIGTERM
    with suppress(Ended), ending.listening(signal.SIGTERM), Watch(folder, ending, places):
        try:
            code = work(folder, job, ending, places)
        except Refusal as refusal:
            print(refusal, file=sys.stderr)
            code = 2
    advance(folder.parent.parent)
    return code


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).absolute(), sys.argv[2], "--places" in sys.argv))
