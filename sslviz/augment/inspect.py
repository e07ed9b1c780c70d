"""For looking at augmentation: one op at rising strength, many views of one image, histograms."""

import torch
from torch import Tensor

from sslviz.augment.draws import JITTER, Params, describe, draw, neutral
from sslviz.augment.pipeline import apply
from sslviz.augment.view import ViewConfig
from sslviz.refusal import Refusal
from sslviz.streams import stream

SWITCHES = ("flip", "gray", "invert", "sobel")  # ops without a strength
STRIPS = (*SWITCHES, "crop", "rotate", "shift", *JITTER, "solarize", "blur", "noise", "cutout")


def strip(image: Tensor, op: str, n: int) -> tuple[Tensor, list[str]]:
    """One op at n rising strengths: image 3 x H x W uint8 -> (n + 1) x 3 x H x W float, labels.

    The first is the original, labelled "". Ops without a strength give the original and one more.
    Raises Refusal for an op that is not in STRIPS.
    """
    if op not in STRIPS:
        raise Refusal(
            "{op} is not an op; the ops are: {allowed}.", op=repr(op), allowed=", ".join(STRIPS)
        )
    n = 1 if op in SWITCHES else n
    params, labels = neutral(n), [""]
    strength = torch.arange(1, n + 1) / n
    if op in SWITCHES:
        labels.append(op)
    else:
        values, texts = _rising(op, strength)
        params |= values
        labels += texts
    params["jitter" if op in JITTER else op] = torch.ones(n, dtype=torch.bool)
    original = image[None] / 255
    changed = apply(original.repeat(n, 1, 1, 1), params, ViewConfig(blur_sigma_max=5.0))
    return torch.cat([original, changed]), labels


def _rising(op: str, strength: Tensor) -> tuple[Params, list[str]]:
    """The parameters of one op at strengths N in (0, 1], and what to write under each image."""
    middle = torch.full_like(strength, 0.5)
    if op == "crop":
        side = (1 - 0.92 * strength).sqrt()
        box = {"left": (1 - side) / 2, "top": (1 - side) / 2, "width": side, "height": side}
        return box, [f"{s * s:.0%}" for s in side.tolist()]
    if op == "shift":
        moved = {"right": 0.3 * strength, "down": 0.2 * strength, "zoom": 1 + strength}
        return moved, [f"x{z:.2f}" for z in moved["zoom"].tolist()]
    if op == "hue":
        turn = strength * len(strength) / (len(strength) + 1)
        return {"hue": turn}, [f"{t * 360:.0f}°" for t in turn.tolist()]
    if op in JITTER:
        factor = 0.2 + 1.6 * (strength - strength[0]) / max(1 - float(strength[0]), 1e-6)
        return {op: factor}, [f"x{f:.2f}" for f in factor.tolist()]
    name, values = {
        "rotate": ("degrees", 180 * strength),
        "solarize": ("threshold", 1 - strength),
        "blur": ("sigma", 4 * strength),
        "noise": ("std", 0.5 * strength),
        "cutout": ("side", 0.9 * strength),
    }[op]
    extra = {"cutout_across": middle, "cutout_down": middle} if op == "cutout" else {}
    form = "{:.0f}°" if op == "rotate" else "{:.2f}"
    return {name: values, **extra}, [form.format(v) for v in values.tolist()]


def random_views(
    image: Tensor, view: ViewConfig, n: int, seed: int
) -> tuple[Tensor, list[list[tuple[str, dict[str, float]]]]]:
    """n views of one image: 3 x H x W uint8 -> n x 3 x H x W float, and what each one drew."""
    params = draw(view, n, stream(seed, "augment/inspect"))
    views = apply((image[None] / 255).repeat(n, 1, 1, 1), params, view)
    return views, [describe(params, i) for i in range(n)]


def histogram_features(images: Tensor, bins: int = 8) -> Tensor:
    """N x 3 x H x W in 0..1 -> N x (3 bins): share of pixels in each bin, by channel."""
    n, channels = images.shape[:2]
    place = (images.reshape(n, channels, -1) * bins).long().clamp_(0, bins - 1)
    counts = torch.zeros(n, channels, bins, device=images.device)
    counts.scatter_add_(2, place, torch.ones_like(place, dtype=counts.dtype))
    return (counts / place.shape[2]).flatten(1)


def histogram_matching(views1: Tensor, views2: Tensor, bins: int = 8) -> float:
    """How often colour alone finds the other view of the same image; chance is 1/N.

    views1, views2: N x 3 x H x W in 0..1, image i in both. Protocol: colour histograms of `bins`
    bins a channel; for each image of views2 the nearest of all N histograms of views1 (L1
    distance); hit if it is that of the same image, one k-th of a hit if k are equally near.
    """
    distance = torch.cdist(
        histogram_features(views2, bins), histogram_features(views1, bins), p=1.0
    )
    nearest = distance <= distance.amin(1, keepdim=True) + 1e-6
    return float((nearest.diagonal() / nearest.sum(1)).mean())
