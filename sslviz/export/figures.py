"""One panel at one step as a figure for a paper: vector graphics with fonts that can be embedded.

Every line has a dash and every class a marker of its own, so that nothing rests on colour alone.
"""

from io import BytesIO
from typing import Any

import numpy as np

from sslviz.export.arrays import Recorded, layout
from sslviz.export.marks import polygon
from sslviz.refusal import Refusal

PANELS = ("embedding", "matrix", "histogram", "collapse", "loss", "knn", "probes")
DASHES = ("-", "--", ":", "-.", (0, (5, 1, 1, 1, 1, 1)), (0, (8, 3)), (0, (1, 2)))
# Type 42 is TrueType, which journals take (Type 3 they refuse); text in an SVG stays text.
FONTS: dict[Any, Any] = {
    "pdf.fonttype": 42,
    "ps.fonttype": 42,
    "svg.fonttype": "none",
    "font.size": 8.0,
}
FONTS |= {"svg.hashsalt": "sslviz"}  # the same figure is the same file
INCHES = (3.4, 2.6)  # one column of a paper


def figure(
    run: Recorded, panel: str, kind: str, step: int | None, look: dict[str, Any], space: str = "h"
) -> bytes:
    """`kind` "svg", "pdf" or "png"; `step` None for the last snapshot. Raises Refusal for what
    cannot be drawn, and without matplotlib."""
    try:
        import matplotlib
        from matplotlib.figure import Figure
    except ImportError:
        raise Refusal("Figures need matplotlib: pip install 'sslviz[figures]'.") from None
    if panel not in PANELS:
        raise Refusal(
            "There is no figure of {panel}; figures: {known}.",
            panel=repr(panel[:40]),
            known=", ".join(PANELS),
        )
    with matplotlib.rc_context(FONTS):
        sheet = Figure(figsize=INCHES, layout="constrained")
        axes = sheet.subplots()
        found = DRAWN[panel](axes, run, step, look, space)
        axes.set_title(f"{run.title()}, step {found:,}", fontsize=7.5)
        file = BytesIO()
        dated = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(kind)
        sheet.savefig(file, format=kind, dpi=300, metadata=dated)
    return file.getvalue()


def _embedding(axes: Any, run: Recorded, step: int | None, look: Any, space: str) -> int:
    found, arrays = run.snapshot(step)
    places = layout(arrays, space, "pca")[:, :2]
    names, labels = run.probe["class_names"], np.array(run.probe["labels"])
    axes.set(aspect="equal", xticks=[], yticks=[])
    if not names or len(labels) != len(places):
        axes.scatter(*places.T, s=5, color=look["classes"][0], linewidths=0)
        return found
    palette = look["classes"] if len(names) <= len(look["classes"]) else look["many"]
    for i, name in enumerate(names):
        own = places[labels == i]
        marker = [(x, -y) for x, y in polygon(i, name)]
        axes.scatter(
            *own.T, s=9, marker=marker, color=palette[i % len(palette)], linewidths=0, label=name
        )
    axes.legend(fontsize=6, frameon=False, loc="upper left", bbox_to_anchor=(1, 1), markerscale=1.3)
    return found


def _matrix(axes: Any, run: Recorded, step: int | None, look: Any, space: str) -> int:
    from matplotlib.colors import LinearSegmentedColormap

    found, arrays = run.snapshot(step)
    cosines = _wanted(arrays, "similarity", run).astype(np.float32)
    np.fill_diagonal(cosines, np.nan)  # each view with itself says nothing
    colours = LinearSegmentedColormap.from_list("cosine", look["printed"])
    image = axes.imshow(cosines, cmap=colours, vmin=-1, vmax=1, interpolation="nearest")
    axes.set(xlabel="view", ylabel="view")
    axes.figure.colorbar(image, ax=axes, label="cosine of z")
    return found


def _histogram(axes: Any, run: Recorded, step: int | None, look: Any, space: str) -> int:
    found, arrays = run.snapshot(step)
    for name, hatch in (("negative", ""), ("positive", "////")):
        counts = _wanted(arrays, f"histogram_{name}", run).astype(float)
        edges = np.linspace(-1, 1, len(counts) + 1)
        shares = counts / (counts.sum() or 1)
        ink = look["inks"][name]
        axes.stairs(shares / shares.max(), edges, color=ink, label=f"{name}s", hatch=hatch)
    axes.set(xlabel="cosine of z", ylabel="pairs (of the fullest bin)")
    axes.legend(fontsize=6.5, frameon=False)
    return found


def _collapse(axes: Any, run: Recorded, step: int | None, look: Any, space: str) -> int:
    found, arrays = run.snapshot(step)
    for name, dash in (("h", "-"), ("z", "--")):
        values = _wanted(arrays, f"spectrum_{name}", run).astype(float)
        places = np.arange(1, len(values) + 1)
        axes.plot(places, np.maximum(values, 1e-8), dash, color=look["inks"][name], label=name)
    verdict = run.row(found).get("verdict")
    axes.set(yscale="log", xlabel="singular value", ylabel="size")
    axes.legend(fontsize=6.5, frameon=False, title=str(verdict) if verdict else None)
    return found


def _loss(axes: Any, run: Recorded, step: int | None, look: Any, space: str) -> int:
    lines = {"loss": (look["inks"]["blue"], "-")}
    chance = next((row["chance_loss"] for row in run.rows if row.get("chance_loss")), None)
    if chance is not None:
        axes.axhline(chance, linestyle=":", color="#777777", label="chance")
    return _curves(axes, run, step, lines, "loss")


def _knn(axes: Any, run: Recorded, step: int | None, look: Any, space: str) -> int:
    lines = {f"knn_{name}": (look["inks"][name], dash) for name, dash in (("h", "-"), ("z", ":"))}
    axes.set_ylim(0, 1.02)
    return _curves(axes, run, step, lines, "kNN accuracy (k 20, cosine, tau 0.1)")


def _probes(axes: Any, run: Recorded, step: int | None, look: Any, space: str) -> int:
    names = dict.fromkeys(
        name
        for row in run.rows
        for name in row
        if name.startswith("probe_") and name.endswith(f"_{space}")
    )
    lines = {
        name: (look["lines"][i % len(look["lines"])], DASHES[i % len(DASHES)])
        for i, name in enumerate(names)
    }
    axes.set_ylim(0, 1.02)
    return _curves(axes, run, step, lines, f"what {space} still tells (kNN)")


def _curves(axes: Any, run: Recorded, step: int | None, lines: dict[str, Any], title: str) -> int:
    found = run.nearest(step)
    for name, (ink, dash) in lines.items():
        known = [(row["step"], row[name]) for row in run.rows if _number(row.get(name))]
        if known:
            axes.plot(*zip(*known, strict=True), linestyle=dash, color=ink, label=_said(name), lw=1)
    axes.axvline(found, color="#999999", lw=0.6)
    axes.set(xlabel="step", ylabel=title)
    axes.legend(fontsize=6, frameon=False)
    return found


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and bool(np.isfinite(value))


def _said(name: str) -> str:
    return name.removeprefix("probe_").replace("_", " ")


def _wanted(arrays: dict[str, np.ndarray], name: str, run: Recorded) -> np.ndarray:
    if name not in arrays:
        raise Refusal("A snapshot of {run} holds no {array}.", run=run.folder.name, array=name)
    return arrays[name].copy()


DRAWN = {
    "embedding": _embedding,
    "matrix": _matrix,
    "histogram": _histogram,
    "collapse": _collapse,
    "loss": _loss,
    "knn": _knn,
    "probes": _probes,
}
