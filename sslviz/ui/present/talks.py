"""The talks of this machine: those that come with the app, and those in the folder SSLVIZ_TALKS."""

import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from sslviz.config import RunConfig
from sslviz.export.page import Served
from sslviz.export.talk import Talk, live_config, read_talk, runs_of
from sslviz.feed.marks import mark
from sslviz.refusal import Refusal
from sslviz.runs.read import runs_root
from sslviz.ui import acting
from sslviz.ui.assets import digest
from sslviz.ui.replay.make import talk

SHIPPED = Path(__file__).parents[3] / "assets" / "talks"


def talks() -> dict[str, Path]:
    """Name -> file; one in SSLVIZ_TALKS stands before one of the app's own of that name."""
    own = os.environ.get("SSLVIZ_TALKS", "").strip()
    folders = [SHIPPED, *([Path(own)] if own else [])]
    found = [file for folder in folders for file in sorted(folder.glob("*.toml"))]
    return {file.stem: file for file in found}


def talk_file(name: str) -> Path:
    """Raises Refusal for a talk that there is not."""
    known = talks()
    if name not in known:
        raise Refusal("There is no talk {talk}.", talk=repr(name[:80]))
    return known[name]


def document(name: str, language: str) -> bytes:
    """The talk as a page of the app, built once until one of its files changes. Raises Refusal."""
    file = talk_file(name)
    beside = tuple(mark(path) for path in sorted(file.parent.iterdir()) if path.is_file())
    return _document(file, language, beside, digest())


@lru_cache(maxsize=4)
def _document(file: Path, language: str, beside: tuple[object, ...], scripts: str) -> bytes:
    served = Served(f"../assets/{scripts}", f"{quote(file.stem, safe='')}/start")
    return talk(file, runs_root(), language, served)


def live_configs(name: str) -> dict[int, RunConfig]:
    """Number of a slide -> the recipe that it trains. Raises Refusal."""
    file = talk_file(name)
    return _live_configs(file, read_talk(file), mark(file))


@lru_cache(maxsize=4)
def _live_configs(file: Path, read: Talk, version: tuple[int, int]) -> dict[int, RunConfig]:
    runs = {run.run: run for run in runs_of(read, file, runs_root())}
    slides = enumerate(read.slides)
    return {number: live_config(runs[slide.run]) for number, slide in slides if slide.live}


def start(name: str, slide: int, press: str, cookies: Mapping[str, str]) -> Path:
    """Trains what slide number `slide` (from 0) names; one press gives one run. Raises Refusal."""
    configs = live_configs(name)
    if slide not in configs:
        raise Refusal("The slide {number} of this talk trains nothing.", number=slide + 1)
    return acting.start(configs[slide], runs_root(), f"talk {press[:40]}", cookies=cookies)
