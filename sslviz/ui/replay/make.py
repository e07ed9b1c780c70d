"""A replay file from runs, or from a replay that was handed back in."""

from pathlib import Path
from typing import Any

from sslviz.config import RunConfig, settings_of
from sslviz.export.opened import opened
from sslviz.export.packed import MOST_BYTES, MOST_RUNS, Packed, packed
from sslviz.export.page import Served, page, talk_page
from sslviz.export.talk import read_talk, runs_of
from sslviz.feed.bundle import MOST_SNAPSHOTS
from sslviz.methods import card
from sslviz.refusal import Refusal, Sentence, read_sentence
from sslviz.runs.read import snapshot_steps
from sslviz.runs.versions import from_any_version
from sslviz.ui.recipe.draft import Draft
from sslviz.ui.replay.words import languages
from sslviz.ui.run_words import device_of
from sslviz.ui.text import _, speaking
from sslviz.ui.theme import colours


def replay(
    folders: list[Path],
    language: str,
    snapshots: int = MOST_SNAPSHOTS,
    most: int = MOST_BYTES,
) -> bytes:
    """The HTML file of the runs in `folders`, shown in `language` first; of each at most
    `snapshots`, of all together about `most` letters. Raises Refusal."""
    if not 1 <= len(folders) <= MOST_RUNS:
        raise Refusal("A replay holds 1 to {most} runs, not {n}.", most=MOST_RUNS, n=len(folders))
    if len({folder.name for folder in folders}) < len(folders):
        raise Refusal("A replay holds each run once.")
    for folder in folders:
        if not snapshot_steps(folder):
            raise Refusal("The run {run} has no snapshots to play back.", run=folder.name)
    said: dict[str, Sentence] = {}

    def told(value: Any) -> str:
        """In English here; the page has what it says in other languages."""
        sentence = read_sentence(value)
        if sentence is None:
            return ""
        said[str(sentence)] = sentence
        return str(sentence)

    runs = [packed(folder, most // len(folders), told, snapshots) for folder in folders]
    return _page(runs, language, list(said.values()))


def replay_again(data: bytes, language: str) -> bytes:
    """A file of this version from a replay or bundle; only its numbers are taken. Refusal."""
    return _page(opened(data), language, [])


def talk(file: Path, root: Path, language: str, served: Served | None = None) -> bytes:
    """The talk in `file` as one HTML file; its runs are beside it or below `root`. `served`: as a
    page of the app, which can start runs. Raises Refusal."""
    read = read_talk(file)
    runs = runs_of(read, file, root)
    facts = [_facts(run) for run in runs]
    words = languages(language, dict.fromkeys(fact["method"] for fact in facts), [])
    return talk_page(read, runs, facts, words, colours(), served)


def _page(runs: list[Packed], language: str, said: list[Sentence]) -> bytes:
    facts = [_facts(run) for run in runs]
    words = languages(language, dict.fromkeys(fact["method"] for fact in facts), said)
    return page(runs, facts, words, colours())


def _facts(run: Packed) -> dict[str, Any]:
    """What the page says of a run beside its panels. Raises Refusal for a config that is none."""
    config: RunConfig = from_any_version(run.held.config)[0]
    status = run.held.status
    with speaking("en"):
        title = _(card(config.method).title)
        command = Draft("", config).command()
    recorded = status.get("updated_at")
    return {
        "id": run.run,
        "method": config.method,
        "title": title,
        "seed": config.seed,
        "device": device_of(status)[:80],
        "recorded": recorded if isinstance(recorded, int | float) else 0,
        "kept": len(run.held.snapshots),
        "all": run.all_snapshots,
        "command": command,
        "config": settings_of(config),
    }
