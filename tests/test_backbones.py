"""Backbones: what they see of an image, and what they give."""

import pytest
import torch

from sslviz.backbones import BACKBONES, build_backbone
from sslviz.refusal import Refusal

CPU = torch.device("cpu")
IMAGES = torch.rand(6, 3, 32, 32, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("name", BACKBONES)
def test_h_has_the_width_that_the_backbone_states(name: str) -> None:
    backbone = build_backbone(name, 3, CPU).eval()
    with torch.no_grad():
        assert backbone(IMAGES[:2]).shape == (2, backbone.width)


def test_a_standardised_image_has_mean_0_and_deviation_1() -> None:
    seen = build_backbone("tiny", 3, CPU, standardise=True).prepared(IMAGES)
    for image, before in zip(seen.double(), IMAGES.double(), strict=True):
        assert abs(float(image.mean())) < 1e-6
        deviation = before.flatten().std()
        assert float(image.std()) == pytest.approx(float(deviation / (deviation + 0.05)), abs=1e-5)


@pytest.mark.parametrize("name", ["tiny", "vit"])
def test_brightness_is_seen_only_where_images_are_not_standardised(name: str) -> None:
    for standardise in (True, False):
        torch.manual_seed(0)
        backbone = build_backbone(name, 3, CPU, standardise=standardise).eval()
        with torch.no_grad():
            change = (backbone(IMAGES / 2 + 0.4) - backbone(IMAGES / 2)).norm()
            size = backbone(IMAGES / 2).norm()
        assert (change < 1e-3 * size) == standardise


def test_a_blank_image_stays_finite() -> None:
    backbone = build_backbone("tiny", 3, CPU, standardise=True).eval()
    assert backbone(torch.full((2, 3, 32, 32), 0.5)).isfinite().all()


def test_an_unknown_backbone_is_refused() -> None:
    with pytest.raises(Refusal, match="tiny"):
        build_backbone("huge", 3, CPU)
