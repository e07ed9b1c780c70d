"""The composition of augmentations: ops alone and in pairs, as figure 5 of the SimCLR paper.

The paper crops every image first and gives the other branch nothing else; here the other branch is
the image itself.
"""

from collections.abc import Mapping
from dataclasses import replace

from sslviz.augment.catalogue import OPS
from sslviz.config import RunConfig
from sslviz.presets.views import VIEW_PRESETS
from sslviz.refusal import Refusal
from sslviz.sweeps.axes import Axis, Choice
from sslviz.sweeps.sweep import Sweep

BRANCHES = ("both", "one")
FIRST, SECOND = "op", "with op"
# how strong an op is, where its default is too weak to matter alone
Strengths = Mapping[str, Mapping[str, float]]
STRONG: Strengths = {
    "crop": {"crop_scale_min": 0.2},
    "jitter": {"brightness": 0.8, "contrast": 0.8, "saturation": 0.8, "hue": 0.5},
    "rotate": {"rotate_degrees": 90.0},
}


def composition(
    base: RunConfig,
    ops: list[str],
    branches: str,
    seeds: tuple[int, ...],
    name: str = "",
    strong: Strengths | None = None,
) -> Sweep:
    """A sweep over all ops alone and all pairs of them. `strong`: how strong ops are, instead of
    STRONG. Raises Refusal for unknown ops."""
    unknown = [op for op in ops if op not in OPS]
    if unknown or not ops:
        raise Refusal(
            "{op} is no op; the ops are {allowed}.",
            op=repr(unknown[0] if unknown else "")[:80],
            allowed=", ".join(OPS),
        )
    if branches not in BRANCHES:
        raise Refusal(
            "branches is {value}; it must be one of {allowed}.",
            value=repr(branches)[:80],
            allowed=", ".join(BRANCHES),
        )
    nothing = VIEW_PRESETS["none"].view1
    plain = replace(base, view1=nothing, view2=nothing)
    section = "view" if branches == "both" else "view1"
    choices = tuple(
        Choice(op, _settings(section, op, {**STRONG, **(strong or {})}))
        for op in dict.fromkeys(ops)
    )
    axes = (Axis(FIRST, choices), Axis(SECOND, choices))
    return Sweep(plain, axes, seeds, name=name or "composition", unordered=True)


def _settings(section: str, op: str, strong: Strengths) -> dict[str, float]:
    return {f"{section}.{op}": 1.0} | {f"{section}.{k}": v for k, v in strong.get(op, {}).items()}
