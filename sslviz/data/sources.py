"""Files in a folder or in a zip, listed and read without ever writing or following anything."""

import os
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TypeVar

from sslviz.data.decode import SUFFIXES, Unreadable
from sslviz.refusal import Refusal

T = TypeVar("T")

MOST_FILES = 500_000
MOST_FILE_BYTES = 64 * 2**20
MOST_ZIP_BYTES = 8 * 2**30  # unpacked
MOST_RATIO = 200  # unpacked : packed, of entries above RATIO_FROM
RATIO_FROM = 2**20


@dataclass(frozen=True)
class Entry:
    """One file: the folders it is in and its name, its length and when it was changed."""

    parts: tuple[str, ...]
    length: int
    changed: int

    @property
    def name(self) -> str:
        return printable("/".join(self.parts))


def printable(text: str) -> str:
    """`text` fit for one line of a message: no control characters, at most 80 long."""
    clean = "".join(c if c.isprintable() else "?" for c in text)
    return clean if len(clean) <= 80 else clean[:77] + "..."


class FolderSource:
    """The image files under a folder. Links inside it are not followed."""

    def __init__(self, root: Path) -> None:
        self.root = root
        try:
            self.entries = sorted(_limited(self._walk(root, ()), root), key=lambda e: e.parts)
        except OSError as error:
            raise Refusal(
                "{path} cannot be read ({reason}).", path=str(root), reason=error.strerror
            ) from None
        self.entries = [entry for entry in self.entries if _is_image(entry.parts)]

    def _walk(self, folder: Path, parts: tuple[str, ...]) -> Iterator[Entry]:
        with os.scandir(folder) as found:
            for item in found:
                inner = (*parts, item.name)
                if item.is_dir(follow_symlinks=False):
                    if _is_visible(item.name):
                        yield from self._walk(Path(item.path), inner)
                elif item.is_file(follow_symlinks=False):
                    facts = item.stat(follow_symlinks=False)
                    yield Entry(inner, facts.st_size, facts.st_mtime_ns)

    def read(self, entry: Entry) -> bytes:
        """The file's bytes. Raises Unreadable."""
        _check_length(entry)
        try:
            return self.root.joinpath(*entry.parts).read_bytes()
        except OSError as error:
            raise Unreadable("it cannot be opened: {reason}", reason=error.strerror) from None


class ZipSource:
    """The image files in a zip. Entries that would be links are left out."""

    def __init__(self, path: Path) -> None:
        self.path = path
        changed = path.stat().st_mtime_ns
        try:
            self.zip = zipfile.ZipFile(path)
        except (OSError, zipfile.BadZipFile, NotImplementedError, ValueError, EOFError):
            raise Refusal(
                "{path} is not a readable zip; data must be a folder or a zip of images.",
                path=str(path),
            ) from None
        self.infos: dict[tuple[str, ...], zipfile.ZipInfo] = {}
        for info in _limited(iter(self.zip.infolist()), path):
            parts = PurePosixPath(info.filename.replace("\\", "/")).parts
            if ".." in parts or info.filename.startswith(("/", "\\")):
                raise Refusal(
                    "{path} has an entry {name} that points outside it; "
                    "entries must be plain names inside it.",
                    path=str(path),
                    name=repr(printable(info.filename)),
                )
            if not info.is_dir() and not _is_link(info) and _is_image(parts):
                self._check(info)
                self.infos[parts] = info
        total = sum(info.file_size for info in self.infos.values())
        if total > MOST_ZIP_BYTES:
            raise Refusal(
                "{path} holds {size} GB of images when unpacked; the most is {most} GB.",
                path=str(path),
                size=f"{total / 2**30:.0f}",
                most=MOST_ZIP_BYTES // 2**30,
            )
        self.entries = [Entry(p, i.file_size, changed) for p, i in sorted(self.infos.items())]

    def _check(self, info: zipfile.ZipInfo) -> None:
        name = printable(info.filename)
        if info.flag_bits & 1:
            raise Refusal(
                "{path} is protected by a password; it must be a plain zip.", path=str(self.path)
            )
        if info.file_size > max(RATIO_FROM, MOST_RATIO * info.compress_size):
            raise Refusal(
                "{path} looks like a zip bomb: {name} unpacks to {large} MB from {small} MB, and "
                "at most {most} times is allowed.",
                path=str(self.path),
                name=name,
                large=f"{info.file_size / 2**20:.0f}",
                small=f"{info.compress_size / 2**20:.1f}",
                most=MOST_RATIO,
            )

    def read(self, entry: Entry) -> bytes:
        """The entry's bytes, never more than it declares. Raises Unreadable."""
        _check_length(entry)
        try:
            with self.zip.open(self.infos[entry.parts]) as file:
                return file.read(MOST_FILE_BYTES)
        except Exception as error:  # zlib, lzma, bz2 and zipfile each raise their own
            reason = printable(str(error))
            raise Unreadable("it cannot be unpacked: {reason}", reason=reason) from error


def open_source(path: Path) -> FolderSource | ZipSource:
    """The images at `path`. Raises Refusal for what is neither a folder nor a zip."""
    return FolderSource(path) if path.is_dir() else ZipSource(path)


def _limited(items: Iterator[T], path: Path) -> Iterator[T]:
    for count, item in enumerate(items):
        if count >= MOST_FILES:
            raise Refusal(
                "{path} holds more than {most} files, which is the most.",
                path=str(path),
                most=f"{MOST_FILES:,}",
            )
        yield item


def _check_length(entry: Entry) -> None:
    if entry.length > MOST_FILE_BYTES:
        raise Unreadable(
            "it is {size} MB long; the most is {most} MB",
            size=f"{entry.length / 2**20:.0f}",
            most=MOST_FILE_BYTES // 2**20,
        )


def _is_visible(name: str) -> bool:
    return not name.startswith(".") and name != "__MACOSX"


def _is_image(parts: tuple[str, ...]) -> bool:
    return bool(parts) and all(map(_is_visible, parts)) and parts[-1].lower().endswith(SUFFIXES)


def _is_link(info: zipfile.ZipInfo) -> bool:
    return stat.S_ISLNK(info.external_attr >> 16)
