"""The same views without a shape that depends on a draw, so that a CUDA graph can record them.

Every op that the recipe may draw runs on all images, and each image keeps the result only where it
drew the op. Draws come as one tensor: one copy to the device for a view.
"""

import torch
from torch import Tensor

from sslviz.augment import ops
from sslviz.augment.apply import FUNCTIONS, GEOMETRY, happens, resampled, whole
from sslviz.augment.catalogue import OPS
from sslviz.augment.draws import Params
from sslviz.augment.op import Op
from sslviz.augment.view import ViewConfig


def pack(params: Params, view: ViewConfig) -> Tensor:
    """R x N float32 on the CPU: the rows that `apply_packed` reads (whole numbers stay exact)."""
    values = params | happens(params)
    rows = [values[name].float() for name in _rows(view)]
    n = len(next(iter(params.values())))
    return torch.stack(rows) if rows else torch.zeros(0, n)


def apply_packed(images: Tensor, packed: Tensor, view: ViewConfig) -> Tensor:
    """N x 3 x H x W float in 0..1 -> the same shape, as `apply` makes it of the same draws."""
    rows = dict(zip(_rows(view), packed, strict=True))
    moved = _moving(view)
    images = resampled(images, moved, rows) if moved else images
    for key in _steps(view):
        name = key.split()[0]
        op, takes = FUNCTIONS[name]
        settings = {setting: getattr(view, setting) for setting in op.settings}
        changed = getattr(ops, name)(images, *(rows[taken] for taken in takes), **settings)
        images = torch.where(rows[key].view(-1, 1, 1, 1) > 0, changed, images)
    return images


def _moving(view: ViewConfig) -> list[Op]:
    return [op for op in GEOMETRY if getattr(view, op.name) > 0]


def _steps(view: ViewConfig) -> list[str]:
    """The functions that may run, by `function at place`; a shuffled one without strength never."""
    keys = []
    for name, (op, _) in FUNCTIONS.items():
        if getattr(view, op.name) == 0 or (op.shuffled and getattr(view, name) == 0):
            continue
        keys += [f"{name} at {place}" for place in range(max(1, len(op.shuffled)))]
    order = list(OPS)
    return sorted(
        keys, key=lambda key: (order.index(FUNCTIONS[key.split()[0]][0].name), key.split()[2])
    )


def _rows(view: ViewConfig) -> list[str]:
    """Names of the drawn numbers that the recipe needs."""
    names = [name for op in GEOMETRY for name in whole(op)] if _moving(view) else []
    steps = _steps(view)
    return [
        *names,
        *dict.fromkeys(n for key in steps for n in FUNCTIONS[key.split()[0]][1]),
        *steps,
    ]
