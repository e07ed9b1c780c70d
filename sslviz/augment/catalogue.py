"""Every op in one row: its knobs, what is drawn, how it is told and shown. Torch-free.

Ops run in this order. Beside its row an op has a function of its name in `ops` (or in `geometry`)
and, if it has parameters, a draw of its name in `draws`; everything else follows from the row.
"""

from math import hypot, sqrt

from sslviz.augment.op import Op, Strip, Word
from sslviz.knobs import Knob

_CORNERS = ("top_left", "top_right", "bottom_right", "bottom_left")
_CORNER_WAYS = [f"{corner}_{way}" for corner in _CORNERS for way in ("across", "down")]


def _chance(name: str, default: float, title: str, help: str) -> Knob:
    return Knob(name, default, title, help, low=0.0, high=1.0, step=0.05)


def _strength(
    name: str, default: float, label: str, help: str, low: float, high: float, step: float
) -> Knob:
    return Knob(name, default, label, help, low=low, high=high, step=step)


def _word(param: str, form: str, title: str = "") -> Word:
    return Word(title or param, form, lambda values: values[param])


def _strip(name: str, param: str, largest: float, form: str) -> Strip:
    """Evenly up to the largest strength, which the last image has."""
    return Strip(name, lambda k, n: {param: largest * k / n}, _word(param, form))


def _darker_to_brighter(name: str) -> Strip:
    """A factor from 0.2 to 1.8."""
    return Strip(
        name, lambda k, n: {name: 0.2 + 1.6 * (k - 1) / max(n - 1, 1)}, _word(name, "×{:.2f}")
    )


def _central_box(area: float) -> dict[str, float]:
    side = sqrt(area)
    return {"left": (1 - side) / 2, "top": (1 - side) / 2, "width": side, "height": side}


def _free(title: str, place: str) -> Word:
    """How much of the image's side is free before the square that lies at `place` of its way."""
    return Word(title, "{:.0%}", lambda values: values[place] * (1 - values["side"]))


def _corner(name: str) -> Word:
    """How far a corner has moved, as a share of the side."""
    across, down = f"{name}_across", f"{name}_down"
    return Word(
        name.replace("_", " "), "{:.0%}", lambda values: hypot(values[across], values[down])
    )


def _tipped_back(k: int, n: int) -> dict[str, float]:
    """The upper edge moves away."""
    way = 0.3 * k / n
    upper = {"top_left_across": way, "top_right_across": way, "top_left_down": way / 2}
    return dict.fromkeys(_CORNER_WAYS, 0.0) | upper | {"top_right_down": way / 2}


_AREA = Word("area", "{:.0%}", lambda values: values["width"] * values["height"])
_FACTOR = "The factor is drawn between 1 minus and 1 plus this."
_SIDE = "As a share of the image's side."
_SIGMA = "In pixels of a 32-pixel image."

