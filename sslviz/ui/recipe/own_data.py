"""A visitor's own images: the path of a folder or zip on this machine, or an uploaded zip."""

from hashlib import sha256
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import streamlit as st

from sslviz.data.catalogue import DATASETS
from sslviz.refusal import Refusal
from sslviz.runs.store import runs_root
from sslviz.ui import state
from sslviz.ui.text import _, marked

PATH, UPLOAD = ":path", ":upload"
MOST_MB = 20


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
    text = st.text_input(_("Path on this machine"), key="recipe.path", help=help).strip()
    return str(Path(text).expanduser()) if text else None


def _upload() -> str | None:
    file = st.file_uploader(
        _("Zip of images"),
        "zip",
        key="recipe.upload",
        help=_("One folder of images for each class, or just images. At most 20 MB."),
        max_upload_size=MOST_MB,
    )
    if file is None:
        return None
    try:
        return str(keep_upload(file.getvalue(), Path(file.name).stem, runs_root()))
    except Refusal as refusal:
        st.caption(f":material/error: {marked(refusal)}")
        return None


def keep_upload(content: bytes, name: str, root: Path) -> Path:
    """Stores a zip once, under its content's hash. Raises Refusal for what is not a zip."""
    digest = sha256(content).hexdigest()[:12]
    safe = "".join(c if c.isascii() and c.isalnum() else "-" for c in name).strip("-")[:40]
    path = root / "uploads" / f"{safe or 'images'}-{digest}.zip"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_suffix(".part")
        half.write_bytes(content)
        try:
            ZipFile(half).close()
        except BadZipFile:
            half.unlink()
            raise Refusal("This file is not a zip; pack the folder of images anew.") from None
        half.replace(path)
    return path
