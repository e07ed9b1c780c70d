"""Which backbones there are, for those who must not load torch."""

BACKBONES = {"tiny": 128, "resnet9": 256, "resnet18": 512, "vit": 96}
"""The name in a config -> the width of h."""
