"""What is drawn for each image, one function an op; every number is made from uniform ones.

A draw takes the view, the uniform numbers by name (N each in [0, 1)) and whether the op happens
(bool, N); it returns the parameters of the op's row in the catalogue, N each.
"""

from itertools import permutations
from math import log

import torch
from torch import Tensor

from sslviz.augment.catalogue import OPS
from sslviz.augment.view import ViewConfig

Params = dict[str, Tensor]

JITTER_ORDERS = torch.tensor(list(permutations(range(len(OPS["jitter"].shuffled)))))  # 24 x 4

_ATTEMPTS = 10
# Rows of one block of uniform numbers: a new op's go to the end, so that all others stay as they
# were. The row of its own name decides whether an op happens.
UNIFORM = (
    *("crop", "flip", "rotate", "shift", "jitter", "gray"),
    *("invert", "solarize", "blur", "sobel", "noise", "cutout"),
    *("left", "top", "degrees", "right", "down", "zoom"),
    *("brightness", "contrast", "saturation", "hue"),
    *("order", "sigma", "seed", "cutout_across", "cutout_down"),
    *(f"{what} {attempt}" for attempt in range(_ATTEMPTS) for what in ("area", "ratio")),
    *("posterize", "perspective", *OPS["perspective"].params),
    *("stamp", "stamp_code"),
)
COMMON = ("stamp", "stamp_code")  # what both views of an image are given alike


def _between(uniform: Tensor, low: float, high: float) -> Tensor:
    return low + (high - low) * uniform


def crop(view: ViewConfig, u: Params, on: Tensor) -> Params:
    """torchvision's RandomResizedCrop, in shares of the image instead of whole pixels.

    Area uniform, log of the aspect ratio uniform, the first of ten attempts that fits inside;
    the whole image where none does.
    """
    areas, ratios = (
        torch.stack([u[f"{what} {attempt}"] for attempt in range(_ATTEMPTS)])
        for what in ("area", "ratio")
    )  # attempts x N
    limit = log(view.crop_ratio)
    area = _between(areas, view.crop_scale_min, view.crop_scale_max)
    ratio = _between(ratios, -limit, limit).exp()
    sides = torch.stack([(area * ratio).sqrt(), (area / ratio).sqrt()])  # 2 x attempts x N
    fits = on & (sides <= 1).all(0)
    first = fits.byte().argmax(0)  # of equals the first
    found = sides.gather(1, first.expand(2, 1, -1))[:, 0]
    width, height = torch.where(fits.any(0), found, 1.0)
    left, top = u["left"] * (1 - width), u["top"] * (1 - height)
    return {"left": left, "top": top, "width": width, "height": height}


def rotate(view: ViewConfig, u: Params, on: Tensor) -> Params:
    return {"degrees": on * _between(u["degrees"], -view.rotate_degrees, view.rotate_degrees)}


def shift(view: ViewConfig, u: Params, on: Tensor) -> Params:
    """The zoom is log-uniform."""
    way, limit = view.shift_fraction, log(view.shift_scale)
    return {
        "right": on * _between(u["right"], -way, way),
        "down": on * _between(u["down"], -way, way),
        "zoom": torch.where(on, _between(u["zoom"], -limit, limit).exp(), 1.0),
    }


def perspective(view: ViewConfig, u: Params, on: Tensor) -> Params:
    """torchvision's RandomPerspective, in shares of the side instead of whole pixels."""
    way = view.perspective_distortion / 2
    return {name: on * way * u[name] for name in OPS["perspective"].params}


def jitter(view: ViewConfig, u: Params, on: Tensor) -> Params:
    params = {"order": (u["order"] * len(JITTER_ORDERS)).long()}
    for name in OPS["jitter"].shuffled:
        strength, middle = getattr(view, name), OPS["jitter"].params[name]
        params[name] = _between(u[name], middle - strength, middle + strength)
    return params


def solarize(view: ViewConfig, u: Params, on: Tensor) -> Params:
    return {"threshold": torch.full(on.shape, view.solarize_threshold)}


def posterize(view: ViewConfig, u: Params, on: Tensor) -> Params:
    return {"bits": torch.full(on.shape, view.posterize_bits)}


def blur(view: ViewConfig, u: Params, on: Tensor) -> Params:
    return {"sigma": _between(u["sigma"], view.blur_sigma_min, view.blur_sigma_max)}


def noise(view: ViewConfig, u: Params, on: Tensor) -> Params:
    seed = (u["seed"] * 2**24).floor()
    return {"seed": seed, "std": torch.full(on.shape, view.noise_std)}


def cutout(view: ViewConfig, u: Params, on: Tensor) -> Params:
    side = torch.full(on.shape, view.cutout_side)
    return {"cutout_across": u["cutout_across"], "cutout_down": u["cutout_down"], "side": side}


def stamp(view: ViewConfig, u: Params, on: Tensor) -> Params:
    code = (u["stamp_code"] * 2**8).floor()
    return {"stamp_code": code, "stamped": torch.full(on.shape, view.stamp_bits)}
