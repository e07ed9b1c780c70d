"""A visitor's own images: the path of a folder or zip on this machine, or an uploaded zip."""

from hashlib import sha256
from pathlib import Path
from secrets import token_hex

import streamlit as st

from sslviz.data.catalogue import DATASETS
from sslviz.data.zips import ZipSource
from sslviz.refusal import Refusal
from sslviz.runs.files import locked
from sslviz.runs.store import runs_root
from sslviz.ui import access, state
from sslviz.ui.recipe import own_survey
from sslviz.ui.text import _, literal, marked

PATH, UPLOAD = ":path", ":upload"
MOST_MB = 20
MOST_FILES = 20_000  # in one upload
MOST_UNPACKED = 2**30  # bytes
MOST_KEPT = 2 * 2**30  # bytes of all uploads together


def source_of(data: str) -> str:
    """Which choice of the data menu stands for `RunConfig.data`."""
    return data if data in DATASETS else PATH


def own_data(source: str, now: str) -> str | None:
    """Draws the field or the uploader; the path it gives, None while there is none."""
    return _path(now) if source == PATH else _upload()


def _path(now: str) -> str | None:
    if state.widget("recipe.path") is None:
        state.set_widget("recipe.path", "" if now in DATASETS else now)
    help = _("A folder or zip with one folder of images for each class, or just images.")
    text = st.text_input(_("Path on this machine"), key="recipe.path", help=help)
    if not text.strip():
        return None
    try:
        path = access.reachable(text)
        return str(path) if own_survey.show(path) else None
    except Refusal as refusal:
        st.caption(f":material/error: {marked(refusal)}")
        return None


def _upload() -> str | None:
    file = st.file_uploader(
        _("Zip of images, one folder per class (drop it here)"),
        "zip",
        key="recipe.upload",
        help=_(
            "One folder of images for each class, or just images. At most {mb} MB, {files} files "
            "and {gb} GB when unpacked."
        ).format(mb=MOST_MB, files=MOST_FILES, gb=MOST_UNPACKED >> 30),
        max_upload_size=MOST_MB,
    )
    if file is None:
        return None
    try:
        access.require()
        path = keep_upload(file.getvalue(), Path(file.name).stem, runs_root())
        return str(path) if own_survey.show(path) else None
    except Refusal as refusal:
        st.caption(f":material/error: {marked(refusal)}")
    except OSError as error:
        trouble = _("The upload could not be kept: {reason}").format(reason=error.strerror)
        st.caption(f":material/error: {literal(trouble)}")
    return None


def keep_upload(content: bytes, name: str, root: Path) -> Path:
    """Stores a zip once, whole or not at all, however many come at the same time.

    Raises Refusal for what is not a zip of images that can be read, and where all uploads
    together would be too many.
    """
    folder, digest = root / "uploads", sha256(content).hexdigest()[:12]
    if kept := _kept(folder, digest):
        return kept
    safe = "".join(c if c.isascii() and c.isalnum() else "-" for c in name).strip("-")[:40]
    path = folder / f"{safe or 'images'}-{digest}.zip"
    _require_readable(content, f"{name}.zip")
    with locked(root / ".queue" / "uploads"):  # one at a time, so that the sum of sizes is true
        if kept := _kept(folder, digest):
            return kept
        for torn in folder.glob(".*.part"):
            torn.unlink()  # of a process that was killed in the middle
        held = sum(file.stat().st_size for file in folder.glob("*.zip"))
        if held + len(content) > MOST_KEPT:
            raise Refusal(
                "There is no room for another upload: all of them may take {most} GB. Remove old "
                "ones from {folder}.",
                most=MOST_KEPT >> 30,
                folder=str(folder),
            )
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f".{token_hex(8)}.part"
        try:
            part.write_bytes(content)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    return path


def _kept(folder: Path, digest: str) -> Path | None:
    return next(folder.glob(f"*-{digest}.zip"), None)


def _require_readable(content: bytes, name: str) -> None:
    source = ZipSource(Path(name), content)
    count = len(source.entries) + len(source.left_out)
    unpacked = sum(entry.length for entry in (*source.entries, *source.left_out))
    if count > MOST_FILES or unpacked > MOST_UNPACKED:
        raise Refusal(
            "The zip holds {n} files of {size} MB when unpacked; the most is {most} files and "
            "{most_size} MB.",
            n=count,
            size=unpacked >> 20,
            most=MOST_FILES,
            most_size=MOST_UNPACKED >> 20,
        )