# fmt: off
_ROWS = (
    Op("geometry", _chance("crop", 1.0, "Random resized crop", "How often a random part of the image is cut out and enlarged."),
        (
            (
                _strength("crop_scale_min", 0.2, "Smallest crop", "Area of the smallest crop, as a share of the image.", 0.05, 1.0, 0.01),
                _strength("crop_scale_max", 1.0, "Largest crop", "Area of the largest crop, as a share of the image.", 0.05, 1.0, 0.01),
            ),
            _strength("crop_ratio", 1.33, "Crop aspect ratio", "Crops are up to this many times wider than high, or higher than wide.", 1.0, 2.0, 0.01),
        ),
        params={"left": 0.0, "top": 0.0, "width": 1.0, "height": 1.0}, function="resample",
        words=(_AREA, *(_word(name, "{:.0%}") for name in ("left", "top", "width", "height"))),
        strips=(Strip("crop", lambda k, n: _central_box(1 - 0.92 * k / n), _AREA),)),
    Op("geometry", _chance("flip", 0.5, "Horizontal flip", "How often the image is mirrored left to right."), function="resample"),
    Op("geometry", _chance("rotate", 0.0, "Rotation", "How often the image is turned."),
        (_strength("rotate_degrees", 30.0, "Largest rotation (degrees)", "The angle is drawn between minus and plus this.", 0.0, 180.0, 1.0),),
        params={"degrees": 0.0}, function="resample",
        words=(_word("degrees", "{:.0f}°", "angle"),),
        strips=(_strip("rotate", "degrees", 180.0, "{:.0f}°"),)),
    Op("geometry", _chance("shift", 0.0, "Translation and scale", "How often the image is moved and resized as a whole."),
        (
            _strength("shift_fraction", 0.2, "Largest shift", _SIDE, 0.0, 0.5, 0.01),
            _strength("shift_scale", 1.3, "Largest zoom", "The image is drawn up to this many times larger or smaller.", 1.0, 2.0, 0.05),
        ),
        params={"right": 0.0, "down": 0.0, "zoom": 1.0}, function="resample",
        words=(_word("right", "{:+.0%}"), _word("down", "{:+.0%}"), _word("zoom", "×{:.2f}")),
        strips=(Strip("shift", lambda k, n: {"right": 0.3 * k / n, "down": 0.2 * k / n, "zoom": 1 + k / n}, _word("zoom", "×{:.2f}")),)),
    Op("geometry", _chance("perspective", 0.0, "Perspective", "How often the image is seen at a slant: each corner moves inwards on its own."),
        (_strength("perspective_distortion", 0.5, "Largest distortion", "How far a corner may move, as a share of the way to the middle.", 0.0, 0.6, 0.05),),
        params=dict.fromkeys(_CORNER_WAYS, 0.0),
        words=tuple(_corner(name) for name in _CORNERS),
        strips=(Strip("perspective", _tipped_back, Word("", "{:.0%}", lambda values: 2 * values["top_left_across"])),)),
    Op("colour", _chance("jitter", 0.8, "Colour jitter", "How often brightness, contrast, saturation and hue are changed, in random order."),
        (
            _strength("brightness", 0.4, "Brightness", _FACTOR, 0.0, 1.0, 0.05),
            _strength("contrast", 0.4, "Contrast", _FACTOR, 0.0, 1.0, 0.05),
            _strength("saturation", 0.4, "Saturation", _FACTOR, 0.0, 1.0, 0.05),
            _strength("hue", 0.1, "Hue", "The shift is drawn between minus and plus this; 0.5 is the whole colour circle.", 0.0, 0.5, 0.01),
        ),
        params={"brightness": 1.0, "contrast": 1.0, "saturation": 1.0, "hue": 0.0, "order": 0},
        shuffled=("brightness", "contrast", "saturation", "hue"),
        words=(*(_word(name, "×{:.2f}") for name in ("brightness", "contrast", "saturation")), _word("hue", "{:+.2f}")),
        strips=(
            *(_darker_to_brighter(name) for name in ("brightness", "contrast", "saturation")),
            Strip("hue", lambda k, n: {"hue": k / (n + 1)}, Word("hue", "{:.0f}°", lambda values: 360 * values["hue"])),
        )),
    Op("colour", _chance("gray", 0.2, "Grayscale", "How often colour is removed.")),
    Op("colour", _chance("invert", 0.0, "Inversion", "How often every colour is replaced by its complement.")),
    Op("colour", _chance("solarize", 0.0, "Solarize", "How often bright pixels are inverted."),
        (_strength("solarize_threshold", 0.5, "Solarize above", "Pixels at or above this brightness (0 to 1) are inverted.", 0.0, 1.0, 0.05),),
        params={"threshold": 1.0}, words=(_word("threshold", "{:.2f}"),),
        strips=(Strip("solarize", lambda k, n: {"threshold": 1 - k / n}, _word("threshold", "{:.2f}")),)),
    Op("colour", _chance("posterize", 0.0, "Posterize", "How often each colour channel is cut down to a few levels."),
        (Knob("posterize_bits", 3, "Bits kept", "Each channel keeps this many of its 8 bits: 1 leaves two levels, 3 leave eight.", low=1, high=8, step=1),),
        params={"bits": 8}, words=(_word("bits", "{:.0f}"),),
        strips=(Strip("posterize", lambda k, n: {"bits": n + 1 - k}, _word("bits", "{:.0f} bit")),)),
    Op("filter", _chance("blur", 0.0, "Gaussian blur", "How often the image is blurred."),
        ((_strength("blur_sigma_min", 0.1, "Weakest blur (sigma)", _SIGMA, 0.1, 5.0, 0.1), _strength("blur_sigma_max", 2.0, "Strongest blur (sigma)", _SIGMA, 0.1, 5.0, 0.1)),),
        params={"sigma": 1.0}, settings=("blur_sigma_max",), words=(_word("sigma", "{:.2f}"),),
        strips=(_strip("blur", "sigma", 4.0, "{:.2f}"),)),
    Op("filter", _chance("sobel", 0.0, "Sobel edges", "How often the image is replaced by its edges.")),
    Op("filter", _chance("noise", 0.0, "Gaussian noise", "How often noise is added."),
        (_strength("noise_std", 0.1, "Noise strength", "Standard deviation, where black to white is 1.", 0.0, 0.5, 0.01),),
        params={"seed": 0.0, "std": 0.0}, words=(_word("std", "{:.2f}", "strength"),),
        strips=(_strip("noise", "std", 0.5, "{:.2f}"),)),
    Op("filter", _chance("cutout", 0.0, "Cutout", "How often a gray square is put over the image."),
        (_strength("cutout_side", 0.4, "Cutout side", _SIDE, 0.05, 0.9, 0.05),),
        params={"cutout_across": 0.0, "cutout_down": 0.0, "side": 0.0},
        words=(_word("side", "{:.0%}"), _free("left", "cutout_across"), _free("top", "cutout_down")),
        strips=(Strip("cutout", lambda k, n: {"cutout_across": 0.5, "cutout_down": 0.5, "side": 0.9 * k / n}, _word("side", "{:.2f}")),)),
    Op("filter", _chance("stamp", 0.0, "Shared stamp", "How often a row of squares is stamped over the upper edge, the same on both views of an image: random bits that tell nothing of it, and yet tell which two views belong together."),
        (Knob("stamp_bits", 4, "Bits in the stamp", "Squares that are coloured or black, drawn anew for each image in each step.", low=1, high=8, step=1),),
        params={"stamp_code": 0.0, "stamped": 0}, words=(_word("stamped", "{:.0f} bit", "squares"),),
        strips=(Strip("stamp", lambda k, n: {"stamp_code": 181.0, "stamped": k}, _word("stamped", "{:.0f} bit")),)),
)
# fmt: on
OPS = {op.name: op for op in _ROWS}
# the settings that are the two ends of one range
RANGES = [(s[0].name, s[1].name) for op in _ROWS for s in op.strengths if isinstance(s, tuple)]
