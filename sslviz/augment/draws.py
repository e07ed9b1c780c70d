"""What happens to each image of a batch: drawn on the CPU, plain data that can be shown."""

from itertools import permutations
from math import log

import torch
from torch import Tensor

from sslviz.augment.view import ViewConfig
from sslviz.knobs import knobs

Params = dict[str, Tensor]

OPS = (
    *("crop", "flip", "rotate", "shift", "jitter", "gray"),
    *("invert", "solarize", "blur", "sobel", "noise", "cutout"),
)
JITTER = {"brightness": 1.0, "contrast": 1.0, "saturation": 1.0, "hue": 0.0}  # what changes nothing
JITTER_ORDERS = torch.tensor(list(permutations(range(len(JITTER)))))  # 24 x 4

_ATTEMPTS = 10
_ROWS = (
    *OPS,
    *("left", "top", "degrees", "right", "down", "zoom"),
    *JITTER,
    *("order", "sigma", "seed", "cutout_across", "cutout_down"),
    *(f"{what} {attempt}" for attempt in range(_ATTEMPTS) for what in ("area", "ratio")),
)


def neutral(n: int) -> Params:
    """Parameters that change nothing, for n images."""
    zeros, ones = torch.zeros(n), torch.ones(n)
    return {
        **{op: torch.zeros(n, dtype=torch.bool) for op in OPS},
        **{"left": zeros, "top": zeros, "width": ones, "height": ones},
        **{"degrees": zeros, "right": zeros, "down": zeros, "zoom": ones},
        **{name: torch.full((n,), value) for name, value in JITTER.items()},
        **{"order": zeros.long(), "threshold": ones, "sigma": ones, "seed": zeros, "std": zeros},
        **{"cutout_across": zeros, "cutout_down": zeros, "side": zeros},
    }


def draw(view: ViewConfig, n: int, generator: torch.Generator) -> Params:
    """Parameters for n images: by op whether it happens (bool, N), by strength its value (N).

    All uniform numbers are drawn first, always equally many and each kind in its own row;
    settings only scale them. So a changed setting leaves the draws of every other op as they were.
    """
    u = dict(zip(_ROWS, torch.rand(len(_ROWS), n, generator=generator), strict=True))
    params = {op: u[op] < getattr(view, op) for op in OPS}
    params |= _crop_box(view, u, params["crop"]) | _movement(view, u, params)
    for name, middle in JITTER.items():
        strength = getattr(view, name)
        params[name] = _between(u[name], middle - strength, middle + strength)
    return params | {
        "order": (u["order"] * len(JITTER_ORDERS)).long(),
        "threshold": torch.full((n,), view.solarize_threshold),
        "sigma": _between(u["sigma"], view.blur_sigma_min, view.blur_sigma_max),
        "seed": (u["seed"] * 2**24).floor(),
        "std": torch.full((n,), view.noise_std),
        "cutout_across": u["cutout_across"],
        "cutout_down": u["cutout_down"],
        "side": torch.full((n,), view.cutout_side),
    }


def _between(uniform: Tensor, low: float, high: float) -> Tensor:
    return low + (high - low) * uniform


def _crop_box(view: ViewConfig, u: Params, cropped: Tensor) -> Params:
    """torchvision's RandomResizedCrop, in shares of the image instead of whole pixels.

    Area uniform, log of the aspect ratio uniform, the first of ten attempts that fits inside;
    the whole image where none does.
    """
    width, height = torch.ones_like(u["crop"]), torch.ones_like(u["crop"])
    for attempt in reversed(range(_ATTEMPTS)):
        area = _between(u[f"area {attempt}"], view.crop_scale_min, view.crop_scale_max)
        limit = log(view.crop_ratio)
        ratio = _between(u[f"ratio {attempt}"], -limit, limit).exp()
        w, h = (area * ratio).sqrt(), (area / ratio).sqrt()
        fits = cropped & (w <= 1) & (h <= 1)
        width, height = torch.where(fits, w, width), torch.where(fits, h, height)
    left, top = u["left"] * (1 - width), u["top"] * (1 - height)
    return {"left": left, "top": top, "width": width, "height": height}


def _movement(view: ViewConfig, u: Params, params: Params) -> Params:
    """Rotation, shift and zoom (log-uniform), at rest where they were not drawn."""
    rotated, shifted = params["rotate"], params["shift"]
    limit = log(view.shift_scale)
    way = view.shift_fraction
    return {
        "degrees": rotated * _between(u["degrees"], -view.rotate_degrees, view.rotate_degrees),
        "right": shifted * _between(u["right"], -way, way),
        "down": shifted * _between(u["down"], -way, way),
        "zoom": torch.where(shifted, _between(u["zoom"], -limit, limit).exp(), 1.0),
    }


def describe(params: Params, i: int) -> list[tuple[str, dict[str, float]]]:
    """What happens to image i, in order: (label of the op, its own values by name).

    Shares of the image's side: left, top, width, height, right, down; sigma in pixels of a
    32-pixel image; hue in turns of the colour circle; across and down of a cutout from 0 to 1.
    """
    labels = {name: knob.label for name, knob in knobs(ViewConfig).items()}
    values = {name: float(each[i]) for name, each in params.items()}
    told = [(labels[op], _details(op, values)) for op in OPS if values[op]]
    return [(label, {k: round(v, 3) for k, v in own.items()}) for label, own in told]


def _details(op: str, values: dict[str, float]) -> dict[str, float]:
    if op == "crop":
        box = {name: values[name] for name in ("left", "top", "width", "height")}
        return {"area": values["width"] * values["height"], **box}
    if op == "jitter":
        order = JITTER_ORDERS[int(values["order"])].tolist()
        names = [list(JITTER)[k] for k in order]
        return {name: values[name] for name in names if values[name] != JITTER[name]}
    if op == "cutout":
        return {"across": values["cutout_across"], "down": values["cutout_down"]}
    shown = {"rotate": ("degrees",), "shift": ("right", "down", "zoom"), "blur": ("sigma",)}
    return {name: values[name] for name in shown.get(op, ())}
