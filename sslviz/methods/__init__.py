"""The methods, by file name, in the order in which the app presents them.

Importing this package does not import torch: the app's server reads a method's knobs, lesson and
source from its file (`card`); only a worker loads the class (`method_class`).
"""

from importlib import import_module
from typing import TYPE_CHECKING

from sslviz.methods.card import Card, read_card

if TYPE_CHECKING:
    from sslviz.methods.base import Method

METHODS = (
    "random",
    "supervised",
    "supcon",
    "autoencoder",
    "context_encoder",
    "mae",
    "rotnet",
    "jigsaw",
    "exemplar",
    "npid",
    "pirl",
    "simclr",
    "simclrv2",
    "moco",
    "mocov3",
    "dcl",
    "nnclr",
    "spectral",
    "byol",
    "simsiam",
    "swav",
    "dino",
    "barlow",
    "vicreg",
    "wmse",
    "lejepa",
)


def card(name: str) -> Card:
    """What a method's file says of itself: title, lesson, knobs, source."""
    return read_card(name)


def method_class(name: str) -> "type[Method]":
    """The class that the method's file defines."""
    return getattr(import_module(f"sslviz.methods.{name}"), card(name).class_name)
