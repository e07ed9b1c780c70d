"""Whether two runs may be compared as a pair: one setting apart, and everything else the same."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sslviz.config import RunConfig, settings_of
from sslviz.refusal import Sentence, say
from sslviz.runs.changes import recorded
from sslviz.runs.read import read_config
from sslviz.runs.status import read_status

DRAWS = ("seed", "data", "train_images", "image_size", "batch_size")  # which images, in which order
SUMS = ("device", "precision")  # how numbers are added up


@dataclass(frozen=True)
class Pairing:
    """`differs`: dotted names of the settings in which two runs differ; `why_not`: null for a pair.

    A pair sees the same images in the same order with the same draws, so that what differs in the
    end comes from the one setting.
    """

    differs: tuple[str, ...]
    why_not: Sentence | None

    def __bool__(self) -> bool:
        return self.why_not is None


def paired(one: Path, other: Path) -> Pairing:
    """Compares two runs by their configs, the changes made to them and what they computed on.

    Raises Refusal where a config is damaged.
    """
    differs = differing(read_config(one), read_config(other))
    return Pairing(differs, _why_not(differs, one, other))


def differing(one: RunConfig, other: RunConfig) -> tuple[str, ...]:
    """Dotted names of the settings in which they differ; another method counts as one setting."""
    mine, theirs = settings_of(one), settings_of(other)
    names = [name for name in {**mine, **theirs} if mine.get(name) != theirs.get(name)]
    if "method" in names:
        names = [name for name in names if not name.startswith("method.")]
    return tuple(names)


def _why_not(differs: tuple[str, ...], one: Path, other: Path) -> Sentence | None:
    if len(differs) != 1:
        return say(
            "They differ in {n} settings, not in one: {settings}.",
            n=len(differs),
            settings=", ".join(differs)[:400] or say("none"),
        )
    if differs[0] in (*DRAWS, *SUMS):
        return say(
            "They differ in {setting}, which decides the images they see or how it is computed.",
            setting=differs[0],
        )
    if recorded(one) != recorded(other):
        return say("Other settings were changed while they trained.")
    mine, theirs = read_status(one), read_status(other)
    for name in ("device", "device_name", "threads", "precision", "n_train"):
        if not mine[name] or not theirs[name]:
            return say("It is not known on how many threads and in which precision both trained.")
        if mine[name] != theirs[name]:
            return _computed_otherwise(mine, theirs)
    return None


def _computed_otherwise(mine: dict[str, Any], theirs: dict[str, Any]) -> Sentence:
    one, other = (
        say(
            "{device}, {threads} threads, {precision}, {n} images",
            device=run["device_name"],
            threads=run["threads"],
            precision=run["precision"],
            n=run["n_train"],
        )
        for run in (mine, theirs)
    )
    return say("They were computed differently: {one}; {other}.", one=one, other=other)
