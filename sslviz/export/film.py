"""The map of a run as a film: its points travel from snapshot to snapshot. Drawn by Pillow."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from sslviz.export.arrays import Recorded, layout
from sslviz.export.marks import polygon
from sslviz.refusal import Refusal

WIDTH, HEIGHT = 960, 640
HEAD, FOOT, SIDE, EDGE = 62, 40, 170, 24  # pixels: title, step, legend, air
SHARP = 2  # drawn this many times larger, then made small: smooth edges
FILL = 0.48  # of the free room, from the middle to where almost all points end
MOST_NAMES = 16


@dataclass(frozen=True)
class Film:
    """`space` "h" or "z"; `kind` a layout; `tween` frames from one snapshot to the next; `rate`
    frames a second; `hold` frames on the last one."""

    space: str = "h"
    kind: str = "pca"
    tween: int = 6
    rate: int = 12
    hold: int = 18


def frames(run: Recorded, look: dict[str, Any], film: Film) -> Iterator[Image.Image]:
    """RGB pictures of WIDTH x HEIGHT. Raises Refusal for a run without a snapshot to show."""
    colours, markers, names = _classes(run, look)
    before: np.ndarray | None = None
    step, picture = 0, None
    for step, arrays in run.whole_snapshots():
        places = _fitted(layout(arrays, film.space, film.kind)[:, :2])
        if before is not None and len(before) != len(places):
            before = None
        start = places if before is None else before
        count = 1 if before is None else film.tween
        for i in range(1, count + 1):
            share = i / count
            eased = share * share * (3 - 2 * share)
            now = start + (places - start) * eased
            picture = _frame(run, look, (now, colours, markers, names), step)
            yield picture
        before = places
    if picture is not None:
        yield from [picture] * film.hold


def _classes(run: Recorded, look: dict[str, Any]) -> tuple[list[str], list[str], list[str]]:
    """Colour and marker of each probe image, and the class names for the legend."""
    names, labels = run.probe["class_names"], run.probe["labels"]
    palette = look["classes"] if len(names) <= len(look["classes"]) else look["many"]
    n = run.probe["n"]
    if len(labels) != n or not names:
        return [palette[0]] * n, [""] * n, []
    known = [label if 0 <= label < len(names) else -1 for label in labels]
    colours = [palette[label % len(palette)] if label >= 0 else "#8a8f98" for label in known]
    return colours, [names[label] if label >= 0 else "" for label in known], names


def _fitted(places: np.ndarray) -> np.ndarray:
    """Coordinates as pixels: almost all points fill the room left of the legend, the few that lie
    farther out stand at its edge."""
    room = np.array([WIDTH - SIDE - 2 * EDGE, HEIGHT - HEAD - FOOT], np.float32)
    middle = np.array([EDGE, HEAD]) + room / 2
    far = np.quantile(np.abs(places), 0.99, axis=0)
    scale = float((FILL * room / np.maximum(far, 1e-9)).min())
    pixels = np.clip(places * scale, -room / 2, room / 2) * (1, -1)
    return middle + pixels


def _frame(run: Recorded, look: dict[str, Any], drawn: tuple[Any, ...], step: int) -> Image.Image:
    places, colours, markers, names = drawn
    size = (WIDTH * SHARP, HEIGHT * SHARP)
    picture = Image.new("RGB", size, look["background"])
    pen = ImageDraw.Draw(picture)
    radius = 3.4 * SHARP
    for (x, y), colour, name in zip(places * SHARP, colours, markers, strict=True):
        _mark(pen, (x, y), radius, colour, names.index(name) if name in names else 0, name)
    _words(pen, run, look, names, step)
    return picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def _mark(
    pen: ImageDraw.ImageDraw, at: tuple[float, float], r: float, colour: str, i: int, name: str
) -> None:
    pen.polygon([(at[0] + r * x, at[1] + r * y) for x, y in polygon(i, name)], fill=colour)


def _words(
    pen: ImageDraw.ImageDraw, run: Recorded, look: dict[str, Any], names: list[str], step: int
) -> None:
    ink = look["text"]

    def write(x: float, y: float, text: str, size: int) -> None:
        font = ImageFont.load_default(size * SHARP)
        pen.text((x * SHARP, y * SHARP), _drawable(text), ink, font)

    write(EDGE, 16, run.title(), 22)
    verdict = run.row(step).get("verdict")
    last = run.config.steps or run.steps[-1]
    words = f"step {step:,} / {last:,}" + (f"   {verdict}" if isinstance(verdict, str) else "")
    write(EDGE, HEIGHT - FOOT + 4, words, 20)
    palette = look["classes"] if len(names) <= len(look["classes"]) else look["many"]
    for i, name in enumerate(names[:MOST_NAMES]):
        y = HEAD + 14 + i * 26
        at = ((WIDTH - SIDE + 8) * SHARP, (y + 9) * SHARP)
        _mark(pen, at, 6.5 * SHARP, palette[i % len(palette)], i, name)
        write(WIDTH - SIDE + 26, y, name[:14], 16)


def _drawable(text: str) -> str:
    """The font that Pillow brings has Latin letters only."""
    return text.encode("latin-1", "replace").decode("latin-1")


def as_webp(run: Recorded, look: dict[str, Any], film: Film) -> bytes:
    return _animated(run, look, film, "WEBP", quality=72, method=2, minimize_size=False)


def as_gif(run: Recorded, look: dict[str, Any], film: Film) -> bytes:
    return _animated(run, look, film, "GIF", optimize=False)


def _animated(run: Recorded, look: dict[str, Any], film: Film, kind: str, **how: Any) -> bytes:
    pictures = list(frames(run, look, film))
    if kind == "GIF":  # one palette for all frames: else colours flicker
        palette = pictures[-1].quantize(64)
        pictures = [
            picture.quantize(palette=palette, dither=Image.Dither.NONE) for picture in pictures
        ]
    file = BytesIO()
    pictures[0].save(
        file,
        kind,
        save_all=True,
        append_images=pictures[1:],
        duration=round(1000 / film.rate),
        loop=0,
        **how,
    )
    return file.getvalue()


def as_mp4(run: Recorded, look: dict[str, Any], film: Film) -> bytes:
    """H.264 that any player shows. Raises Refusal without imageio-ffmpeg."""
    try:
        from imageio_ffmpeg import write_frames  # pyright: ignore[reportMissingImports]
    except ImportError:
        raise Refusal("MP4 files need imageio-ffmpeg: pip install 'sslviz[film]'.") from None
    with TemporaryDirectory() as folder:
        path = Path(folder) / "film.mp4"
        writer = write_frames(str(path), (WIDTH, HEIGHT), fps=film.rate)
        writer.send(None)
        for picture in frames(run, look, film):
            writer.send(picture.tobytes())
        writer.close()
        return path.read_bytes()
