"""Views by drawn parameters: each op on the images that drew it, all geometry at once."""

from collections.abc import Mapping

import torch
from torch import Tensor

from sslviz.augment import geometry, ops
from sslviz.augment.catalogue import OPS
from sslviz.augment.draws import JITTER_ORDERS, Params
from sslviz.augment.op import Op
from sslviz.augment.view import ViewConfig
from sslviz.streams import sent

GEOMETRY = [op for op in OPS.values() if op.kind == "geometry"]
PIXELS = [op for op in OPS.values() if op.kind != "geometry"]
FUNCTIONS = {name: (op, takes) for op in PIXELS for name, takes in op.functions().items()}


def apply(images: Tensor, params: Params, view: ViewConfig) -> Tensor:
    """N x 3 x H x W float in 0..1 -> the same shape: each image changed by its own parameters.

    An op runs on the images that drew it and on no others; which those are is known on the CPU. Of
    `view` only those settings are used that a row of the catalogue asks for: the largest blur,
    which sets the kernel's size.
    """
    moved = [op for op in GEOMETRY if bool(params[op.name].any())]
    chosen = _chosen(params)
    names = [name for op in GEOMETRY for name in whole(op)] if moved else []
    names += [name for key in chosen for name in FUNCTIONS[key.split()[0]][1]]
    sent = _send({name: params[name] for name in names} | chosen, images.device)
    images = resampled(images, moved, sent) if moved else images.clone()
    for key in chosen:
        index, name = sent[key].long(), key.split()[0]
        op, takes = FUNCTIONS[name]
        own = [sent[taken][index] for taken in takes]
        settings = {setting: getattr(view, setting) for setting in op.settings}
        changed = getattr(ops, name)(images.index_select(0, index), *own, **settings)
        images.index_copy_(0, index, changed)
    return images


def whole(op: Op) -> tuple[str, ...]:
    """What a geometric op hands over for the whole batch: a switch without parameters, itself."""
    return tuple(op.params) or (op.name,)


def resampled(images: Tensor, moved: list[Op], sent: Mapping[str, Tensor]) -> Tensor:
    """All geometry in one resampling; the ops after the affine ones as maps of their own."""
    affine = [sent[name] for op in GEOMETRY if op.function == "resample" for name in whole(op)]
    later = [
        getattr(geometry, op.function or op.name)(*(sent[name] for name in whole(op)))
        for op in moved
        if op.function != "resample"
    ]
    return geometry.resample(images, *affine, later=later)


def happens(params: Params) -> Params:
    """Which images each function works on (bool, N), in the order in which they run: by `function
    at place`."""
    here: Params = {}
    for op in PIXELS:
        if not op.shuffled:
            here[f"{op.function or op.name} at 0"] = params[op.name]
            continue
        order, number = JITTER_ORDERS[params["order"]].T, torch.arange(len(op.shuffled))
        works = [params[op.name] & (params[name] != op.params[name]) for name in op.shuffled]
        drawn = (order[:, None] == number[:, None]) & torch.stack(works)  # places x functions x N
        for place in range(len(op.shuffled)):
            here |= {f"{name} at {place}": drawn[place, k] for k, name in enumerate(op.shuffled)}
    return here


def _chosen(params: Params) -> Params:
    """The numbers of these images, without the functions that have none."""
    indices = {key: here.nonzero()[:, 0] for key, here in happens(params).items()}
    return {key: index for key, index in indices.items() if len(index)}


def _send(values: Params, device: torch.device) -> Params:
    """All tensors to the device in one copy, as float32 (whole numbers stay exact below 2**24)."""
    if not values:
        return {}
    packed = torch.cat([tensor.float() for tensor in values.values()])
    parts = sent(packed, device).split([len(t) for t in values.values()])
    return dict(zip(values, parts, strict=True))
