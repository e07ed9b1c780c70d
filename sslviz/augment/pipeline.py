"""Random views of a batch: draw parameters for each image, apply them on the batch's device."""

from collections.abc import Callable
from functools import partial
from math import ceil
from typing import Any

import torch
from torch import Tensor

from sslviz.augment import ops
from sslviz.augment.draws import JITTER, JITTER_ORDERS, Params, describe, draw
from sslviz.augment.geometry import resample
from sslviz.augment.view import ViewConfig
from sslviz.streams import stream

__all__ = ["Augment", "Params", "Pipeline", "apply", "describe", "draw"]

_AFTER_JITTER = ("gray", "invert", "solarize", "blur", "sobel", "noise", "cutout")
_OWN = {name: (name,) for name in JITTER} | {
    "solarize": ("threshold",),
    "blur": ("sigma",),
    "noise": ("seed", "std"),
    "cutout": ("cutout_across", "cutout_down", "side"),
}


class Pipeline:
    """Makes views 1 and 2 of any batch; what it draws depends on seed, step, view and call only."""

    def __init__(self, view1: ViewConfig, view2: ViewConfig, seed: int) -> None:
        self.views = {1: view1, 2: view2}
        self.seed = seed

    def at(self, step: int) -> "Augment":
        return Augment(self, step)


class Augment:
    """The pipeline during one step."""

    def __init__(self, pipeline: Pipeline, step: int) -> None:
        self.pipeline, self.step = pipeline, step
        self.calls = dict.fromkeys(pipeline.views, 0)

    def params(self, n: int, which: int) -> Params:
        """Fresh draws for n images by recipe 1 or 2; a second call draws anew."""
        call = self.calls[which]
        self.calls[which] += 1
        name = f"augment/{which}/{call}" if call else f"augment/{which}"
        return draw(self.pipeline.views[which], n, stream(self.pipeline.seed, name, self.step))

    @torch.no_grad()
    def view(self, images: Tensor, which: int) -> Tensor:
        """N x 3 x H x W uint8 -> float32 in 0..1: a fresh random view by recipe 1 or 2."""
        params = self.params(len(images), which)
        with torch.autocast(images.device.type, enabled=False):
            return apply(self.plain(images), params, self.pipeline.views[which])

    def plain(self, images: Tensor) -> Tensor:
        """N x 3 x H x W uint8 -> float32 in 0..1, unchanged otherwise."""
        return images / 255

    def generator(self, name: str) -> torch.Generator:
        """A CPU generator for a method's own draws (masks, permutations ...) in this step."""
        return stream(self.pipeline.seed, f"method/{name}", self.step)


def apply(images: Tensor, params: Params, view: ViewConfig) -> Tensor:
    """N x 3 x H x W float in 0..1 -> the same shape: each image changed by its own parameters.

    An op runs on the images that drew it and on no others; which those are is known on the CPU, so
    the device gets one copy of numbers and never has to answer. Of `view` only the largest blur
    is used: it sets the size of the kernel.
    """
    chosen = _chosen(params)
    sent = _send(params | chosen, images.device)
    if any(bool(params[op].any()) for op in ("crop", "flip", "rotate", "shift")):
        box = (sent["left"], sent["top"], sent["width"], sent["height"])
        shift = (sent["right"], sent["down"])
        images = resample(images, box, sent["flip"], sent["degrees"], shift, sent["zoom"])
    else:
        images = images.clone()
    scale = images.shape[-1] / 32  # blur is stated for 32-pixel images
    sent["sigma"] = sent["sigma"] * scale
    radius = min(ceil(3 * view.blur_sigma_max * scale), min(images.shape[-2:]) - 1)
    for key in chosen:
        index, op = sent[key].long(), key.split()[0]
        run: Callable[..., Tensor] = getattr(ops, op)
        if op == "blur":
            run = partial(ops.blur, radius=radius)
        own: list[Any] = [sent[name][index] for name in _OWN.get(op, ())]
        images.index_copy_(0, index, run(images.index_select(0, index), *own))
    return images


def _chosen(params: Params) -> Params:
    """Which images each op works on, in the order in which the ops run."""
    chosen = {}
    order = JITTER_ORDERS[params["order"]]  # N x 4
    for place in range(len(JITTER)):
        for k, (name, rest) in enumerate(JITTER.items()):
            here = params["jitter"] & (order[:, place] == k) & (params[name] != rest)
            chosen[f"{name} at {place}"] = here
    chosen |= {op: params[op] for op in _AFTER_JITTER}
    indices = {key: here.nonzero()[:, 0] for key, here in chosen.items()}
    return {f"{key} index": index for key, index in indices.items() if len(index)}


def _send(values: Params, device: torch.device) -> Params:
    """All tensors to the device in one copy, as float32 (whole numbers stay exact below 2**24)."""
    packed = torch.cat([tensor.float() for tensor in values.values()])
    if device.type == "cuda":
        packed = packed.pin_memory()
    parts = packed.to(device, non_blocking=True).split([len(t) for t in values.values()])
    return dict(zip(values, parts, strict=True))
