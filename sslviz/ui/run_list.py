"""The runs of this machine, each under the one name that it has on every page."""

import unicodedata
from contextlib import suppress
from pathlib import Path
from typing import Any

from sslviz.config import RunConfig
from sslviz.data.catalogue import DATASETS
from sslviz.methods import METHODS, card
from sslviz.presets.naming import file_name, names
from sslviz.refusal import Refusal
from sslviz.runs.status import called
from sslviz.runs.store import list_runs, read_config
from sslviz.ui.text import _, language, told

RIGHT_TO_LEFT = ("R", "AL", "AN")
ISOLATED = "\u2068{}\u2069"  # so that what is read from the right turns nothing around it


def named_runs(root: Path) -> list[dict[str, Any]]:
    """`list_runs` with a `title`, plain text in the visitor's language; pinned runs first."""
    runs = list_runs(root)
    readable: dict[str, tuple[str, RunConfig]] = {}
    for run in reversed(runs):
        with suppress(Refusal):
            readable[run["id"]] = (run["name"], read_config(Path(run["folder"])))
    known = _titled(readable)
    runs = [run | {"title": known.get(run["id"], run["id"])} for run in runs]
    return sorted(runs, key=lambda run: not run["pinned"])


def titles(root: Path) -> dict[str, str]:
    """Id -> title of every run that can be read: the name a person gave it, else what follows from
    its settings and those of the others."""
    return _titled(called(root))


def _titled(runs: dict[str, tuple[str, RunConfig]]) -> dict[str, str]:
    """`titles` of runs by id, in the order in which they were made: name and config of each."""
    derived = names({run: config for run, (_name, config) in runs.items()})
    given = {run: _isolated(name) for run, (name, _config) in runs.items() if name}
    to = language()
    said = {r: " · ".join(told(word, to) for word in words) for r, words in derived.items()}
    return said | given


def title_of(folder: Path) -> str:
    return titles(folder.parent).get(folder.name, folder.name)


def what(run: dict[str, Any]) -> str:
    """`SimCLR on Shapes`: the facts behind a title, which a person may have chosen freely."""
    method = _(card(run["method"]).title) if run["method"] in METHODS else run["method"]
    return _("{method} on {data}").format(method=method, data=_data_of(run["data"]))


def _data_of(data: str) -> str:
    return _(DATASETS[data].title) if data in DATASETS else file_name(data)


def _isolated(name: str) -> str:
    turns = any(unicodedata.bidirectional(c) in RIGHT_TO_LEFT for c in name)
    return ISOLATED.format(name) if turns else name
