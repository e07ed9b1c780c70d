"""The methods, by file name with their family's folder, in the order in which the app shows them.

Importing this package does not import torch: the app's server reads a method's knobs, lesson and
source from its file (`card`) and what tables would hold from its .toml (`about.about`); only a
worker loads the class (`method_class`).
"""

from importlib import import_module
from typing import TYPE_CHECKING

from sslviz.methods.card import Card, read_card
from sslviz.refusal import Refusal

if TYPE_CHECKING:
    from sslviz.methods.base import Method

FAMILIES = {
    "pretext": "Pretext tasks",
    "instance": "Instance discrimination",
    "contrastive": "Contrastive",
    "siamese": "Siamese, no negatives",
    "clustering": "Clustering",
    "redundancy": "Redundancy reduction",
    "generative": "Generative",
    "baseline": "Baselines",
}
METHODS = {
    "random": "baseline",
    "supervised": "baseline",
    "supcon": "baseline",
    "autoencoder": "generative",
    "context_encoder": "generative",
    "mae": "generative",
    "rotnet": "pretext",
    "jigsaw": "pretext",
    "exemplar": "instance",
    "npid": "instance",
    "pirl": "instance",
    "simclr": "contrastive",
    "simclrv2": "contrastive",
    "moco": "contrastive",
    "mocov3": "contrastive",
    "dcl": "contrastive",
    "nnclr": "contrastive",
    "spectral": "contrastive",
    "byol": "siamese",
    "simsiam": "siamese",
    "swav": "clustering",
    "dino": "clustering",
    "barlow": "redundancy",
    "vicreg": "redundancy",
    "wmse": "redundancy",
    "lejepa": "redundancy",
}


def card(name: str) -> Card:
    """What a method's file says of itself: title, lesson, knobs, source. Raises Refusal."""
    family = METHODS[name]
    if family not in FAMILIES:
        raise Refusal(
            "{method} is in the family {family}, which does not exist; families: {families}.",
            method=name,
            family=family,
            families=", ".join(FAMILIES),
        )
    return read_card(family, name)


def method_class(name: str) -> "type[Method]":
    """The class that the method's file defines."""
    return getattr(import_module(f"sslviz.methods.{METHODS[name]}.{name}"), card(name).class_name)
