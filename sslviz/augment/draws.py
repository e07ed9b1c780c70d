"""What happens to each image of a batch: drawn once, on the CPU, as plain data."""

from itertools import permutations
from math import log

import torch
from torch import Tensor

from sslviz.config import ViewConfig
from sslviz.knobs import knobs

Params = dict[str, Tensor]

OPS = (
    *("crop", "flip", "rotate", "shift", "jitter", "gray"),
    *("invert", "solarize", "blur", "sobel", "noise", "cutout"),
)
JITTER = ("brightness", "contrast", "saturation", "hue")
JITTER_ORDERS = torch.tensor(list(permutations(range(len(JITTER)))))  # 24 x 4

_ATTEMPTS = 10
_COLUMNS = (
    *OPS,
    *("left", "top", "degrees", "shift_x", "shift_y", "zoom"),
    *JITTER,
    *("order", "sigma", "seed", "cutout_left", "cutout_top"),
    *(f"{what}{i}" for i in range(_ATTEMPTS) for what in ("area", "ratio")),
)


def neutral(n: int) -> Params:
    """Parameters that change nothing, for n images."""
    zeros, ones = torch.zeros(n), torch.ones(n)
    return {
        **{op: torch.zeros(n, dtype=torch.bool) for op in OPS},
        **{"left": zeros, "top": zeros, "width": ones, "height": ones},
        **{"degrees": zeros, "shift_x": zeros, "shift_y": zeros, "zoom": ones},
        **{"brightness": ones, "contrast": ones, "saturation": ones, "hue": zeros},
        **{"order": zeros.long(), "sigma": ones, "threshold": ones, "seed": zeros, "std": zeros},
        **{"cutout_left": zeros, "cutout_top": zeros},
    }


def draw(view: ViewConfig, n: int, generator: torch.Generator) -> Params:
    """Parameters for n images: by op whether it happens (bool, N), by strength its value (N).

    All uniform numbers are drawn first, always equally many and each with its fixed place;
    settings only scale them. So a changed setting leaves the draws of every other op as they were.
    """
    table = torch.rand(len(_COLUMNS), n, generator=generator)
    u = dict(zip(_COLUMNS, table.unbind(0), strict=True))
    params = {op: u[op] < getattr(view, op) for op in OPS}
    params |= _crop_box(view, u, params["crop"])
    params["degrees"] = _between(u["degrees"], -view.rotate_degrees, view.rotate_degrees)
    params["shift_x"] = _between(u["shift_x"], -view.shift_fraction, view.shift_fraction)
    params["shift_y"] = _between(u["shift_y"], -view.shift_fraction, view.shift_fraction)
    params["zoom"] = _between(u["zoom"], -log(view.shift_scale), log(view.shift_scale)).exp()
    params["degrees"] = params["degrees"] * params["rotate"]
    params["shift_x"] = params["shift_x"] * params["shift"]
    params["shift_y"] = params["shift_y"] * params["shift"]
    params["zoom"] = torch.where(params["shift"], params["zoom"], 1.0)
    for name in JITTER:
        middle, strength = float(name != "hue"), getattr(view, name)
        params[name] = _between(u[name], middle - strength, middle + strength)
    params["order"] = (u["order"] * len(JITTER_ORDERS)).long()
    params["sigma"] = _between(u["sigma"], view.blur_sigma_min, view.blur_sigma_max)
    params["seed"] = (u["seed"] * 2**24).floor()
    params["cutout_left"], params["cutout_top"] = u["cutout_left"], u["cutout_top"]
    return params


def _between(uniform: Tensor, low: float, high: float) -> Tensor:
    return low + (high - low) * uniform


def _crop_box(view: ViewConfig, u: Params, cropped: Tensor) -> Params:
    """torchvision's RandomResizedCrop, in shares of the image instead of whole pixels.

    Area uniform, log of the aspect ratio uniform, the first of ten attempts that fits inside;
    the largest centred square where none fits.
    """
    width, height = torch.ones_like(u["crop"]), torch.ones_like(u["crop"])
    for i in reversed(range(_ATTEMPTS)):
        area = _between(u[f"area{i}"], view.crop_scale_min, view.crop_scale_max)
        ratio = _between(u[f"ratio{i}"], -log(view.crop_ratio), log(view.crop_ratio)).exp()
        w, h = (area * ratio).sqrt(), (area / ratio).sqrt()
        fits = cropped & (w <= 1) & (h <= 1)
        width, height = torch.where(fits, w, width), torch.where(fits, h, height)
    left, top = u["left"] * (1 - width), u["top"] * (1 - height)
    return {"left": left, "top": top, "width": width, "height": height}


def describe(params: Params, i: int) -> list[tuple[str, dict[str, float]]]:
    """What happened to image i, in order: (label of the op, its drawn values by name)."""
    label = {name: knob.label for name, knob in knobs(ViewConfig).items()}
    value = {name: round(float(values[i]), 3) for name, values in params.items()}
    return [(label[op], _details(op, value)) for op in OPS if value[op]]


def _details(op: str, value: dict[str, float]) -> dict[str, float]:
    if op == "crop":
        box = {name: value[name] for name in ("left", "top", "width", "height")}
        return {"area": round(value["width"] * value["height"], 3), **box}
    if op == "jitter":
        names = [JITTER[k] for k in JITTER_ORDERS[int(value["order"])]]
        return {name: value[name] for name in names if value[name] != float(name != "hue")}
    shown = {"rotate": ("degrees",), "shift": ("shift_x", "shift_y", "zoom"), "blur": ("sigma",)}
    shown["cutout"] = ("cutout_left", "cutout_top")
    return {name: value[name] for name in shown.get(op, ())}
