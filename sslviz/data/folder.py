"""A person's own images: a folder or a zip of class-named folders, or of images without classes."""

import hashlib
import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import torch

from sslviz.data.arrange import Arrangement, arranged
from sslviz.data.cache import Arrays, keep_newest, read_arrays, write_arrays
from sslviz.data.decode import LARGE, ONE_AT_A_TIME, read_square
from sslviz.data.images import ImageSet
from sslviz.data.kinds import FORMAT_WORDS, FORMATS
from sslviz.data.leftovers import damaged, emptied, unread
from sslviz.data.levels import Levels, scaled
from sslviz.data.sources import FolderSource, Source, Unreadable
from sslviz.data.survey import LEAST_IMAGES
from sslviz.data.zips import ZipSource
from sslviz.refusal import Refusal, Sentence, read_sentence, say

MOST_DECODED_BYTES = 8 * 2**30
MOST_CACHED_BYTES = 2**30
CHUNK = 256
READING = 3  # counts the ways in which folders were ever arranged and decoded, for the cache

Progress = Callable[[Sentence, float], None]


def load_folder(
    path: Path, size: int, wanted: int, cache: Path, report: Progress
) -> tuple[ImageSet, ImageSet, tuple[Sentence, ...]]:
    """Train and held-out images, size x size, shuffled, at most `wanted` (0: all) for training.

    Layouts: `cat/1.jpg`, `train/cat/1.jpg` with `test/...`, or just images (label -1), each
    perhaps inside more folders. Without a usable test folder every 7th image is held out. What is
    left out or guessed is noted, a sentence each. Raises Refusal where too little is left.
    """
    report(say("Listing images"), 0.0)
    source = FolderSource(path) if path.is_dir() else ZipSource(path)
    stored = cache / "folders" / f"{_fingerprint(path, source, size, wanted)}.npz"
    arrays = read_arrays(stored)
    if arrays is None:
        _require_enough(path, source)
        plan = arranged(path, source.entries, wanted)
        arrays = _decoded(path, source, plan, size, report)
        _keep(stored, arrays)
    names = tuple(str(name) for name in arrays["class_names"])
    train, test = (_image_set(arrays, part, names) for part in ("train", "test"))
    notes = (read_sentence(json.loads(str(note))) for note in arrays["notes"])
    return train, test, tuple(note for note in notes if note)


def _require_enough(path: Path, source: Source) -> None:
    if len(source.entries) >= LEAST_IMAGES:
        return
    raise Refusal(
        "{path} holds {n} images; it needs at least {least} ({formats}), best in one folder a "
        "class. {left_out}",
        path=str(path),
        n=len(source.entries),
        least=LEAST_IMAGES,
        formats=FORMAT_WORDS,
        left_out=next(iter(unread(source.left_out)), ""),
    )


def _image_set(arrays: Arrays, part: str, names: tuple[str, ...]) -> ImageSet:
    labels = torch.from_numpy(arrays[f"{part}_labels"])
    known = names if bool((labels >= 0).any()) else ()
    files = tuple(map(str, arrays["test_names"])) if part == "test" else ()
    return ImageSet(torch.from_numpy(arrays[f"{part}_images"]), labels, known, names=files)


def _decoded(path: Path, source: Source, plan: Arrangement, size: int, report: Progress) -> Arrays:
    chosen = np.concatenate([plan.train, plan.test])
    images, broken, scales = _squares(source, chosen, size, report)
    entries = [source.entries[k] for k in chosen]
    by_name = sorted(broken, key=lambda place: entries[place].parts)
    lost = {entries[place]: broken[place] for place in by_name}
    if len(lost) == len(chosen):
        entry, reason = next(iter(lost.items()))
        raise Refusal(
            "None of the {total} images in {path} can be read, such as {first}.",
            total=len(chosen),
            path=str(path),
            first=say("{name} ({reason})", name=entry.name, reason=reason),
        )
    good = [entry for entry in source.entries if entry not in lost]
    notes = [*source.notes, *plan.notes, *unread(source.left_out), *damaged(lost, len(chosen))]
    notes += [*emptied(good, [*source.left_out, *lost]), *scales]
    in_train = np.arange(len(chosen)) < len(plan.train)
    fine = np.array([place not in broken for place in range(len(chosen))])
    labels = plan.labels[chosen].astype(np.int64)
    if plan.held_out:
        in_train |= _first_of_lost(labels, fine, in_train)
    labels, names, fine = _without_empty(labels, plan.class_names, fine, in_train)
    arrays = {
        "class_names": np.array(names, "U80"),
        "test_names": np.array([entries[k].name for k in np.flatnonzero(fine & ~in_train)], str),
        "notes": np.array([json.dumps(note.to_json()) for note in notes], str),
    }
    for part, mask in (("train", fine & in_train), ("test", fine & ~in_train)):
        if not mask.any():
            raise _nothing(part, path)
        arrays[f"{part}_images"] = np.ascontiguousarray(images[mask].transpose(0, 3, 1, 2))
        arrays[f"{part}_labels"] = labels[mask]
    return arrays


