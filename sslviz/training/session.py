"""Everything a run carries from step to step, and how one step is made."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import torch
from torch import Tensor

from sslviz.augment.pipeline import Pipeline
from sslviz.backbones import build_backbone
from sslviz.config import RunConfig
from sslviz.data.images import ImageSet
from sslviz.data.load import DataSplit
from sslviz.knobs import Scalar, knobs
from sslviz.methods import card, method_class
from sslviz.methods.base import Batch, Method, Step
from sslviz.refusal import Refusal
from sslviz.streams import stream
from sslviz.training.network import settle_norms
from sslviz.training.observe import Observer
from sslviz.training.optim import build_optimizer, learning_rate

LEAST_BATCH = 4


@dataclass
class Session:
    """A method being trained on `train`. Random draws depend on (seed, stream, step) alone.

    `seconds` counts the time spent training and looking, over all resumes, without pauses.
    """

    config: RunConfig
    device: torch.device
    train: ImageSet
    pipeline: Pipeline
    method: Method
    observer: Observer
    step: int = 0
    seconds: float = 0.0
    changed: dict[str, Scalar] = field(default_factory=dict)
    order: tuple[int, Tensor] = (-1, torch.empty(0))

    @cached_property
    def optimizer(self) -> torch.optim.Optimizer:
        """Built on first use, after the first picture: torch takes a second to load optimizers."""
        return build_optimizer(self.config, self.method)

    def learning_rate(self) -> float:
        return learning_rate(self.config, self.step)

    def train_step(self, lr: float) -> Step:
        """One batch: views, loss, gradients, update. Returns what the method computed."""
        for group in self.optimizer.param_groups:
            group["lr"] = lr
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.bfloat16):
            views = self.method.views(self.next_batch(), self.pipeline.at(self.step))
            step = self.method(views)
        self.optimizer.zero_grad(set_to_none=True)
        if step.loss.requires_grad:
            step.loss.backward()
            self.optimizer.step()
        self.step += 1
        self.method.after_step(self.step / self.config.steps)
        return step

    @property
    def batch_size(self) -> int:
        """Images in one step: all there are where the config asks for more."""
        return min(self.config.batch_size, len(self.train))

    @property
    def bfloat16(self) -> bool:
        if self.config.precision == "auto":
            return multiplies_bfloat16(self.device)
        return self.config.precision == "bfloat16"

    def next_batch(self) -> Batch:
        """N images of the shuffled set; each epoch has its own order, the rest of it is dropped."""
        n = self.batch_size
        epoch, place = divmod(self.step, len(self.train) // n)
        if self.order[0] != epoch:
            order = torch.randperm(
                len(self.train), generator=stream(self.config.seed, "order", epoch)
            )
            self.order = (epoch, order.to(self.device))
        index = self.order[1][place * n : (place + 1) * n]
        return Batch(self.train.images[index], index, self.train.labels[index])

    def set_knob(self, name: str, value: Any) -> tuple[Scalar, Scalar]:
        """Changes a live knob; returns (old, new). Raises Refusal for any other."""
        known = knobs(card(self.config.method).config)
        live = [f"method.{k}" for k, entry in known.items() if entry.live]
        if name not in live:
            raise Refusal(
                "{name} cannot be changed while it trains; these can: {allowed}.",
                name=name,
                allowed=", ".join(live),
            )
        short = name.removeprefix("method.")
        old, new = getattr(self.method.config, short), known[short].checked(value, "method.")
        self.set_knobs({short: new})
        return old, new

    def set_knobs(self, values: dict[str, Scalar]) -> None:
        """Changes knobs of the method that were checked before, and remembers it."""
        self.method.set_knobs(values)
        self.changed |= values


def multiplies_bfloat16(device: torch.device) -> bool:
    """Whether the device has matrix units for bfloat16: CUDA, or a CPU with AMX (1.5 times faster
    here; CPUs without it would only convert back and forth)."""
    if device.type == "cuda":
        return True
    capabilities = getattr(torch.cpu, "get_capabilities", dict)()
    return bool(capabilities.get("amx_bf16"))


def open_session(config: RunConfig, data: DataSplit, device: torch.device) -> Session:
    """A fresh session at step 0. Raises Refusal where config and data do not fit.

    Images that turn out to be fewer than a batch are trained on all at once; a config that itself
    asks for fewer images than a batch has is refused.
    """
    if 0 < config.train_images < config.batch_size or len(data.train) < LEAST_BATCH:
        raise Refusal(
            "batch_size is {batch_size}; there are only {n} training images.",
            batch_size=max(config.batch_size, LEAST_BATCH),
            n=len(data.train),
        )
    train = data.train.to(device)
    pipeline = Pipeline(config.view1, config.view2, config.seed)
    weights = stream(config.seed, "weights").initial_seed()
    torch.manual_seed(weights)
    backbone = build_backbone(config.backbone, train.images.shape[1], device, config.standardise)
    build = method_class(config.method)
    method = build(backbone, config.method_config(), len(train), len(train.class_names))
    method.to(device).to(memory_format=torch.channels_last).train()  # type: ignore[call-overload]
    observer = Observer(data.test, pipeline, device)
    settle_norms(method, list(observer.views.split(128)))
    return Session(config, device, train, pipeline, method, observer)
