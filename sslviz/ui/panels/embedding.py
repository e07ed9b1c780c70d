"""The map of the probe images: its words, and its place on a page."""

# ruff: noqa: E501

from typing import Any

from sslviz.ui.panels.marks import marks
from sslviz.ui.panels.mount import component, panel_data
from sslviz.ui.text import _

_embedding = component("embedding")


def embedding_view(run: str, key: str, height: int) -> None:
    """The map of the probe images, `height` pixels high, moving with the run of this id."""
    _embedding(key=key, data=embedding_data(run, height), height=height)


def embedding_data(run: str, height: int) -> dict[str, Any]:
    return panel_data(run, _strings(), height, marks=marks())


# fmt: off


def _strings() -> dict[str, Any]:
    return {
        "space": _("What is shown: h or z"),
        "h": _("representation"),
        "z": _("embedding"),
        "h_help": _("h: what the backbone f puts out; it is kept after training."),
        "z_help": _("z: what the projector g makes of h; the loss sees only z."),
        "layout": _("Layout"),
        "layout_flat": _("2-D map"),
        "layout_solid": _("3-D map"),
        "layout_umap": _("UMAP"),
        "layout_sphere": _("Sphere (z)"),
        "colour": _("Colour"),
        "class": _("class"),
        "names": _("Names"),
        "names_help": _("Class names at the middle of their points; a name appears as its class comes apart from the others."),
        "pictures": _("Images"),
        "pictures_help": _("Draw the images themselves; zooming in far does the same."),
        "size": _("Size of the images"),
        "find": _("Find by file name"),
        "find_help": _("Selects the images whose file name holds these letters."),
        "save": _("Save this list"),
        "save_help": _("A CSV of the chosen images in their order: number, file, class, factors."),
        "nearest_help": _("Click: this image and its nearest neighbours, nearest first."),
        "lasso": _("Lasso"),
        "lasso_help": _("Draw around points to see their images (or hold Shift and drag)."),
        "link": _("Copy a link to this view: run, step, space, layout, colour, chosen images"),
        "copied": _("Link copied"),
        "in_address": _("The link now stands in the address bar"),
        "legend_help": _("Click: only this one. Click again: all. Shift-click: on or off."),
        "help": _("What does this picture mean?"),
        "explain": _("Every point is one image the encoder was not trained on. Labels are used for colour only, never for training."),
        "explain_flat": _("The two directions in which the features vary most (PCA), turned to match the previous snapshot (Procrustes) and scaled to the same size. A flat map leaves directions out: points that overlap here may be far apart, and distances between islands mislead. Trust the nearest neighbours: they are found in the full space."),
        "explain_solid": _("The three directions in which the features vary most (PCA). Drag to turn."),
        "explain_umap": _("UMAP keeps neighbourhoods. Sizes of islands and gaps between them mean nothing."),
        "explain_sphere": _("z has length 1, so it lies on a sphere of many dimensions; this one shows the three directions in which z varies most, put back to length 1. Drag to turn."),
        "explain_motion": _("While it trains, some of the points are looked at about once a second, in turn, and all of them now and then; the line below says how old the oldest place is. Points glide in straight lines from one look to the next: only where they come to rest has the encoder put them."),
        "explain_small": _("{n} images are too many to send whole: here they have {tile} x {tile} pixels. The encoder sees {side} x {side}."),
        "explain_keys": _("Drag: move. Wheel: zoom. Double-click: back. Click a point: keep its trail. Keys: left and right, home, end: snapshots; up and down: images, said aloud; Enter: keep the trail; N: select an image with its neighbours; Shift and arrows: move or turn; + and -, 0: zoom; space: play; L: hold."),
        "note_flat": _("PCA, aligned by Procrustes; distances between islands mislead"),
        "note_solid": _("PCA in 3-D, aligned by Procrustes; drag to turn"),
        "note_umap": _("UMAP; sizes and gaps mean nothing, neighbourhoods do"),
        "note_sphere": _("three main directions of z, at length 1; drag to turn"),
        "age": _("oldest point: {n} steps ago"),
        "age_one": _("oldest point: 1 step ago"),
        "age_none": _("all points from this step"),
        "next": _("next picture in about {n} s"),
        "next_soon": _("next picture within a second"),
        "still_paused": _("paused: it stands still until Resume"),
        "still_held": _("held here; Live follows the training"),
        "play": _("Play"),
        "pause": _("Pause"),
        "slider": _("Snapshot"),
        "step": _("step {step} / {steps}"),
        "speed_help": _("Speed of play"),
        "live": _("Live"),
        "live_help": _("Follow the newest snapshot; again: hold this one. Key: L."),
        "offline": _("No connection; trying again"),
        "loading": _("Loading"),
        "waiting": _("Waiting for the first snapshot"),
        "behind": _("step {step} / {steps} · training at {now}"),
        "nothing": _("This run ended before its first snapshot."),
        "trail": _("trail kept"),
        "no_trail": _("trail let go"),
        "selected": _("{n} images"),
        "close": _("Close"),
        "image": _("image {index}"),
        "neighbours": _("{same} of its {n} nearest neighbours in {space} share its class"),
        "neighbours_unlabelled": _("its {n} nearest in {space}"),
        "reading": _("Map of {n} images by {space} at step {step}: {share}% of each image's ten nearest neighbours are of its class."),
        "reading_unlabelled": _("Map of {n} images by {space} at step {step}."),
        "words": data_words(),
    }


def data_words() -> dict[str, str]:
    """Names from the data as the visitor reads them: factors, their values, built-in shapes."""
    return {
        "fg_hue": _("shape hue"), "bg_hue": _("background hue"), "size": _("size"),
        "pos_x": _("position x"), "pos_y": _("position y"), "rotation": _("rotation"),
        "texture": _("texture"), "plain": _("plain"), "stripes": _("stripes"), "dots": _("dots"),
        "checker": _("checker"), "disc": _("disc"), "square": _("square"),
        "triangle": _("triangle"), "star": _("star"), "cross": _("cross"), "ring": _("ring"),
        "heart": _("heart"), "moon": _("moon"), "unknown": _("unknown"),
    }
