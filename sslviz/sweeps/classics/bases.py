"""What several classic experiments start from, and the papers that several of them cite."""

from typing import Any

from sslviz.config import RunConfig
from sslviz.presets.preset import recipe
from sslviz.presets.shapes import on_shapes

SIMCLR = "SimCLR, arXiv 2002.05709"
SIMCLR_V2 = "SimCLR v2, arXiv 2006.10029"
BYOL = "BYOL, arXiv 2006.07733"
SIMSIAM = "SimSiam, arXiv 2011.10566"
MOCO = "MoCo, arXiv 1911.05722"
MOCO_V2 = "MoCo v2, arXiv 2003.04297"
IMAGENET = "ImageNet, ResNet-50, linear probe, top-1 accuracy in percent"
QUICK: dict[str, Any] = {"steps": 400}


def base(method: str, views: str = "shapes_default", **settings: Any) -> RunConfig:
    """The method's recipe on shapes, with settings (`method__tau` for method.tau)."""
    dotted = {key.replace("__", "."): value for key, value in settings.items()}
    return recipe(views, method, on_shapes(method) | dotted)
