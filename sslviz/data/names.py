"""Names of files and folders as people see them: one composition, one line, any usual encoding."""

import unicodedata
from collections.abc import Callable, Iterable

# what systems and programs leave beside a person's own files; names that start with a dot too
JUNK = {
    "__macosx", "@eadir", "#recycle", "@recycle", "@recently-snapshot", "#snapshot", "@tmp",
    "thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", "icon\r", "lost+found",
    "$recycle.bin", "recycler", "system volume information", "found.000", "__pycache__",
}  # fmt: skip


def composed(name: str) -> str:
    """`name` as one types it: macOS takes letters apart (NFD), so that 강 becomes three."""
    return unicodedata.normalize("NFC", name)


def is_junk(name: str) -> bool:
    return name.startswith((".", "~$")) or name.casefold() in JUNK


def printable(text: str) -> str:
    """`text` fit for one line of a message: no control characters, at most 80 long."""
    clean = "".join(c if c.isprintable() else "?" for c in text)
    return clean if len(clean) <= 80 else clean[:77] + "..."


def _korean(character: str, raw: bytes) -> float:
    if len(raw) < 2:
        return 0.0
    if "가" <= character <= "힣":  # the 2,350 syllables of KS X 1001, or the rare others
        return 1.0 if raw[0] >= 0xB0 and raw[1] >= 0xA1 else 0.2
    return 0.3 if raw[0] >= 0xCA else 0.5


def _japanese(character: str, raw: bytes) -> float:
    if len(raw) < 2:
        return 0.1  # half-width katakana, which nearly every byte may be
    if "ぁ" <= character <= "ヿ":
        return 1.0
    if raw[0] < 0x88:
        return 0.5
    return 0.9 if raw < b"\x98\x73" else 0.3


def _chinese(character: str, raw: bytes) -> float:
    if len(raw) < 2 or raw[1] < 0xA1:
        return 0.1
    return 0.85 if 0xB0 <= raw[0] <= 0xD7 else 0.4


def _taiwanese(character: str, raw: bytes) -> float:
    return 0.8 if len(raw) == 2 and 0xA4 <= raw[0] <= 0xC6 else 0.3


def _western(character: str, raw: bytes) -> float:
    return 0.6 if character.isalpha() else 0.0


# how usual a character is in names of that language, 0 to 1
CODE_PAGES: dict[str, Callable[[str, bytes], float]] = {
    "cp949": _korean,
    "cp932": _japanese,
    "gbk": _chinese,
    "big5": _taiwanese,
    "cp437": _western,  # gives some character for every byte
}
USUAL = 0.95


def decoded(raws: Iterable[bytes]) -> tuple[list[str], str]:
    """Names out of bytes that do not say their encoding, and that encoding.

    UTF-8 where all are valid UTF-8; else the code page that reads every name, and with the most
    usual characters, judged over all names together.
    """
    names = list(raws)
    foreign = {raw for raw in names if not _is_utf8(raw)}
    doubtful = foreign or {raw for raw in names if _only_accents(raw)}
    page = max(CODE_PAGES, key=lambda page: _plausible(b"/".join(sorted(doubtful)), page))
    if not foreign and (not doubtful or _plausible(b"/".join(sorted(doubtful)), page) < USUAL):
        return [raw.decode() for raw in names], "utf-8"

    def name(raw: bytes) -> str:
        # a few short names of a code page happen to be valid UTF-8 as well
        if raw not in foreign and _plausible(raw, page) < USUAL:
            return raw.decode()
        return raw.decode(page)

    return [name(raw) for raw in names], page


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def _only_accents(raw: bytes) -> bool:
    """Whether UTF-8 reads a whole name of accented Latin letters, which no language writes."""
    name = raw.decode()
    return len(name) > 1 and all("\x80" <= c <= "\u023f" for c in name)


def _plausible(raw: bytes, page: str) -> float:
    """Mean over the characters beyond ASCII of how usual they are; -1 where it cannot be read."""
    try:
        beyond = [c for c in raw.decode(page) if not c.isascii()]
    except UnicodeDecodeError:
        return -1.0
    usual = CODE_PAGES[page]
    return sum(usual(c, c.encode(page)) for c in beyond) / max(len(beyond), 1)
