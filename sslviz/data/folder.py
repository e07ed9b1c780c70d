"""A person's own images: a folder or a zip of class-named folders, or of images without classes."""

import hashlib
import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from sslviz.data.cache import Arrays, keep_newest, read_arrays, write_arrays
from sslviz.data.decode import FORMAT_WORDS, Unreadable, decode
from sslviz.data.images import ImageSet
from sslviz.data.sources import Entry, FolderSource, ZipSource, open_source, printable
from sslviz.refusal import Refusal, Sentence, read_sentence, say
from sslviz.streams import stream

TRAIN_NAMES = ("train", "training")
TEST_NAMES = ("test", "testing", "val", "valid", "validation")
LEAST_IMAGES = 8
MOST_TEST_IMAGES = 10_000
HELD_OUT_EVERY = 7  # of the images of each class, where there is no test folder: 14%
MOST_DECODED_BYTES = 8 * 2**30
MOST_CACHED_BYTES = 2**30
CHUNK = 256

Progress = Callable[[Sentence, float], None]


@dataclass(frozen=True)
class Arrangement:
    """Which images to train on and which to hold out. Indices into the source's entries."""

    train: np.ndarray
    test: np.ndarray
    labels: np.ndarray
    class_names: tuple[str, ...]
    notes: tuple[Sentence, ...]


def load_folder(
    path: Path, size: int, wanted: int, cache: Path, report: Progress
) -> tuple[ImageSet, ImageSet, tuple[Sentence, ...]]:
    """Train and held-out images, size x size, shuffled, at most `wanted` (0: all) for training.

    Layouts: `cat/1.jpg`, `train/cat/1.jpg` with `test/...`, or just images (label -1), each
    perhaps inside one more folder. Without a test folder every 7th image is held out. A few broken
    images are skipped and noted; more of them raise Refusal, as does all other bad input.
    """
    report(say("Listing images"), 0.0)
    source = open_source(path)
    stored = cache / "folders" / f"{_fingerprint(path, source, size, wanted)}.npz"
    arrays = read_arrays(stored)
    if arrays is None:
        arrays = _decoded(path, source, arranged(path, source.entries, wanted), size, report)
        _keep(stored, arrays)
    names = tuple(str(name) for name in arrays["class_names"])
    train, test = (
        ImageSet(
            torch.from_numpy(arrays[f"{part}_images"]),
            torch.from_numpy(arrays[f"{part}_labels"]),
            names,
        )
        for part in ("train", "test")
    )
    return train, test, tuple(_note(str(note)) for note in arrays["notes"])


def arranged(path: Path, entries: list[Entry], wanted: int) -> Arrangement:
    """Classes and held-out images, from the names of the folders alone."""
    if len(entries) < LEAST_IMAGES:
        raise Refusal(
            "{path} holds {n} images; it needs at least {least} ({formats}), best in one folder a "
            "class.",
            path=str(path),
            n=len(entries),
            least=LEAST_IMAGES,
            formats=FORMAT_WORDS,
        )
    folders = _without_shared([entry.parts[:-1] for entry in entries])
    held = _split(folders)
    if held is not None:
        folders = [parts[1:] for parts in folders]
    names = sorted({parts[0] for parts in folders if parts})
    if len(names) < 2:
        names = []
    number = {name: k for k, name in enumerate(names)}
    labels = np.array([number.get(parts[0], -1) if parts else -1 for parts in folders])
    shuffled = torch.randperm(len(entries), generator=stream(0, "folder order")).numpy()
    notes = []
    stray = int((labels < 0).sum()) if names else 0
    if stray:
        notes.append(say("{n} images outside the class folders were left out.", n=stray))
        shuffled = shuffled[labels[shuffled] >= 0]
    if held is None:
        test = shuffled[np.argsort(labels[shuffled], kind="stable")][::HELD_OUT_EVERY]
        held = np.isin(np.arange(len(entries)), test)
    train, test = shuffled[~held[shuffled]], shuffled[held[shuffled]]
    class_names = tuple(printable(name) for name in names)
    return Arrangement(
        train[: wanted or None], test[:MOST_TEST_IMAGES], labels, class_names, tuple(notes)
    )


