"""How one view is made: every op with its probability and its strength."""

from dataclasses import dataclass

from sslviz.knobs import knob


@dataclass(frozen=True)
class ViewConfig:
    """How one view is made: for each op its probability and strength, drawn anew for each image.

    Ops run in this order: crop/flip/rotate/shift/zoom (one resampling), jitter, gray, invert,
    solarize, blur, sobel, noise, cutout.
    """

    # fmt: off
    crop: float = knob(1.0, "Random resized crop", "How often a random part of the image is cut out and enlarged.", low=0.0, high=1.0, step=0.05)
    crop_scale_min: float = knob(0.2, "Smallest crop", "Area of the smallest crop, as a share of the image.", low=0.05, high=1.0, step=0.01)
    crop_scale_max: float = knob(1.0, "Largest crop", "Area of the largest crop, as a share of the image.", low=0.05, high=1.0, step=0.01)
    crop_ratio: float = knob(1.33, "Crop aspect ratio", "Crops are up to this many times wider than high, or higher than wide.", low=1.0, high=2.0, step=0.01)
    flip: float = knob(0.5, "Horizontal flip", "How often the image is mirrored left to right.", low=0.0, high=1.0, step=0.05)
    rotate: float = knob(0.0, "Rotation", "How often the image is turned.", low=0.0, high=1.0, step=0.05)
    rotate_degrees: float = knob(30.0, "Largest rotation (degrees)", "The angle is drawn between minus and plus this.", low=0.0, high=180.0, step=1.0)
    shift: float = knob(0.0, "Translation and scale", "How often the image is moved and resized as a whole.", low=0.0, high=1.0, step=0.05)
    shift_fraction: float = knob(0.2, "Largest shift", "As a share of the image's side.", low=0.0, high=0.5, step=0.01)
    shift_scale: float = knob(1.3, "Largest zoom", "The image is drawn up to this many times larger or smaller.", low=1.0, high=2.0, step=0.05)
    jitter: float = knob(0.8, "Colour jitter", "How often brightness, contrast, saturation and hue are changed, in random order.", low=0.0, high=1.0, step=0.05)
    brightness: float = knob(0.4, "Brightness", "The factor is drawn between 1 minus and 1 plus this.", low=0.0, high=1.0, step=0.05)
    contrast: float = knob(0.4, "Contrast", "The factor is drawn between 1 minus and 1 plus this.", low=0.0, high=1.0, step=0.05)
    saturation: float = knob(0.4, "Saturation", "The factor is drawn between 1 minus and 1 plus this.", low=0.0, high=1.0, step=0.05)
    hue: float = knob(0.1, "Hue", "The shift is drawn between minus and plus this; 0.5 is the whole colour circle.", low=0.0, high=0.5, step=0.01)
    gray: float = knob(0.2, "Grayscale", "How often colour is removed.", low=0.0, high=1.0, step=0.05)
    invert: float = knob(0.0, "Inversion", "How often every colour is replaced by its complement.", low=0.0, high=1.0, step=0.05)
    solarize: float = knob(0.0, "Solarize", "How often bright pixels are inverted.", low=0.0, high=1.0, step=0.05)
    solarize_threshold: float = knob(0.5, "Solarize above", "Pixels at or above this brightness (0 to 1) are inverted.", low=0.0, high=1.0, step=0.05)
    blur: float = knob(0.0, "Gaussian blur", "How often the image is blurred.", low=0.0, high=1.0, step=0.05)
    blur_sigma_min: float = knob(0.1, "Weakest blur (sigma)", "In pixels of a 32-pixel image.", low=0.1, high=5.0, step=0.1)
    blur_sigma_max: float = knob(2.0, "Strongest blur (sigma)", "In pixels of a 32-pixel image.", low=0.1, high=5.0, step=0.1)
    sobel: float = knob(0.0, "Sobel edges", "How often the image is replaced by its edges.", low=0.0, high=1.0, step=0.05)
    noise: float = knob(0.0, "Gaussian noise", "How often noise is added.", low=0.0, high=1.0, step=0.05)
    noise_std: float = knob(0.1, "Noise strength", "Standard deviation, where black to white is 1.", low=0.0, high=0.5, step=0.01)
    cutout: float = knob(0.0, "Cutout", "How often a gray square is put over the image.", low=0.0, high=1.0, step=0.05)
    cutout_side: float = knob(0.4, "Cutout side", "As a share of the image's side.", low=0.05, high=0.9, step=0.05)
