"""Every method live on `shapes`: what differs from a RunConfig's defaults. Torch-free."""

from typing import Any

from sslviz.methods.about import about

# Live on two CPU cores: small batches; each method's .toml has what suits it better, mostly
# BatchNorm after the projector, which spares the many steps in which all embeddings first move
# together. What each of them reaches stands in the README.
ON_SHAPES: dict[str, Any] = {"batch_size": 128, "lr": 0.003, "steps": 600}


def on_shapes(method: str) -> dict[str, Any]:
    """What `RunConfig.with_settings` takes for the method on shapes, without data and views."""
    return {**ON_SHAPES, **about(method).shapes.settings}
