"""Networks: built, loaded, and run over images."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from sslviz.backbones import build_backbone
from sslviz.config import RunConfig
from sslviz.methods import method_class
from sslviz.methods.base import Method
from sslviz.refusal import Refusal, say
from sslviz.runs.checkpoint import checkpoints
from sslviz.streams import stream

CHUNK = 256  # more at once leaves the CPU caches and takes twice as long an image


@contextmanager
def evaluating(module: nn.Module) -> Iterator[None]:
    """BatchNorm uses its running statistics inside; the earlier mode comes back afterwards."""
    was = module.training
    module.eval()
    try:
        yield
    finally:
        module.train(was)


def encode(
    method: Method, images: Tensor, prepare: Callable[[Tensor], Tensor] | None = None
) -> tuple[Tensor, Tensor]:
    """N x C x H x W -> h, z in float32, in pieces that fit the memory. `prepare` makes of a piece
    of `images` what the network takes."""
    pieces = images.split(CHUNK)
    parts = [method.encode(prepare(piece) if prepare else piece) for piece in pieces]
    h, z = (torch.cat([part[i].float() for part in parts]) for i in (0, 1))
    return h, z


@torch.no_grad()
def settle_norms(method: nn.Module, batches: list[Tensor]) -> None:
    """Gives a fresh network's BatchNorms the statistics of `batches` instead of 0 and 1.

    Otherwise the untrained network looks collapsed at step 0 for no reason of its own.
    """
    norms = [m for m in method.modules() if isinstance(m, nn.modules.batchnorm._BatchNorm)]
    momenta = [norm.momentum for norm in norms]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None
    for batch in batches:
        method.encode(batch)  # type: ignore[operator]
    for norm, momentum in zip(norms, momenta, strict=True):
        norm.momentum = momentum


def untrained(config: RunConfig, seed: int | None = None) -> Method:
    """The run's network as its own seed made it, or another draw of the same network."""
    own = stream(config.seed, "weights") if seed is None else stream(seed, "downstream/weights")
    torch.manual_seed(own.initial_seed())
    backbone = build_backbone(config.backbone, 3, torch.device("cpu"), config.standardise)
    return method_class(config.method)(backbone, config.method_config(), config.batch_size, 2)


def trained(folder: Path, config: RunConfig) -> tuple[Method, int]:
    """The network of the newest checkpoint, and its step. Raises Refusal where it cannot be."""
    none = Refusal("The run {run} has no checkpoint yet; let it train first.", run=folder.name)
    refusals = []
    for weights, state in checkpoints(folder):
        method = untrained(config)
        try:
            load_encoder(method, weights, config)
        except Refusal as refusal:
            refusals.append(refusal)
        else:
            return method, int(state["step"])
    raise refusals[0] if refusals else none


def load_encoder(method: Method, weights: Path, config: RunConfig) -> None:
    """Puts backbone and projector of a checkpoint into `method`; Refusal where they differ."""
    run = weights.parent.name
    try:
        tensors = load_file(weights)
    except (SafetensorError, OSError) as error:
        raise Refusal(
            "The checkpoint of {run} cannot be loaded ({reason}).", run=run, reason=str(error)
        ) from None
    wanted = {"backbone": config.backbone, "projector": config.method}
    for name, said in (("backbone", say("backbone")), ("projector", say("projector"))):
        prefix = f"method.{name}."
        part = {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}
        try:
            getattr(method, name).load_state_dict(part)
        except RuntimeError:
            raise Refusal(
                "The checkpoint of {run} was written by another {part} than the {wanted} of its "
                "config.",
                run=run,
                part=said,
                wanted=wanted[name],
            ) from None
