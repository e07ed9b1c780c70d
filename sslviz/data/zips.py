"""A zip that anybody made: its names in their own encoding, and limits against bombs."""

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from sslviz.data.kinds import HEAD
from sslviz.data.names import composed, decoded, is_junk, printable
from sslviz.data.sources import (
    LINK,
    MOST_FILE_BYTES,
    NOTHING,
    Entry,
    Source,
    Unreadable,
    judged,
    limited,
)
from sslviz.refusal import Refusal, say

MOST_ZIP_BYTES = 8 * 2**30  # unpacked
MOST_RATIO = 200  # unpacked : packed, of entries above RATIO_FROM
RATIO_FROM = 64 * 2**20  # a picture of one colour shrinks a thousand times
UTF8 = 0x800
UNICODE_PATH = 0x7075  # Info-ZIP's extra field


class ZipSource(Source):
    """The files in a zip; `content`: its bytes where it is not on the disk yet."""

    def __init__(self, path: Path, content: bytes | None = None) -> None:
        try:
            self.zip = zipfile.ZipFile(path if content is None else BytesIO(content))
        except (OSError, zipfile.BadZipFile, NotImplementedError, ValueError, EOFError):
            raise Refusal(
                "{path} is not a readable zip; data must be a folder or a zip of images.",
                path=str(path),
            ) from None
        self.changed = path.stat().st_mtime_ns if content is None else 0
        infos = list(limited(iter(self.zip.infolist()), path))
        names, encoding = _names(infos)
        super().__init__(path, self._listed(dict(zip(names, infos, strict=True))))
        total = sum(entry.length for entry in self.entries)
        if total > MOST_ZIP_BYTES:
            raise Refusal(
                "{path} holds {size} GB of images when unpacked; the most is {most} GB.",
                path=str(path),
                size=round(total / 2**30),
                most=MOST_ZIP_BYTES // 2**30,
            )
        if encoding != "utf-8":
            self.notes = (say("The names in the zip were read as {encoding}.", encoding=encoding),)

    def _listed(self, infos: dict[str, zipfile.ZipInfo]) -> Iterator[Entry]:
        inside: set[tuple[str, ...]] = set()
        folders: dict[tuple[str, ...], zipfile.ZipInfo] = {}
        for name, info in infos.items():
            parts = self._parts(name)
            if not parts or any(map(is_junk, parts)):
                continue
            inside |= {parts[:n] for n in range(len(parts))}
            if name.endswith(("/", "\\")):
                folders[parts] = info
                continue
            if stat.S_ISLNK(info.external_attr >> 16):
                yield Entry(parts, 0, self.changed, info, LINK)
                continue
            why = judged(parts[-1], info.file_size, lambda info=info: self._head(info))
            if not why:
                self._check(info, name)
            yield Entry(parts, info.file_size, self.changed, info, why)
        for parts in folders.keys() - inside:
            yield Entry(parts, 0, self.changed, folders[parts], NOTHING)

    def _parts(self, name: str) -> tuple[str, ...]:
        plain = name.replace("\\", "/")
        parts = tuple(composed(part) for part in plain.split("/") if part not in ("", "."))
        if ".." in parts or plain.startswith("/"):
            raise Refusal(
                "{path} has an entry {name} that points outside it; entries must be plain names "
                "inside it.",
                path=str(self.path),
                name=repr(printable(name)),
            )
        return parts

    def _check(self, info: zipfile.ZipInfo, name: str) -> None:
        if info.flag_bits & 1:
            raise Refusal(
                "{path} is protected by a password; it must be a plain zip.", path=str(self.path)
            )
        if info.file_size > max(RATIO_FROM, MOST_RATIO * info.compress_size):
            raise Refusal(
                "{path} looks like a zip bomb: {name} unpacks to {large} MB from {small} MB, and "
                "at most {most} times is allowed.",
                path=str(self.path),
                name=printable(name),
                large=round(info.file_size / 2**20),
                small=round(info.compress_size / 2**20, 1),
                most=MOST_RATIO,
            )

    def _head(self, info: zipfile.ZipInfo) -> bytes:
        try:
            with self.zip.open(info) as file:
                return file.read(HEAD)
        except Exception:  # zlib, lzma, bz2 and zipfile each raise their own
            return b""

    def _bytes(self, entry: Entry) -> bytes:
        """Never more than the entry declares."""
        try:
            with self.zip.open(entry.place) as file:
                return file.read(MOST_FILE_BYTES)
        except Exception as error:  # zlib, lzma, bz2 and zipfile each raise their own
            reason = printable(str(error))
            raise Unreadable("it cannot be unpacked: {reason}", reason=reason) from error


def _names(infos: list[zipfile.ZipInfo]) -> tuple[list[str], str]:
    """The entries' names, and the encoding of those that do not say theirs.

    Decoded before anything is split: the second byte of a letter may be a backslash.
    """
    known = {k: name for k, info in enumerate(infos) if (name := _said(info)) is not None}
    silent = [k for k in range(len(infos)) if k not in known]
    names, encoding = decoded(_raw(infos[k]) for k in silent)
    known |= dict(zip(silent, names, strict=True))
    return [known[k].split("\0")[0] for k in range(len(infos))], encoding


def _said(info: zipfile.ZipInfo) -> str | None:
    """The name of an entry that says it in UTF-8, by its flag or in Info-ZIP's extra field."""
    if info.flag_bits & UTF8:
        return info.orig_filename
    extra = info.extra
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<HH", extra)
        body, extra = extra[4 : 4 + length], extra[4 + length :]
        if kind == UNICODE_PATH and body[:1] == b"\1":
            same = int.from_bytes(body[1:5], "little") == zlib.crc32(_raw(info))
            return body[5:].decode(errors="replace") if same else None
    return None


def _raw(info: zipfile.ZipInfo) -> bytes:
    """The bytes of a name without the UTF-8 flag: zipfile reads them as cp437, one to one."""
    return info.orig_filename.encode("cp437")
