"""Projector g, and the multi-layer perceptrons that heads and predictors are made of."""

from typing import Any

from torch import nn

from sslviz.methods.base import in_float32


class Logits(nn.Linear):
    """The last layer before a softmax, in float32 also where autocast runs the rest in bfloat16:
    rounded there, a logit of 8 would be wrong by up to 0.03, and close ones would be equal."""

    forward = in_float32(nn.Linear.forward)


def mlp(widths: list[int], *, output_norm: bool = False, logits: bool = False) -> nn.Sequential:
    """Linear layers with BatchNorm and ReLU between them; `widths` [in, hidden ..., out].

    `logits`: the output goes into a softmax, so the last layer keeps to float32.
    """
    layers: list[nn.Module] = []
    for i, (a, b) in enumerate(zip(widths[:-1], widths[1:], strict=True)):
        last = i == len(widths) - 2
        linear = Logits if last and logits else nn.Linear
        layers.append(linear(a, b, bias=last and not output_norm))
        if not last:
            layers += [nn.BatchNorm1d(b), nn.ReLU(inplace=True)]
        elif output_norm:
            layers.append(nn.BatchNorm1d(b, affine=False))
    return nn.Sequential(*layers)


def projector(width: int, depth: int, hidden: int, out: int, output_norm: bool) -> nn.Module:
    """Projector g: h (N x width) -> z (N x out). Depth 0 is no projector at all: z = h."""
    if depth == 0:
        return nn.BatchNorm1d(width, affine=False) if output_norm else nn.Identity()
    return mlp([width, *[hidden] * (depth - 1), out], output_norm=output_norm)


def projector_of(config: Any, width: int) -> tuple[nn.Module, int]:
    """The projector that a method's knobs describe, on h of that width; and the width of its z."""
    c = config
    g = projector(width, c.projector_depth, c.projector_width, c.embedding, c.output_norm)
    return g, c.embedding if c.projector_depth else width
