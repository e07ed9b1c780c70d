"""Who trains which run of a sweep: a claim is a file that only one job can make."""

import os
from contextlib import suppress
from pathlib import Path

from sslviz.evaluate.records import list_evaluations
from sslviz.refusal import Refusal
from sslviz.runs.files import dumps, read_json
from sslviz.runs.status import read_status
from sslviz.sweeps.folder import members
from sslviz.sweeps.sweep import Member, Sweep


def claim(folder: Path, index: int, job: str) -> bool:
    """Takes a run for `job`; False where another job has it."""
    try:
        handle = os.open(_file(folder, index), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    except FileExistsError:
        return False
    with open(handle, "wb") as file:
        file.write(dumps({"job": job}))
    return True


def give_back(folder: Path, index: int) -> None:
    with suppress(OSError):
        _file(folder, index).unlink()


def claimed(folder: Path) -> dict[int, str]:
    """Index -> job, of the runs that are taken; "" for a claim that cannot be read."""
    found = {}
    with suppress(OSError):
        for file in (folder / "claims").iterdir():
            with suppress(ValueError):
                found[int(file.name)] = _job(file)
    return found


def _job(file: Path) -> str:
    with suppress(Refusal):
        return str(read_json(file).get("job", ""))
    return ""


def _file(folder: Path, index: int) -> Path:
    return folder / "claims" / f"{index:05d}"


def done(sweep: Sweep, run: Path | None) -> bool:
    """Whether a run has finished and been measured by all that the sweep asks for."""
    try:
        if run is None or read_status(run)["state"] != "finished":
            return False
    except Refusal:
        return False
    return not unmeasured(sweep, run)


def unmeasured(sweep: Sweep, run: Path) -> list[str]:
    """The protocols by which a run is still to be measured; a failed one is not tried again."""
    if not sweep.evaluate:
        return []
    tried = {
        record.get("protocol")
        for record in list_evaluations(run)
        if record["state"] in ("finished", "failed")
    }
    return [protocol for protocol in sweep.evaluate if protocol not in tried]


def unclaimed(folder: Path, sweep: Sweep, all_of_it: list[Member]) -> list[Member]:
    """The runs that no job has taken and that are not done, in their order."""
    taken, known = claimed(folder), members(folder)
    return [
        member
        for member in all_of_it
        if member.index not in taken and not done(sweep, known.get(member.index))
    ]
