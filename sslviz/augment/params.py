"""What happens to each image of a batch: drawn on the CPU, plain data that can be shown."""

import torch

from sslviz.augment import draws
from sslviz.augment.catalogue import OPS
from sslviz.augment.draws import JITTER_ORDERS, Params
from sslviz.augment.op import Op
from sslviz.augment.view import ViewConfig


def neutral(n: int) -> Params:
    """Parameters that change nothing, for n images."""
    params: Params = {}
    for op in OPS.values():
        params[op.name] = torch.zeros(n, dtype=torch.bool)
        params |= {name: torch.full((n,), value) for name, value in op.params.items()}
    return params


def draw(
    view: ViewConfig, n: int, generator: torch.Generator, both: torch.Generator | None = None
) -> Params:
    """Parameters for n images: by op whether it happens (bool, N), by parameter its value (N).

    All uniform numbers are drawn first, always equally many and each kind in its own row;
    settings only scale them. So a changed setting leaves the draws of every other op as they were.
    `both`: from where the numbers come that the views of an image have in common.
    """
    rows = draws.UNIFORM
    u = dict(zip(rows, torch.rand(len(rows), n, generator=generator), strict=True))
    if both is not None:
        common = torch.rand(len(draws.COMMON), n, generator=both)
        u |= dict(zip(draws.COMMON, common, strict=True))
    params: Params = {}
    for op in OPS.values():
        params[op.name] = on = u[op.name] < getattr(view, op.name)
        if op.params:
            params |= getattr(draws, op.name)(view, u, on)
    return params


def describe(params: Params, i: int) -> list[tuple[str, dict[str, float]]]:
    """What happens to image i, in order: (name of the op, the numbers of its words by title)."""
    values = {name: float(each[i]) for name, each in params.items()}
    return [(op.name, _told(op, values)) for op in OPS.values() if values[op.name]]


def _told(op: Op, values: dict[str, float]) -> dict[str, float]:
    words = op.words
    if op.shuffled:
        order = JITTER_ORDERS[int(values["order"])].tolist()
        words = [words[k] for k in order if values[op.shuffled[k]] != op.params[op.shuffled[k]]]
    return {word.title: round(word.value(values), 3) for word in words}
