"""For looking at augmentation: one op at rising strength, many views of one image, histograms."""

import torch
from torch import Tensor

from sslviz.augment.apply import apply
from sslviz.augment.catalogue import OPS
from sslviz.augment.params import describe, draw, neutral
from sslviz.augment.view import ViewConfig
from sslviz.refusal import Refusal
from sslviz.streams import stream

# every strip by its name, with its op; an op without a strength has the one that is changed
SWITCHES = {op.name: op for op in OPS.values() if not op.strengths}
RISING = {strip.name: (op, strip) for op in OPS.values() for strip in op.strips}
STRIPS = (*SWITCHES, *RISING)
_WIDEST = ViewConfig(**{knob.name: knob.high for op in OPS.values() for knob in op.knobs()})


def strip(image: Tensor, name: str, n: int) -> tuple[Tensor, list[str]]:
    """One op at n rising strengths: image 3 x H x W uint8 -> (n + 1) x 3 x H x W float, labels.

    The first is the original, labelled "". Ops without a strength give the original and one more.
    Raises Refusal for a name that is not in STRIPS.
    """
    if name in SWITCHES:
        op, params, labels = SWITCHES[name], neutral(1), [name]
    elif name in RISING:
        op, rising = RISING[name]
        values = [rising.values(k, n) for k in range(1, n + 1)]
        params = neutral(n) | {key: torch.tensor([v[key] for v in values]) for key in values[0]}
        labels = [rising.label.written(v) for v in values]
    else:
        raise Refusal(
            "{op} is not an op; the ops are: {allowed}.", op=repr(name), allowed=", ".join(STRIPS)
        )
    params[op.name] = torch.ones(len(labels), dtype=torch.bool)
    original = image[None] / 255
    changed = apply(original.repeat(len(labels), 1, 1, 1), params, _WIDEST)
    return torch.cat([original, changed]), ["", *labels]


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
