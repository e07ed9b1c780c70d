"""What a folder or zip of images holds, before anything is trained on it. Torch-free."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sslviz.data.decode import decode
from sslviz.data.sources import FolderSource, Source, Unreadable
from sslviz.data.splits import Classes, classes, split
from sslviz.data.zips import ZipSource

LEAST_IMAGES = 8  # for training and testing together
SIDE = 48  # pixels of a sample


@dataclass(frozen=True)
class Survey:
    """`classes`: images for training of each class, {} without class folders; `tested`: images in
    test folders; `left_out`: files that are no images; `samples`: a few images, SIDE x SIDE x 3."""

    images: int
    classes: dict[str, int]
    tested: int
    left_out: int
    samples: tuple[np.ndarray, ...]

    @property
    def held_out(self) -> int:
        """Images that will be tested on: every 7th where there is no test folder."""
        return self.tested or self.images // 7


def survey(path: Path, samples: int) -> Survey:
    """Counts by the names of the folders alone, as training arranges them. Raises Refusal."""
    source: Source = FolderSource(path) if path.is_dir() else ZipSource(path)
    folders = [entry.parts[:-1] for entry in source.entries]
    found, tested = split(range(len(folders)), folders), 0
    if found:
        members = [k for some in found.train.values() for k in some]
        tested = sum(map(len, (found.test or found.val).values()))
        train = classes(members, folders, found.depth)
    else:
        members = list(range(len(folders)))
        train = classes(members, folders, 0)
    counts = {name: len(some) for name, some in sorted(train.members.items())}
    shown = _some(source, train, members, samples)
    n = sum(counts.values()) if counts else len(members)
    return Survey(n, counts, tested, len(source.left_out), shown)


def _some(source: Source, train: Classes, members: list[int], most: int) -> tuple[np.ndarray, ...]:
    """The first images of the classes, class by class in turn; those that cannot be read are not
    there."""
    rows = [list(some) for some in train.members.values()] or [members]
    turns = [k for turn in zip(*(row[:most] for row in rows), strict=False) for k in turn]
    shown: list[np.ndarray] = []
    for k in (turns or members)[: 2 * most]:
        try:
            shown.append(decode(source.read(source.entries[k]), SIDE))
        except Unreadable:
            continue
        if len(shown) == most:
            break
    return tuple(shown)
