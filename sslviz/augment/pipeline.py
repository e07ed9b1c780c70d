"""Random views of a batch: draw parameters for each image, apply them on the batch's device."""

from math import ceil

import torch
from torch import Tensor

from sslviz.augment import ops
from sslviz.augment.draws import JITTER, JITTER_ORDERS, Params, describe, draw
from sslviz.augment.geometry import resample
from sslviz.config import ViewConfig
from sslviz.streams import stream

__all__ = ["Augment", "Params", "Pipeline", "apply", "describe", "draw"]

_GEOMETRY = ("left", "top", "width", "height", "flip", "degrees", "shift_x", "shift_y", "zoom")


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
        return images.float().mul_(1 / 255)


def apply(images: Tensor, params: Params, view: ViewConfig) -> Tensor:
    """N x 3 x H x W float in 0..1 -> the same shape: each image changed by its own parameters.

    An op runs on the images that drew it and on no others; which those are is known on the CPU, so
    the device gets one copy of numbers and never has to answer.
    """
    chosen = _chosen(params, view)
    sent = _send({**params, **chosen}, images.device)
    at = {name: sent[name].long() for name in chosen}
    geometric = any(bool(params[op].any()) for op in ("crop", "flip", "rotate", "shift"))
    if geometric:
        left, top, width, height, flip, degrees, shift_x, shift_y, zoom = (
            sent[name] for name in _GEOMETRY
        )
        box = (left, top, width, height)
        images = resample(images, box, flip, degrees, (shift_x, shift_y), zoom)
    else:
        images = images.clone()
    scale = images.shape[-1] / 32
    radius = min(ceil(3 * view.blur_sigma_max * scale), images.shape[-1] - 1)
    for key, index in at.items():
        some, op = images.index_select(0, index), key.split(" ")[0]
        if op in JITTER:
            some = getattr(ops, op)(some, sent[op][index])
        elif op == "gray":
            some = ops.grayscale(some)
        elif op == "invert":
            some = ops.invert(some)
        elif op == "solarize":
            some = ops.solarize(some, view.solarize_threshold)
        elif op == "blur":
            some = ops.blur(some, sent["sigma"][index] * scale, radius)
        elif op == "sobel":
            some = ops.sobel(some)
        elif op == "noise":
            some = ops.noise(some, sent["seed"][index], view.noise_std)
        else:
            left, top = sent["cutout_left"][index], sent["cutout_top"][index]
            some = ops.cutout(some, left, top, view.cutout_side)
        images.index_copy_(0, index, some)
    return images


def _chosen(params: Params, view: ViewConfig) -> Params:
    """Indices of the images each op works on, in the order in which the ops run."""
    chosen = {}
    order = JITTER_ORDERS[params["order"]]
    for place in range(len(JITTER)):
        for k, name in enumerate(JITTER):
            if getattr(view, name) > 0:
                here = params["jitter"] & (order[:, place] == k)
                chosen[f"{name} {place}"] = here.nonzero()[:, 0]
    for op in ("gray", "invert", "solarize", "blur", "sobel", "noise", "cutout"):
        chosen[op] = params[op].nonzero()[:, 0]
    return {name: index for name, index in chosen.items() if len(index)}


def _send(values: Params, device: torch.device) -> Params:
    """All tensors to the device in one copy, as float32 (whole numbers stay exact below 2**24)."""
    packed = torch.cat([tensor.float() for tensor in values.values()])
    if device.type == "cuda":
        packed = packed.pin_memory()
    parts = packed.to(device, non_blocking=True).split([len(t) for t in values.values()])
    return dict(zip(values, parts, strict=True))
