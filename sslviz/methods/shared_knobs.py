"""Knobs that several methods have, each written once: its name, bounds and meaning.

A method's Config takes them as `embedding: int = shared.embedding(64)`: the value is the method's
own, and so is `help` where the knob means something particular there.
"""

from typing import Any

from sslviz.knobs import knob

# fmt: off
DEPTH = "Linear layers between h and z. 0: the loss acts on h itself."
STANDARDISES = "Standardises every dimension of z over the batch."
DIVIDES = "Divides the similarities. Small: only the hardest negatives push. Large: all push alike."
DOTS = "Off: dot products replace cosines, so vectors can win by growing longer."


def projector_depth(layers: int, help: str = DEPTH) -> Any:
    return knob(layers, "Projector depth", help, low=0, high=3, step=1)


def projector_width(units: int) -> Any:
    return knob(units, "Projector width", "Units in the projector's hidden layers.", low=16, high=8192, step=16)


def embedding(dimensions: int) -> Any:
    return knob(dimensions, "Width of z", "Dimensions of the embedding.", low=2, high=4096, step=2)


def output_norm(on: bool, help: str = STANDARDISES) -> Any:
    return knob(on, "Output BatchNorm", help)


def tau(temperature: float, help: str = DIVIDES) -> Any:
    return knob(temperature, "Temperature tau", help, low=0.02, high=2.0, step=0.01, live=True)


def normalise(on: bool, help: str = DOTS) -> Any:
    return knob(on, "L2 normalisation", help, live=True)


def stop_gradient(on: bool, help: str) -> Any:
    return knob(on, "Stop-gradient", help, live=True)


def predictor(on: bool, help: str) -> Any:
    return knob(on, "Predictor q", help, live=True)


def predictor_width(units: int) -> Any:
    return knob(units, "Predictor width", "Units in the predictor's hidden layer.", low=4, high=8192, step=4)


def momentum(share: float, help: str) -> Any:
    """How much of the slow network stays in each step, 0 to 1."""
    return knob(share, "Momentum m", help, low=0.0, high=1.0, step=0.001, live=True)


def momentum_schedule(name: str) -> Any:
    return knob(name, "Momentum schedule", "cosine: the momentum rises to 1 at the end of the run.", choices=("cosine", "constant"), live=True)


def bank_momentum(share: float) -> Any:
    return knob(share, "Bank momentum", "How much of an image's old entry stays. 0: the newest embedding replaces it. 1: the bank stays random.", low=0.0, high=1.0, step=0.05, live=True)


def gap(share: float) -> Any:
    return knob(share, "Gap between tiles", "Share of a tile's side left out, so that edges do not give the puzzle away.", low=0.0, high=0.5, step=0.05, live=True)
# fmt: on