def _without_shared(folders: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The folders without those that all of them are in."""
    shared = len(os.path.commonprefix(folders))
    return [parts[shared:] for parts in folders]


def _split(folders: list[tuple[str, ...]]) -> np.ndarray | None:
    """Which images are held out, where the first folders are train and test; None elsewhere."""
    first = [parts[0].lower() if parts else "" for parts in folders]
    if not set(first) <= {*TRAIN_NAMES, *TEST_NAMES} or not set(first) & set(TRAIN_NAMES):
        return None
    return np.array([name in TEST_NAMES for name in first])


def _decoded(
    path: Path, source: FolderSource | ZipSource, plan: Arrangement, size: int, report: Progress
) -> Arrays:
    chosen = np.concatenate([plan.train, plan.test])
    needed = len(chosen) * 3 * size * size
    if needed > MOST_DECODED_BYTES:
        raise Refusal(
            "{n} images of {size} pixels take {needed} GB of memory; the most is {most} GB, so set "
            "train_images or a smaller image_size.",
            n=f"{len(chosen):,}",
            size=size,
            needed=f"{needed / 2**30:.0f}",
            most=MOST_DECODED_BYTES // 2**30,
        )
    images = np.empty((len(chosen), size, size, 3), np.uint8)

    def read(place: int) -> Sentence | None:
        entry = source.entries[chosen[place]]
        try:
            images[place] = decode(source.read(entry), size)
        except Unreadable as reason:
            return say("{name} ({reason})", name=entry.name, reason=reason.sentence)
        return None

    broken: dict[int, Sentence] = {}
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        for start in range(0, len(chosen), CHUNK):
            report(say("Reading {n} images", n=f"{len(chosen):,}"), start / len(chosen))
            places = range(start, min(start + CHUNK, len(chosen)))
            found = zip(places, pool.map(read, places), strict=True)
            broken |= {place: reason for place, reason in found if reason}
    notes = (*plan.notes, *_accepted(path, broken, len(chosen)))
    good = np.array([place not in broken for place in range(len(chosen))])
    in_train = np.arange(len(chosen)) < len(plan.train)
    told = [json.dumps(note.to_json()) for note in notes]
    arrays = {"class_names": np.array(plan.class_names, "U80"), "notes": np.array(told, "U2000")}
    for part, mask in (("train", good & in_train), ("test", good & ~in_train)):
        if not mask.any():
            raise Refusal(
                "{path} holds no readable image to {purpose}.",
                path=str(path),
                purpose=_PURPOSE[part],
            )
        arrays[f"{part}_images"] = np.ascontiguousarray(images[mask].transpose(0, 3, 1, 2))
        arrays[f"{part}_labels"] = plan.labels[chosen[mask]].astype(np.int64)
    return arrays


_PURPOSE = {"train": say("train on"), "test": say("hold out for testing")}


def _note(text: str) -> Sentence:
    """A note as the cache keeps it."""
    return read_sentence(json.loads(text)) or say("Something was left out.")


def _accepted(path: Path, broken: dict[int, Sentence], total: int) -> tuple[Sentence, ...]:
    """A note on what was skipped; Refusal where that is more than a few."""
    if not broken:
        return ()
    first, few = min(broken.values(), key=str), max(3, total // 100)
    facts = {"n": len(broken), "total": total, "path": str(path), "first": first, "few": few}
    if len(broken) == total:
        raise Refusal("None of the {total} images in {path} can be read, such as {first}.", **facts)
    if len(broken) > few:
        raise Refusal(
            "{n} of {total} images in {path} cannot be read, such as {first}; at most {few} are "
            "skipped.",
            **facts,
        )
    return (say("{n} of {total} images were skipped, such as {first}.", **facts),)


def _fingerprint(path: Path, source: FolderSource | ZipSource, size: int, wanted: int) -> str:
    digest = hashlib.sha256(json.dumps(["notes 2", str(path.resolve()), size, wanted]).encode())
    for entry in source.entries:
        digest.update(json.dumps([entry.parts, entry.length, entry.changed]).encode())
    return digest.hexdigest()[:32]


def _keep(stored: Path, arrays: Arrays) -> None:
    """Into the cache, if it fits; a run goes on without."""
    if sum(array.nbytes for array in arrays.values()) > MOST_CACHED_BYTES:
        return
    try:
        write_arrays(stored, arrays)
        keep_newest(stored.parent, 4)
    except OSError:
        return
