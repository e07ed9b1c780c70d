"""What differs between runs, in words: settings, what was changed meanwhile, what computed them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sslviz.config import VIEWS, RunConfig, settings_of
from sslviz.data.catalogue import DATASETS
from sslviz.knobs import Knob, Scalar, knobs
from sslviz.runs.changes import recorded
from sslviz.runs.paired import paired
from sslviz.runs.read import read_config
from sslviz.runs.status import read_status
from sslviz.ui.ablations.words import label, settings, value
from sslviz.ui.text import _, told

LETTERS = "ABCDEF"
MOST = len(LETTERS)  # runs side by side
NONE = "–"
Line = dict[str, Any]  # `label` and `values`, one a run


def differs(folders: Sequence[Path]) -> list[Line]:
    """A line for each setting in which not all runs agree. Raises Refusal for a damaged run."""
    configs = [read_config(folder) for folder in folders]
    held = [_joined(settings_of(config)) for config in configs]
    known: dict[str, Knob] = knobs(RunConfig)
    for config in reversed(configs):
        known = known | settings(config)
    names = dict.fromkeys(name for one in held for name in one)
    lines = [
        {"label": label(name, known.get(name)), "values": [_value(name, one) for one in held]}
        for name in names
        if len({repr(one.get(name)) for one in held}) > 1
    ]
    return [*lines, *_changed(folders, configs), *_computed(folders)]


def pairs(folders: Sequence[Path]) -> list[str]:
    """Whether the first run and each other are a pair: one setting apart, all else the same."""
    return [_pair(folders[0], folder, LETTERS[i]) for i, folder in enumerate(folders) if i]


def _pair(first: Path, other: Path, letter: str) -> str:
    found = paired(first, other)
    if not found:
        many = len(found.differs) > 1
        words = (
            _("{one} and {other} are not a pair: they differ in {n} settings.")
            if many
            else _("{one} and {other} are not a pair. {reason}")
        )
        facts = {"n": len(found.differs), "reason": told(found.why_not)}
        return words.format(one=LETTERS[0], other=letter, **facts)
    name = found.differs[0]
    config = read_config(first)
    return _(
        "{one} and {other} are paired: the same images in the same order with the same draws, and "
        "only {setting} differs."
    ).format(one=LETTERS[0], other=letter, setting=label(name, settings(config).get(name)))


def _joined(held: dict[str, Scalar]) -> dict[str, Scalar]:
    """With one entry `view.hue` where both views have the same."""
    joined: dict[str, Scalar] = {}
    for name, known in held.items():
        section, _dot, rest = name.partition(".")
        same = section in VIEWS and len({held[f"{view}.{rest}"] for view in VIEWS}) == 1
        joined[f"view.{rest}" if same else name] = known
    return joined


def _value(name: str, held: dict[str, Scalar]) -> str:
    if name not in held:
        return NONE
    known = held[name]
    if name == "data":
        return _(DATASETS[str(known)].title) if known in DATASETS else Path(str(known)).name
    return value(name, known)


def _changed(folders: Sequence[Path], configs: Sequence[RunConfig]) -> list[Line]:
    """What a person turned while a run trained."""
    told_of = [
        ", ".join(
            _("{setting} {value} from step {step}").format(
                setting=label(name, settings(config).get(name)), value=value(name, new), step=step
            )
            for step, changes in recorded(folder)
            for name, new in changes.items()
        )
        for folder, config in zip(folders, configs, strict=True)
    ]
    return [_line(_("Changed while it trained"), told_of)] if any(told_of) else []


def _computed(folders: Sequence[Path]) -> list[Line]:
    """What computed the runs, and on how many images, as far as it differs and is known."""
    names = {
        "device_name": _("Computed on"),
        "precision": _("Precision"),
        "n_train": _("Training images"),
    }
    found = [read_status(folder) for folder in folders]
    return [
        _line(words, [str(status[name] or "") for status in found])
        for name, words in names.items()
        if len({status[name] for status in found}) > 1
    ]


def _line(words: str, values: list[str]) -> Line:
    return {"label": words, "values": [text or NONE for text in values]}
