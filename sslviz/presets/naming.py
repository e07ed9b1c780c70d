"""What runs are called: what differs from the preset they began with, and from each other."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

from sslviz.augment.view import ViewConfig
from sslviz.config import VIEWS, RunConfig, settings_of
from sslviz.data.catalogue import DATASETS
from sslviz.knobs import Knob, Scalar, knobs
from sslviz.methods import card
from sslviz.presets.catalogue import PRESETS, default, home
from sslviz.presets.preset import Preset
from sslviz.presets.views import VIEW_PRESETS
from sslviz.refusal import Sentence, say

MOST = 3  # differences in a name
UPLOAD_MARK = re.compile(r"-[0-9a-f]{12}$")
# told only where they tell runs of one name apart; a seed also where it is not the preset's
TELLING = (
    *("seed", "steps", "batch_size", "train_images", "image_size", "device", "precision"),
    *("snapshot_every", "probes"),
)


def names(configs: Mapping[str, RunConfig]) -> dict[str, list[Sentence]]:
    """Id -> the parts of each run's name, for runs in the order in which they were made.

    No two are the same: runs of one name get the settings that differ among them, and those that
    differ in nothing a number.
    """
    parts = {r: [*_own_words(_Known(tuple(settings_of(c).items()), c))] for r, c in configs.items()}
    alike: dict[str, list[str]] = {}
    for run, words in parts.items():
        alike.setdefault(_key(words), []).append(run)
    taken: dict[str, int] = {}
    for group in alike.values():
        told = [name for name in TELLING if len({getattr(configs[r], name) for r in group}) > 1]
        for run in group:
            config = configs[run]
            seed = ["seed"] if config.seed and "seed" not in told else []
            parts[run] = [*parts[run], *(_setting(config, name) for name in (*seed, *told))]
    for words in parts.values():
        n = taken[_key(words)] = taken.get(_key(words), 0) + 1
        if n > 1:
            words.append(say("no. {n}", n=n))
    return parts


def _key(words: list[Sentence]) -> str:
    return " · ".join(map(str, words))


@dataclass(frozen=True)
class _Known:
    """A config that a cache can keep: it is known by its settings."""

    settings: tuple[tuple[str, Scalar], ...]
    config: RunConfig = field(compare=False)


@lru_cache(maxsize=4096)
def _own_words(known: _Known) -> list[Sentence]:
    """The method or the preset's title, the data where they are not the method's own, the views,
    and at most MOST further settings that differ from the preset."""
    mine, config = dict(known.settings), known.config
    preset, start = _start(config, mine)
    words = [Sentence(preset.title if preset else card(config.method).title)]
    if config.data != home(config.method) and config.data != (preset and preset.config.data):
        words.append(_data(config.data))
    differ = [name for name, value in mine.items() if start.get(name) != value]
    views = [name for name in differ if name.partition(".")[0] in VIEWS]
    others = [n for n in differ if n not in views and n not in TELLING and n != "data"]
    if views:
        words += _views(config, views)
    words += [_setting(config, name) for name in others[:MOST]]
    if len(others) > MOST:
        words.append(say("{n} more", n=len(others) - MOST))
    return words


def _start(
    config: RunConfig, mine: Mapping[str, Scalar]
) -> tuple[Preset | None, Mapping[str, Scalar]]:
    """What a run most likely began with, and its settings: of the presets for its method and data
    the one that differs least; None and the method's usual settings where none is nearer."""
    nearest, start = None, settings_of(default(config.method, config.data))
    for preset in PRESETS.values():
        same = (preset.config.method, preset.config.data) == (config.method, config.data)
        if same and preset.kind in ("variant", "cifar"):
            theirs = _settings(preset.name)
            if _distance(mine, theirs) < _distance(mine, start):
                nearest, start = preset, theirs
    return nearest, start


def _distance(one: Mapping[str, Scalar], other: Mapping[str, Scalar]) -> int:
    return sum(other.get(name) != value for name, value in one.items() if name not in TELLING)


@cache
def _settings(preset: str) -> dict[str, Scalar]:
    return settings_of(PRESETS[preset].config)


def file_name(data: str) -> str:
    """What a person called a folder or zip: without the mark that an upload is kept under."""
    return UPLOAD_MARK.sub("", Path(data).stem)


def _data(data: str) -> Sentence:
    if data in DATASETS:
        return Sentence(DATASETS[data].title)
    return Sentence("{file}", {"file": file_name(data)})


def _views(config: RunConfig, differ: list[str]) -> list[Sentence]:
    """The recipe by name; else the one or two settings in which both views differ."""
    for preset in VIEW_PRESETS.values():
        if (preset.view1, preset.view2) == (config.view1, config.view2):
            title = Sentence(preset.title)
            return [say("views: {name}", name=title) if preset.source else title]
    first, second = ([n.partition(".")[2] for n in differ if n.startswith(v)] for v in VIEWS)
    few = first == second and len(first) <= 2 and config.view1 == config.view2
    return [_setting(config, f"view1.{n}") for n in first] if few else [say("own views")]


def _setting(config: RunConfig, name: str) -> Sentence:
    """`seed 1`, `Stop-gradient: off`."""
    section, _, rest = name.rpartition(".")
    known = {"": RunConfig, "method": card(config.method).config}.get(section, ViewConfig)
    knob = knobs(known)[rest]
    value = settings_of(config)[name]
    if name == "seed":
        return say("seed {n}", n=value)
    if name == "steps":
        return say("{n} steps", n=value)
    return say("{setting}: {value}", setting=Sentence(knob.label), value=_value(knob, value))


def _value(knob: Knob, value: Scalar) -> Sentence:
    if isinstance(value, bool):
        return say("on") if value else say("off")
    if knob.choices:
        return Sentence(str(value))
    return Sentence("{value}", {"value": f"{value:g}" if isinstance(value, float) else value})
