"""Augmentation recipes: those of the papers, and small ones that each make a point."""

from dataclasses import dataclass, replace

from sslviz.augment.catalogue import OPS
from sslviz.augment.view import ViewConfig


@dataclass(frozen=True)
class ViewPreset:
    """How the two views are made. `source`: where the recipe was published, "" if it is our own."""

    name: str
    title: str
    description: str
    view1: ViewConfig
    view2: ViewConfig
    source: str = ""


_NONE = ViewConfig(**dict.fromkeys(OPS, 0.0))
_CROP = replace(_NONE, crop=1.0, crop_scale_min=0.2)
_WIDE = replace(_CROP, crop_scale_min=0.08)
_STRONG_COLOUR = {
    **{"jitter": 0.8, "gray": 0.2},
    **{"brightness": 0.8, "contrast": 0.8, "saturation": 0.8, "hue": 0.2},
}
_COLOUR = {
    **{"jitter": 0.8, "gray": 0.2},
    **{"brightness": 0.4, "contrast": 0.4, "saturation": 0.4, "hue": 0.1},
}
_BYOL_COLOUR = {**_COLOUR, "saturation": 0.2}
_BLUR = {"blur_sigma_min": 0.1, "blur_sigma_max": 2.0}
_BYOL = replace(_WIDE, flip=0.5, **_BYOL_COLOUR, **_BLUR)
_SHAPES = replace(
    _CROP,
    **{"crop_scale_min": 0.7, "flip": 0.5, "rotate": 0.8, "rotate_degrees": 90.0, "shift": 0.3},
    **{"jitter": 0.8, "brightness": 0.4, "contrast": 0.4, "saturation": 0.4, "hue": 0.5},
    **{"gray": 0.5, "invert": 0.2},
)


def _same(
    name: str, title: str, description: str, view: ViewConfig, source: str = ""
) -> ViewPreset:
    return ViewPreset(name, title, description, view, view, source)


_PRESETS = (
    _same(
        "none",
        "No augmentation",
        "Both views are the image itself, so there is nothing to be learned from the pair.",
        _NONE,
    ),
    _same(
        "crop_only",
        "Crop only",
        "Two crops share their colours: the loss falls, yet shapes need not be learned.",
        _WIDE,
    ),
    _same("crop_flip", "Crop and flip", "Crops, half of them mirrored.", replace(_CROP, flip=0.5)),
    _same(
        "crop_colour",
        "Crop and colour",
        "Crops with strong colour distortion: the pair of ops that contrastive learning needs.",
        replace(_CROP, **_STRONG_COLOUR),
    ),
    _same(
        "colour_only",
        "Colour only",
        "Strong colour distortion, everything in its place: the layout gives the pair away.",
        replace(_NONE, **_STRONG_COLOUR),
    ),
    _same(
        "shapes_default",
        "Shapes",
        "For the built-in shapes: every hue, turns, zoom and inversion, so that only form is left.",
        _SHAPES,
    ),
    _same(
        "shapes_upright",
        "Shapes, not turned",
        "As for the shapes, without turning: for tasks that ask what is up.",
        replace(_SHAPES, rotate=0.0),
    ),
    _same(
        "simclr",
        "SimCLR (ImageNet)",
        "Crop, strong colour and blur; the blur was published for 224 pixels and weighs more here.",
        replace(_WIDE, flip=0.5, blur=0.5, **_STRONG_COLOUR, **_BLUR),
        "arXiv 2002.05709, appendix A",
    ),
    _same(
        "simclr_cifar",
        "SimCLR (CIFAR-10)",
        "The colour distortion at half strength, and no blur on small images.",
        replace(_WIDE, flip=0.5, **_COLOUR),
        "arXiv 2002.05709, appendix B.9",
    ),
    _same(
        "dkobak_cifar",
        "SimCLR (CIFAR-10, tuned)",
        "Larger crops and less grayscale: the best documented small SimCLR.",
        replace(_CROP, **{**_COLOUR, "flip": 0.5, "gray": 0.1}),
        "github.com/dkobak/simclr-cifar10",
    ),
    _same(
        "npid_cifar",
        "Instance discrimination (CIFAR-10)",
        "No flip, colour jitter on every image; grayscale came before the jitter, here after.",
        replace(_CROP, **{**_COLOUR, "jitter": 1.0, "hue": 0.4}),
        "arXiv 1805.01978, github.com/zhirongw/lemniscate.pytorch",
    ),
    _same(
        "moco_v1",
        "MoCo v1",
        "Colour jitter on every image with a wide hue; grayscale came before it, here after it.",
        replace(_CROP, **{**_COLOUR, "flip": 0.5, "jitter": 1.0, "hue": 0.4}),
        "arXiv 1911.05722",
    ),
    _same(
        "moco_v2",
        "MoCo v2 and SimSiam (ImageNet)",
        "Moderate colour and blur; the blur was published for 224 pixels and weighs more here.",
        replace(_CROP, flip=0.5, blur=0.5, **_COLOUR, **_BLUR),
        "arXiv 2003.04297, arXiv 2011.10566",
    ),
    _same(
        "simsiam_cifar",
        "SimSiam (CIFAR-10)",
        "As on ImageNet, without the blur.",
        replace(_CROP, flip=0.5, **_COLOUR),
        "arXiv 2011.10566, appendix D",
    ),
    ViewPreset(
        "byol",
        "BYOL (ImageNet)",
        "Two different recipes: view 1 is always blurred, view 2 rarely, but sometimes solarized.",
        replace(_BYOL, blur=1.0),
        replace(_BYOL, blur=0.1, solarize=0.2),
        "arXiv 2006.07733, appendix B",
    ),
    ViewPreset(
        "byol_cifar",
        "BYOL (CIFAR-10)",
        "Without the blur; only view 2 is sometimes solarized.",
        _BYOL,
        replace(_BYOL, solarize=0.2),
        "github.com/lightly-ai/lightly, github.com/vturrisi/solo-learn",
    ),
    ViewPreset(
        "dino_cifar",
        "DINO (CIFAR-10)",
        "As BYOL's, with larger crops.",
        replace(_BYOL, crop_scale_min=0.4),
        replace(_BYOL, crop_scale_min=0.4, solarize=0.2),
        "github.com/lightly-ai/lightly",
    ),
    _same(
        "vicreg_cifar",
        "VICReg (CIFAR-10)",
        "Larger crops, gentle saturation, one image in ten solarized.",
        replace(_CROP, flip=0.5, solarize=0.1, **_BYOL_COLOUR),
        "github.com/vturrisi/solo-learn",
    ),
    _same(
        "lejepa",
        "LeJEPA (global views)",
        "Large crops, blur and solarization; the six small local views are left out.",
        replace(
            _CROP,
            **{"crop_scale_min": 0.3, "flip": 0.5, "blur": 0.5, "solarize": 0.2},
            **_BYOL_COLOUR,
            **_BLUR,
        ),
        "arXiv 2511.08544",
    ),
)
VIEW_PRESETS = {preset.name: preset for preset in _PRESETS}
