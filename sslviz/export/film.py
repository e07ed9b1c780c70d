"""A run as a film: the points of its map travel from snapshot to snapshot, alone or in the whole.

Drawn by Pillow.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from PIL import Image

from sslviz.export.arrays import Recorded, layout
from sslviz.export.inks import palette, quiet
from sslviz.export.measured import draw_verdict
from sslviz.export.pen import SMALL, Box, Pen, fitted, width
from sslviz.export.points import Points
from sslviz.export.said import Said
from sslviz.export.whole import draw_panels
from sslviz.refusal import Refusal

EDGE = 24  # pixels of air
LARGE = 30  # pixels of type
FILMS = ("webp", "gif", "mp4")
MOST_SNAPSHOTS = 40  # of a long run that many are shown: a film of half a minute


@dataclass(frozen=True)
class Film:
    """`space` "h" or "z"; `kind` a layout; `whole`: with the panels beside the map; `tween` frames
    from one snapshot to the next; `rate` frames a second; `hold` frames on the last one."""

    space: str = "h"
    kind: str = "pca"
    whole: bool = False
    tween: int = 6
    rate: int = 12
    hold: int = 18

    @property
    def size(self) -> tuple[int, int]:
        """Pixels."""
        return (1280, 720) if self.whole else (960, 640)

    @property
    def room(self) -> tuple[int, int, int, int]:
        """Of the points, in the picture."""
        return (EDGE, 124, 672, 632) if self.whole else (EDGE, 92, 936, 568)


@dataclass(frozen=True)
class Scene:
    """A film of `run` in the colours `look` and the words `said`."""

    run: Recorded
    look: dict[str, Any]
    said: Said
    film: Film


def frames(scene: Scene) -> Iterator[Image.Image]:
    """RGB pictures of the film's size. Raises Refusal for a run without a snapshot to show."""
    film = scene.film
    left, top, right, bottom = film.room
    points = Points(scene.run, scene.look, (right - left, bottom - top))
    before: np.ndarray | None = None
    picture = None
    for step, arrays in scene.run.whole_snapshots(MOST_SNAPSHOTS):
        places = points.placed(layout(arrays, film.space, film.kind)[:, :2])
        if before is not None and len(before) != len(places):
            before = None
        still = _still(scene, points, step, arrays)
        start = places if before is None else before
        count = 1 if before is None else film.tween
        for i in range(1, count + 1):
            share = i / count
            eased = share * share * (3 - 2 * share)
            picture = still.copy()
            picture.paste(points.picture(start + (places - start) * eased), (left, top))
            yield picture
        before = places
    if picture is not None:
        yield from [picture] * film.hold


def _still(scene: Scene, points: Points, step: int, arrays: dict[str, np.ndarray]) -> Image.Image:
    """Everything but the points."""
    look, said, film = scene.look, scene.said, scene.film
    pen = Pen(film.size, look["background"])
    wide, high = film.size
    _head(pen, scene, step)
    left, _top, right, bottom = film.room
    if film.whole:
        pen.write(
            (left, 102), f"{said.map} ({film.space}, {film.kind.upper()})", SMALL, look["text"]
        )
        draw_panels(pen, scene.run, look, said, step, arrays)
    else:
        draw_verdict(pen, look, said, scene.run.row(step), (wide - EDGE - 400, 62), 400)
    legend: Box = (left, bottom + 10, right, high - 8)
    points.legend(pen, said, legend, SMALL)
    return pen.finished()


def _head(pen: Pen, scene: Scene, step: int) -> None:
    """What runs, where it was recorded, and how far it is, in numbers and as a bar."""
    look, said = scene.look, scene.said
    right = pen.size[0] - EDGE
    end = scene.run.config.steps or scene.run.steps[-1]
    counted = said.step.format(step=f"{step:,}", steps=f"{end:,}")
    pen.write((right, 16), counted, LARGE - 4, look["text"], "ra")
    room = right - EDGE - width(counted, LARGE - 4) - 20
    pen.write((EDGE, 12), fitted(said.title, LARGE, room), LARGE, look["text"])
    pen.write((EDGE, 52), fitted(said.recorded, SMALL, 480), SMALL, quiet(look))
    pen.line([(EDGE, 82), (right, 82)], quiet(look), 1)
    pen.box(
        (EDGE, 80, EDGE + (right - EDGE) * min(1.0, step / max(1, end)), 84), look["inks"]["blue"]
    )


def as_webp(scene: Scene) -> bytes:
    # of flat colours lossless is the smaller one too; each frame holds only what has changed
    return _animated(scene, "WEBP", lossless=True, quality=20, method=1, kmin=100, kmax=200)


def as_gif(scene: Scene) -> bytes:
    return _animated(scene, "GIF", optimize=False)


def _animated(scene: Scene, kind: str, **how: Any) -> bytes:
    """All frames share one palette: else a GIF flickers, and a long film fills the memory."""
    shared = Image.new("P", (1, 1))
    shared.putpalette(palette(scene.look))
    none = Image.Dither.NONE
    pictures = [picture.quantize(palette=shared, dither=none) for picture in frames(scene)]
    file = BytesIO()
    pictures[0].save(
        file,
        kind,
        save_all=True,
        append_images=pictures[1:],
        duration=round(1000 / scene.film.rate),
        loop=0,
        **how,
    )
    return file.getvalue()


def as_mp4(scene: Scene) -> bytes:
    """H.264 that any player shows. Raises Refusal without imageio-ffmpeg."""
    try:
        from imageio_ffmpeg import write_frames  # pyright: ignore[reportMissingImports]
    except ImportError:
        raise Refusal("MP4 files need imageio-ffmpeg: pip install 'sslviz[film]'.") from None
    with TemporaryDirectory() as folder:
        path = Path(folder) / "film.mp4"
        writer = write_frames(str(path), scene.film.size, fps=scene.film.rate)
        writer.send(None)
        for picture in frames(scene):
            writer.send(picture.tobytes())
        writer.close()
        return path.read_bytes()
