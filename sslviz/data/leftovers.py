"""Notes on the files of a folder or zip that are not among its images: how many, which and why."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from sslviz.data.arrange import listed
from sslviz.data.kinds import HEIC_READ
from sslviz.data.names import printable
from sslviz.data.sources import CLOSED, EMPTY, LINK, NOTHING, OTHER, Entry
from sslviz.refusal import Sentence, say

SHOWN = 20  # names of folders in a note

_REASONS = {
    EMPTY: say("Left out because they are empty files: {n}, such as {names}."),
    LINK: say("Left out because they are links, which are not followed: {n}, such as {names}."),
    CLOSED: say("Left out because they may not be opened: {n} folders, such as {names}."),
}
_HEIC = say(
    "Left out because HEIC is not read without pillow-heif (pip install pillow-heif): {n}, such as "
    "{names}."
)
_NOT_READ = say("Left out because {kind} is not read: {n}, such as {names}.")


def unread(left_out: list[Entry]) -> list[Sentence]:
    """A note for each reason why files were not even tried; none on texts, tables and the like."""
    by_reason: dict[str, list[str]] = {}
    for entry in left_out:
        by_reason.setdefault(entry.left_out, []).append(entry.name)
    notes = []
    for reason, names in sorted(by_reason.items()):
        if reason in (OTHER, NOTHING):
            continue
        text = _REASONS.get(reason, _HEIC if reason == "HEIC" and not HEIC_READ else _NOT_READ)
        notes.append(replace(text, facts={"kind": reason, "n": len(names), "names": listed(names)}))
    return notes


def damaged(broken: dict[Entry, Sentence], total: int) -> list[Sentence]:
    """A note for each way in which images could not be read."""
    by_way: dict[str, list[Sentence]] = {}
    for entry, reason in broken.items():
        first = say("{name} ({reason})", name=entry.name, reason=reason)
        by_way.setdefault(reason.template, []).append(first)
    return [
        say(
            "Left out because they cannot be read: {n} of {total} images, such as {first}.",
            n=len(some),
            total=total,
            first=some[0],
        )
        for some in by_way.values()
    ]


def emptied(entries: Iterable[Entry], bad: Iterable[Entry]) -> list[Sentence]:
    """Names the outermost folders of `bad` files that hold none of the good `entries`."""
    full = {entry.parts[:n] for entry in entries for n in range(1, len(entry.parts))}
    empty: list[str] = []
    for entry in bad:
        if entry.left_out == OTHER:
            continue
        folder = entry.parts if _is_folder(entry) else entry.parts[:-1]
        tops = (folder[:n] for n in range(1, len(folder) + 1))
        top = next((parts for parts in tops if parts not in full), ())
        empty += ["/".join(top)] if top else []
    names = sorted(set(empty))
    if not names:
        return []
    shown = ", ".join(map(printable, names[:SHOWN]))
    return [say("No image is left in these folders: {names}.", names=shown)]


def _is_folder(entry: Entry) -> bool:
    """Also a link to a folder is one that somebody expects to see."""
    if entry.left_out == LINK and isinstance(entry.place, Path):
        return entry.place.is_dir()
    return entry.left_out in (NOTHING, CLOSED)
