"""What a run can be made into: one row a format, for the command line and the menu alike."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sslviz.export.archive import archive
from sslviz.export.arrays import Recorded
from sslviz.export.figures import figure
from sslviz.export.film import Film, Scene, as_gif, as_mp4, as_webp
from sslviz.export.packed import zipped_bundle
from sslviz.export.said import Said
from sslviz.export.tables import as_csv, as_parquet, coordinates, metrics
from sslviz.export.tensorboard import tensorboard
from sslviz.knobs import brief
from sslviz.refusal import Refusal

WHOLE = "whole"
VIEWS = ("", "embedding", WHOLE)  # what a film shows; "" is the embedding
TALK_BYTES = 1_000_000  # letters of one run of a talk


@dataclass(frozen=True)
class Wanted:
    """`panel`: of a figure, "coordinates" for a table of them, "whole" for all of the view;
    `step` None: the last snapshot; `look`: the `drawn_with` of a theme; `said`: a film's words."""

    look: dict[str, Any]
    panel: str = ""
    step: int | None = None
    space: str = "h"
    said: Said | None = None


@dataclass(frozen=True)
class Format:
    suffix: str
    kind: str  # as HTTP names it
    make: Callable[[Recorded, Wanted], bytes]


def _film(make: Callable[[Scene], bytes]) -> Callable[[Recorded, Wanted], bytes]:
    def film(run: Recorded, wanted: Wanted) -> bytes:
        if wanted.panel not in VIEWS:
            raise Refusal(
                "There is no film of {view}; films: {known}.",
                view=brief(wanted.panel),
                known=", ".join(filter(None, VIEWS)),
            )
        assert wanted.said is not None
        whole = wanted.panel == WHOLE
        return make(Scene(run, wanted.look, wanted.said, Film(wanted.space, whole=whole)))

    return film


def _figure(kind: str) -> Callable[[Recorded, Wanted], bytes]:
    def make(run: Recorded, wanted: Wanted) -> bytes:
        panel = wanted.panel or "embedding"
        return figure(run, panel, kind, wanted.step, wanted.look, wanted.space)

    return make


def _table(write: Callable[[Any], bytes]) -> Callable[[Recorded, Wanted], bytes]:
    def make(run: Recorded, wanted: Wanted) -> bytes:
        if wanted.panel in ("coordinates", "embedding"):
            return write(coordinates(run, wanted.step))
        return write(metrics(run))

    return make


FORMATS: dict[str, Format] = {
    "webp": Format("webp", "image/webp", _film(as_webp)),
    "gif": Format("gif", "image/gif", _film(as_gif)),
    "mp4": Format("mp4", "video/mp4", _film(as_mp4)),
    "svg": Format("svg", "image/svg+xml", _figure("svg")),
    "pdf": Format("pdf", "application/pdf", _figure("pdf")),
    "png": Format("png", "image/png", _figure("png")),
    "csv": Format("csv", "text/csv", _table(as_csv)),
    "parquet": Format("parquet", "application/vnd.apache.parquet", _table(as_parquet)),
    "tensorboard": Format(
        "tensorboard.zip", "application/zip", lambda run, wanted: tensorboard(run, wanted.step)
    ),
    "sslviz": Format(
        "sslviz",
        "application/octet-stream",
        lambda run, wanted: zipped_bundle(run.folder, TALK_BYTES),
    ),
    "zip": Format("zip", "application/zip", lambda run, wanted: archive(run.folder)),
}


def made(run: Recorded, kind: str, wanted: Wanted) -> bytes:
    """The file of this format. Raises Refusal for an unknown one and for what cannot be made."""
    if kind not in FORMATS:
        raise Refusal(
            "There is no format {kind}; formats: {known}.",
            kind=brief(kind),
            known=", ".join(["html", *FORMATS]),
        )
    if wanted.space not in ("h", "z"):
        raise Refusal("space is {space}; it must be h or z.", space=brief(wanted.space))
    return FORMATS[kind].make(run, wanted)
