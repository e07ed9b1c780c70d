"""What films are coloured with, mixed from the colours of a theme."""

from typing import Any


def quiet(look: dict[str, Any]) -> str:
    """The ink of what is said beside: between the text and its ground."""
    return mixed(look["text"], look["background"], 0.36)


def trough(look: dict[str, Any]) -> str:
    """What an empty bar is filled with."""
    return mixed(look["text"], look["background"], 0.86)


def mixed(a: str, b: str, share: float) -> str:
    """ "#rrggbb" from `a` (0) to `b` (1)."""
    both = zip(rgb(a), rgb(b), strict=True)
    return "#" + "".join(f"{round(x + (y - x) * share):02x}" for x, y in both)


def rgb(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))


def palette(look: dict[str, Any]) -> list[int]:
    """Up to 256 colours, three numbers each, that every frame of a film is made of: the inks, and
    what their edges are smoothed with."""
    inks = [*look["inks"].values(), *look["classes"], *look["many"], quiet(look), trough(look)]
    colours = [look["background"], *_ramp(look["printed"], 41)]
    for ink in dict.fromkeys([look["text"], *inks]):
        colours += [mixed(ink, look["background"], share) for share in (0, 0.3, 0.6, 0.85)]
    return [part for colour in list(dict.fromkeys(colours))[:256] for part in rgb(colour)]


def _ramp(stops: list[str], n: int) -> list[str]:
    """n colours from the first stop to the last."""
    places = [i * (len(stops) - 1) / (n - 1) for i in range(n)]
    low = [min(int(place), len(stops) - 2) for place in places]
    return [mixed(stops[i], stops[i + 1], at - i) for at, i in zip(places, low, strict=True)]
