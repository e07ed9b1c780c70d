"""Files in a folder or in a zip, listed and read without ever writing or following anything."""

import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sslviz.data.kinds import HEAD, READ, kind_by_content, kind_by_name
from sslviz.data.names import composed, is_junk, printable
from sslviz.refusal import Fact, Refusal, Sentence

T = TypeVar("T")

MOST_FILES = 500_000
MOST_FILE_BYTES = 256 * 2**20

# why a file is left out, beside the kinds of image that are not read
EMPTY, LINK, CLOSED, NOTHING, OTHER = "empty", "link", "closed", "nothing", "other"


class Unreadable(Exception):
    """Why an image cannot be used, in a few words: `sentence`."""

    def __init__(self, template: str, **facts: Fact) -> None:
        self.sentence = Sentence(template, facts)
        super().__init__(str(self.sentence))


@dataclass(frozen=True)
class Entry:
    """One file: the folders it is in and its name (NFC), its length and when it was changed.

    `left_out`: "" where it may be an image that is read, else why not. `place`: where its source
    finds it again.
    """

    parts: tuple[str, ...]
    length: int
    changed: int
    place: Any
    left_out: str = ""

    @property
    def name(self) -> str:
        return printable("/".join(self.parts))


class Source(ABC):
    """`entries`: what may be read, by name; `left_out`: all else that is seen; `notes` on both."""

    def __init__(self, path: Path, found: Iterator[Entry]) -> None:
        self.path = path
        self.entries: list[Entry] = []
        self.left_out: list[Entry] = []
        self.notes: tuple[Sentence, ...] = ()
        for entry in sorted(found, key=lambda e: e.parts):
            (self.left_out if entry.left_out else self.entries).append(entry)

    def read(self, entry: Entry) -> bytes:
        """The file's bytes. Raises Unreadable."""
        if entry.length > MOST_FILE_BYTES:
            raise Unreadable(
                "it is {size} MB long; the most is {most} MB",
                size=round(entry.length / 2**20),
                most=MOST_FILE_BYTES // 2**20,
            )
        return self._bytes(entry)

    @abstractmethod
    def _bytes(self, entry: Entry) -> bytes:
        """The whole file, however long. Raises Unreadable."""


class FolderSource(Source):
    """The files under a folder. Links inside it are not followed."""

    def __init__(self, root: Path) -> None:
        try:
            super().__init__(root, limited(self._walk(root, ()), root))
        except OSError as error:
            raise Refusal(
                "{path} cannot be read ({reason}).", path=str(root), reason=str(error.strerror)
            ) from None

    def _walk(self, folder: Path, parts: tuple[str, ...]) -> Iterator[Entry]:
        empty = bool(parts)
        with os.scandir(folder) as found:
            for item in found:
                if is_junk(item.name):
                    continue
                empty = False
                inner, place = (*parts, composed(item.name)), Path(item.path)
                if item.is_symlink():
                    yield Entry(inner, 0, 0, place, LINK)
                elif item.is_dir(follow_symlinks=False):
                    try:
                        yield from self._walk(place, inner)
                    except PermissionError:
                        yield Entry(inner, 0, 0, place, CLOSED)
                elif item.is_file(follow_symlinks=False):
                    facts = item.stat(follow_symlinks=False)
                    why = judged(item.name, facts.st_size, lambda place=place: _head(place))
                    yield Entry(inner, facts.st_size, facts.st_mtime_ns, place, why)
        if empty:
            yield Entry(parts, 0, 0, folder, NOTHING)

    def _bytes(self, entry: Entry) -> bytes:
        try:
            return entry.place.read_bytes()
        except OSError as error:
            raise Unreadable("it cannot be opened: {reason}", reason=str(error.strerror)) from None


def judged(name: str, length: int, head: Callable[[], bytes]) -> str:
    """ "" for a file that may be an image that is read, else why it is left out.

    `head` gives its first bytes; they decide where the name does not promise such an image.
    """
    kind = kind_by_name(name)
    if kind == "" or (kind is None and not length):
        return OTHER
    if not length:
        return EMPTY
    if kind not in READ:
        inside = kind_by_content(head())
        # a camera's raw file is a TIFF whose first page is a small preview
        kind = kind if inside == "TIFF" and kind else inside or kind
    return "" if kind in READ else kind or OTHER


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(HEAD)
    except OSError:
        return b""


def limited(items: Iterator[T], path: Path) -> Iterator[T]:
    """The items. Raises Refusal at the one that is too many."""
    for count, item in enumerate(items):
        if count >= MOST_FILES:
            raise Refusal(
                "{path} holds more than {most} files, which is the most.",
                path=str(path),
                most=f"{MOST_FILES:,}",
            )
        yield item
