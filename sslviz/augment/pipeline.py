"""Random views of a batch: draw parameters for each image, apply them on the batch's device."""

from collections.abc import Mapping

import torch
from torch import Tensor

from sslviz.augment import geometry, ops
from sslviz.augment.catalogue import OPS
from sslviz.augment.draws import JITTER_ORDERS, Params
from sslviz.augment.op import Op
from sslviz.augment.params import draw
from sslviz.augment.view import ViewConfig
from sslviz.streams import stream

_GEOMETRY = [op for op in OPS.values() if op.kind == "geometry"]
_PIXELS = [op for op in OPS.values() if op.kind != "geometry"]
_FUNCTIONS = {name: (op, takes) for op in _PIXELS for name, takes in op.functions().items()}


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
    the device gets one copy of numbers and never has to answer. Of `view` only those settings are
    used that a row of the catalogue asks for: the largest blur, which sets the kernel's size.
    """
    moved = [op for op in _GEOMETRY if bool(params[op.name].any())]
    chosen = _chosen(params)
    names = [name for op in _GEOMETRY for name in _whole(op)] if moved else []
    names += [name for key in chosen for name in _FUNCTIONS[key.split()[0]][1]]
    sent = _send({name: params[name] for name in names} | chosen, images.device)
    images = _resampled(images, moved, sent) if moved else images.clone()
    for key in chosen:
        index, name = sent[key].long(), key.split()[0]
        op, takes = _FUNCTIONS[name]
        own = [sent[taken][index] for taken in takes]
        settings = {setting: getattr(view, setting) for setting in op.settings}
        changed = getattr(ops, name)(images.index_select(0, index), *own, **settings)
        images.index_copy_(0, index, changed)
    return images


def _whole(op: Op) -> tuple[str, ...]:
    """What a geometric op hands over for the whole batch: a switch without parameters, itself."""
    return tuple(op.params) or (op.name,)


def _resampled(images: Tensor, moved: list[Op], sent: Mapping[str, Tensor]) -> Tensor:
    """All geometry in one resampling; the ops after the affine ones as maps of their own."""
    affine = [sent[name] for op in _GEOMETRY if op.function == "resample" for name in _whole(op)]
    later = [
        getattr(geometry, op.function or op.name)(*(sent[name] for name in _whole(op)))
        for op in moved
        if op.function != "resample"
    ]
    return geometry.resample(images, *affine, later=later)


def _chosen(params: Params) -> Params:
    """Which images each function works on, in the order in which they run: `function at place`."""
    chosen = {}
    for op in _PIXELS:
        order = JITTER_ORDERS[params["order"]] if op.shuffled else None
        if order is None:
            chosen[f"{op.function or op.name} at 0"] = params[op.name]
            continue
        for place in range(len(op.shuffled)):
            for k, name in enumerate(op.shuffled):
                drawn = params[op.name] & (order[:, place] == k)
                chosen[f"{name} at {place}"] = drawn & (params[name] != op.params[name])
    indices = {key: here.nonzero()[:, 0] for key, here in chosen.items()}
    return {key: index for key, index in indices.items() if len(index)}


def _send(values: Params, device: torch.device) -> Params:
    """All tensors to the device in one copy, as float32 (whole numbers stay exact below 2**24)."""
    if not values:
        return {}
    packed = torch.cat([tensor.float() for tensor in values.values()])
    if device.type == "cuda":
        packed = packed.pin_memory()
    parts = packed.to(device, non_blocking=True).split([len(t) for t in values.values()])
    return dict(zip(values, parts, strict=True))
