"""A path as people paste it: in quotes, as a file URL, from a terminal, from Windows."""

from collections.abc import Iterator
from pathlib import Path
from unicodedata import normalize
from urllib.parse import unquote

from sslviz.data.catalogue import DATASETS
from sslviz.data.names import printable
from sslviz.refusal import Refusal

QUOTES = {'"': '"', "'": "'", "`": "`", "“": "”", "‘": "’", "「": "」", "<": ">"}


def located(text: str) -> Path:
    """The folder or file that `text` names, absolute. Raises Refusal where there is none."""
    shown = printable(text.strip())
    try:
        for written in filter(str.strip, _readings(text)):
            path = _home(written)
            if path.is_dir() or path.is_file():
                return path.absolute()
    except Refusal:
        raise
    except PermissionError as error:
        raise Refusal(
            "{path} cannot be read ({reason}).", path=shown, reason=str(error.strerror)
        ) from None
    except (OSError, ValueError):
        pass  # too long, or with a NUL: nothing can be there
    if "/" in text or "\\" in text:
        raise Refusal("There is nothing at {path}; data must be a folder or a zip.", path=shown)
    raise Refusal(
        "data is {data}; it must be one of {names}, or the path of a folder or zip of images.",
        data=repr(shown),
        names=", ".join(DATASETS),
    )


def _readings(text: str) -> Iterator[str]:
    """What may be meant, the most literal first."""
    yield text
    bare = _unquoted(text.strip())
    yield bare
    if bare.casefold().startswith("file:"):
        address = bare[5:].removeprefix("//")
        bare = unquote(address.removeprefix("localhost"))
        yield bare
        if bare[2:3] in (":", "|"):  # file:///C:/pets
            bare = bare[1:]
    for form in ("NFC", "NFD"):  # as typed, or as macOS stores it
        yield normalize(form, bare)
    drive, colon, rest = bare.replace("\\", "/").partition(":")
    if colon and len(drive) == 1:
        yield f"/mnt/{drive.lower()}{rest}"  # where Windows' drives are in its Linux
    yield bare.replace("\\", "/")
    yield _unescaped(bare)


def _unquoted(text: str) -> str:
    while len(text) > 1 and QUOTES.get(text[0]) == text[-1]:
        text = text[1:-1].strip()
    return text


def _unescaped(text: str) -> str:
    """Without the backslashes that a terminal puts before spaces and brackets."""
    return text.replace("\\\\", "\0").replace("\\", "").replace("\0", "\\")


def _home(text: str) -> Path:
    try:
        return Path(text).expanduser()
    except RuntimeError:
        user = printable(text[1:].partition("/")[0])
        raise Refusal(
            "There is no user {user} on this machine, so ~{user} is no folder.", user=user
        ) from None
