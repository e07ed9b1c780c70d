"""Which images to train on and which to hold out, and in words whatever of that was guessed."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from sslviz.data.names import printable
from sslviz.data.sources import Entry
from sslviz.data.splits import Classes, Folders, Groups, Split, classes, split
from sslviz.refusal import Refusal, Sentence, say
from sslviz.streams import stream

MOST_TEST_IMAGES = 10_000
HELD_OUT_EVERY = 7  # of the images of each class, where there is no test folder: 14%
SHOWN = 5  # names in a note


@dataclass(frozen=True)
class Arrangement:
    """Which images to train on and which to hold out. Indices into the source's entries.

    `held_out`: the test images were taken out of the training images.
    """

    train: np.ndarray
    test: np.ndarray
    labels: np.ndarray
    class_names: tuple[str, ...]
    notes: tuple[Sentence, ...]
    held_out: bool


def arranged(path: Path, entries: list[Entry], wanted: int) -> Arrangement:
    """Classes and held-out images, from the names of the folders alone. Raises Refusal."""
    folders = [entry.parts[:-1] for entry in entries]
    everything = range(len(entries))
    found = split(everything, folders)
    if found:
        train, test, notes = _parts(found, folders)
        stray = found.stray + (train.stray if train.members else [])
    else:
        train, test, notes = classes(everything, folders, 0), None, []
        stray = train.stray if train.members else []
    if stray:
        names = listed([entries[k].name for k in stray])
        notes.append(
            say(
                "Left out because they lie outside the class folders: {n}, such as {names}.",
                n=len(stray),
                names=names,
            )
        )
    names = sorted(train.members or (test.members if test else ()))
    labels = np.full(len(entries), -1)
    for part in (train, test):
        for number, name in enumerate(names):
            labels[part.members.get(name, []) if part else []] = number
    shuffled = torch.randperm(len(entries), generator=stream(0, "folder order")).numpy()
    train_ones = shuffled[np.isin(shuffled, _kept(train, names))]
    if test is None:
        test_ones = _held_out(path, train_ones, labels)
        train_ones = train_ones[~np.isin(train_ones, test_ones)]
    else:
        test_ones = shuffled[np.isin(shuffled, _kept(test, names))]
    return Arrangement(
        train_ones[: wanted or None],
        test_ones[:MOST_TEST_IMAGES],
        labels,
        tuple(printable(name) for name in names),
        tuple(notes),
        test is None,
    )


def listed(names: Sequence[str]) -> str:
    """At most SHOWN names, in their order."""
    return ", ".join(map(printable, names[:SHOWN])) + (", ..." if len(names) > SHOWN else "")


def _kept(part: Classes, names: list[str]) -> list[int]:
    """All its images where it has no classes, else those of the classes in `names`."""
    if not part.members:
        return part.stray
    return [k for name in names for k in part.members.get(name, ())]


def _held_out(path: Path, shuffled: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Every 7th image, class by class. The first of each class, by name, always trains."""
    order = shuffled[np.argsort(labels[shuffled], kind="stable")]
    first = {int(label): int(order[labels[order] == label].min()) for label in set(labels[order])}
    held: list[int] = []
    for at in range(0, len(order), HELD_OUT_EVERY):
        mine = labels[order[at]]
        near = [order[k] for k in (at, at + 1, at - 1) if 0 <= k < len(order)]
        free = [k for k in near if labels[k] == mine and k != first[int(mine)] and k not in held]
        held += free[:1]
    if not held:
        raise Refusal(
            "No image in {path} can be held out for testing: the first image of each class is "
            "trained on, and there are no others.",
            path=str(path),
        )
    return np.array(held)


def _parts(found: Split, folders: Folders) -> tuple[Classes, Classes | None, list[Sentence]]:
    """The classes of the training folders and of the best folders to test on, if any."""
    train = classes(_all(found.train), folders, found.depth)
    notes: list[Sentence] = []
    chosen: Groups = {}
    test = None
    unused = dict(found.other)
    for candidate in (found.test, found.val):
        part = classes(_all(candidate), folders, found.depth, list(train.members))
        fits = bool(candidate) and (
            not train.members or bool(set(train.members) & set(part.members))
        )
        if fits and test is None:
            chosen, test = candidate, part
            continue
        unused |= candidate
        if candidate and test is None:
            notes.append(_unusable(candidate, part))
    notes[:0] = _chosen(found.train, chosen)
    unused = {name: some for name, some in unused.items() if name not in chosen}
    if unused:
        notes.append(
            say(
                "Left out because they are neither trained nor tested on: {names} ({n} images).",
                names=listed(list(unused)),
                n=len(_all(unused)),
            )
        )
    if test:
        notes += _compared(train, test, found.train, chosen)
    return train, test, notes


def _all(parts: Groups) -> list[int]:
    return sorted(k for some in parts.values() for k in some)


def _chosen(train: Groups, test: Groups) -> list[Sentence]:
    names = {"train": listed(list(train)), "test": listed(list(test))}
    if [name.casefold() for name in names.values()] == ["train", "test"]:
        return []
    if test:
        return [say("Training images are those in {train}; held out are those in {test}.", **names)]
    return [
        say(
            "Training images are those in {train}; every {every}th of them is held out.",
            train=names["train"],
            every=HELD_OUT_EVERY,
        )
    ]


def _unusable(candidate: Groups, part: Classes) -> Sentence:
    names = listed(list(candidate))
    if part.members:
        return say("{names} has none of the classes to train on, so it is no test.", names=names)
    return say("{names} has no classes, so it is no test.", names=names)


def _compared(train: Classes, test: Classes, trained: Groups, tested: Groups) -> list[Sentence]:
    """Notes on classes that only one of the two has."""
    where = {"train": listed(list(trained)), "test": listed(list(tested))}
    if not train.members:
        return (
            [say("{train} has no class folders: it is trained on without labels.", **where)]
            if test.members
            else []
        )
    notes = []
    only = [name for name in test.members if name not in train.members]
    if only:
        count = sum(len(test.members[name]) for name in only)
        notes.append(
            say(
                "Left out because {train} has no such classes: {names} ({n} images of {test}).",
                names=listed(only),
                n=count,
                **where,
            )
        )
    absent = [name for name in train.members if name not in test.members]
    if absent:
        notes.append(
            say("There are no held-out images of these classes: {names}.", names=listed(absent))
        )
    if test.stray:
        notes.append(
            say(
                "Left out because they lie outside the class folders of {test}: {n} images.",
                n=len(test.stray),
                **where,
            )
        )
    return notes