def _nothing(part: str, path: Path) -> Refusal:
    if part == "train":
        return Refusal("{path} holds no readable image to train on.", path=str(path))
    return Refusal("{path} holds no readable image to hold out for testing.", path=str(path))


def _squares(
    source: Source, chosen: np.ndarray, size: int, report: Progress
) -> tuple[np.ndarray, dict[int, Sentence], tuple[Sentence, ...]]:
    """The images, size x size x 3 each; why some have none, by place; how levels were scaled."""
    needed = len(chosen) * 3 * size * size
    if needed > MOST_DECODED_BYTES:
        raise Refusal(
            "{n} images of {size} pixels take {needed} GB of memory; the most is {most} GB, so set "
            "train_images or a smaller image_size.",
            n=f"{len(chosen):,}",
            size=size,
            needed=round(needed / 2**30),
            most=MOST_DECODED_BYTES // 2**30,
        )
    images = np.zeros((len(chosen), size, size, 3), np.uint8)
    deep: dict[int, Levels] = {}
    broken: dict[int, Sentence] = {}

    def read(place: int) -> None:
        entry = source.entries[chosen[place]]
        try:
            with ONE_AT_A_TIME if entry.length > LARGE else nullcontext():
                square = read_square(source.read(entry), size)
        except Unreadable as reason:
            broken[place] = reason.sentence
        else:
            if isinstance(square, Levels):
                deep[place] = square
            else:
                images[place] = square

    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        for start in range(0, len(chosen), CHUNK):
            report(say("Reading {n} images", n=f"{len(chosen):,}"), start / len(chosen))
            list(pool.map(read, range(start, min(start + CHUNK, len(chosen)))))
    places = sorted(deep)
    squares, notes = scaled([deep[place] for place in places])
    for place, square in zip(places, squares, strict=True):
        images[place] = square
    return images, broken, notes


def _first_of_lost(labels: np.ndarray, fine: np.ndarray, in_train: np.ndarray) -> np.ndarray:
    """The first held-out image of each class whose training images all turned out broken."""
    first = np.zeros(len(labels), bool)
    for label in set(labels[fine]) - set(labels[fine & in_train]):
        first[np.flatnonzero(fine & (labels == label))[0]] = True
    return first


def _without_empty(
    labels: np.ndarray, names: tuple[str, ...], fine: np.ndarray, in_train: np.ndarray
) -> tuple[np.ndarray, tuple[str, ...], np.ndarray]:
    """Labels, names and usable images without the classes of which nothing could be read."""
    tried = set(labels.tolist())
    lost = [n for n in range(len(names)) if n in tried and n not in labels[fine]]
    kept = [n for n in range(len(names)) if n not in lost]
    if len(kept) < 2:
        return np.full_like(labels, -1), (), fine
    number = {old: new for new, old in enumerate(kept)}
    renamed = np.array([number.get(label, -1) for label in labels.tolist()], np.int64)
    return renamed, tuple(names[n] for n in kept), fine


def _fingerprint(path: Path, source: Source, size: int, wanted: int) -> str:
    facts = [READING, FORMATS, str(path.resolve()), size, wanted]
    digest = hashlib.sha256(json.dumps(facts).encode())
    for entry in (*source.entries, *source.left_out):
        digest.update(
            json.dumps([entry.parts, entry.length, entry.changed, entry.left_out]).encode()
        )
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
