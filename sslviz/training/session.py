"""Everything a run carries from step to step, and how one step is made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import torch
from torch import Tensor

from sslviz.augment.pipeline import Pipeline
from sslviz.backbones import build_backbone
from sslviz.config import RunConfig, changed_live, differences
from sslviz.data.images import ImageSet
from sslviz.data.load import DataSplit
from sslviz.knobs import Scalar
from sslviz.methods import method_class
from sslviz.methods.base import Batch, Method, Step, Views
from sslviz.refusal import Refusal, Sentence
from sslviz.streams import sent, stream
from sslviz.training.graph import Pace, StepGraph, use_own_stream
from sslviz.training.network import settle_norms
from sslviz.training.observe import Observer
from sslviz.training.optim import build_optimizer, learning_rate, set_rate

LEAST_BATCH = 4


@dataclass
class Session:
    """A method being trained on `train`. Random draws depend on (seed, stream, step) alone.

    `config` is what the run began with, `now` the same with the changes made since. `seconds`
    counts the time spent training and looking, over all resumes, without pauses. `tell` is given
    what a person should know of how it trains.
    """

    config: RunConfig
    device: torch.device
    train: ImageSet
    pipeline: Pipeline
    method: Method
    observer: Observer
    step: int = 0
    seconds: float = 0.0
    tell: Callable[[Sentence], None] = print
    now: RunConfig = field(init=False)
    order: tuple[int, Tensor] = (-1, torch.empty(0))

    def __post_init__(self) -> None:
        self.now = self.config

    @cached_property
    def optimizer(self) -> torch.optim.Optimizer:
        """Built on first use: what is only looked at has none."""
        return build_optimizer(self.config, self.method)

    def learning_rate(self) -> float:
        return learning_rate(self.now, self.step)

    def train_step(self, lr: float) -> Step:
        """One batch: views, loss, gradients, update. Returns what the method computed.

        On a CUDA device nobody waits for it: reading the loss does.
        """
        set_rate(self.optimizer, lr)
        progress = (self.step + 1) / self.config.steps
        if self.device.type == "cuda":
            step = self.graph.step(progress)
            self.pace.keep()
        else:
            augment = self.pipeline.at(self.step)
            step = self.body(lambda: self.method.views(self.next_batch(), augment), progress)
        self.step += 1
        return step

    def body(self, make_views: Callable[[], Views], progress: float | Tensor) -> Step:
        """What one step computes, from its views to what the method does after it."""
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.bfloat16):
            step = self.method(make_views())
        self.optimizer.zero_grad(set_to_none=True)
        if step.loss.requires_grad:
            step.loss.backward()
            self.optimizer.step()
        self.method.after_step(progress)
        terms = {name: term.detach() for name, term in step.terms.items()}
        return Step(step.loss.detach(), terms, step.z1.detach(), step.z2.detach())

    @cached_property
    def graph(self) -> StepGraph:
        return StepGraph(self)

    @cached_property
    def pace(self) -> Pace:
        return Pace()

    @property
    def batch_size(self) -> int:
        """Images in one step: all there are where the config asks for more."""
        return min(self.config.batch_size, len(self.train))

    @cached_property
    def bfloat16(self) -> bool:
        if self.config.precision == "auto":
            return multiplies_bfloat16(self.device)
        return self.config.precision == "bfloat16"

    def next_index(self) -> Tensor:
        """N places in the shuffled set; each epoch has its own order, the rest of it is dropped."""
        n = self.batch_size
        epoch, place = divmod(self.step, len(self.train) // n)
        if self.order[0] != epoch:
            order = torch.randperm(
                len(self.train), generator=stream(self.config.seed, "order", epoch)
            )
            self.order = (epoch, sent(order, self.device))
        return self.order[1][place * n : (place + 1) * n]

    def next_batch(self) -> Batch:
        """The N images of this step."""
        return self.batch_at(self.next_index())

    def batch_at(self, index: Tensor) -> Batch:
        """The training images at `index` (N int64)."""
        return Batch(self.train.images[index], index, self.train.labels[index])

    def change(self, changes: Mapping[str, Any]) -> list[tuple[str, Scalar, Scalar]]:
        """Changes live settings from the next step on; (name, old, new) of each that differs.

        Views change for training only: the observer's stay, so that its pictures compare. Raises
        Refusal, and changes nothing, where a setting is not live or they do not fit together.
        """
        after = changed_live(self.now, changes)
        made = differences(self.now, after)
        own = {
            name.removeprefix("method."): new for name, _, new in made if name.startswith("method.")
        }
        if own:
            self.method.set_knobs(own)
        self.pipeline.views = {1: after.view1, 2: after.view2}
        self.now = after
        return made

    @property
    def changes(self) -> dict[str, Scalar]:
        """What has been changed since the start and not changed back, by dotted name."""
        return {name: new for name, _, new in differences(self.config, self.now)}


def multiplies_bfloat16(device: torch.device) -> bool:
    """Whether the device has matrix units for bfloat16: CUDA since Ampere, or a CPU with AMX (1.5
    times faster there; CPUs without it would only convert back and forth)."""
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    capabilities = getattr(torch.cpu, "get_capabilities", dict)()
    return bool(capabilities.get("amx_bf16"))


def slow_in_bfloat16(device: torch.device) -> bool:
    """Whether bfloat16 costs time there instead of saving it: a CPU without instructions for it."""
    capabilities = getattr(torch.cpu, "get_capabilities", dict)()
    helps = ("amx_bf16", "avx512_bf16")
    return device.type == "cpu" and not any(capabilities.get(name) for name in helps)


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
    use_own_stream(device)
    train = data.train.to(device)
    weights = stream(config.seed, "weights").initial_seed()
    torch.manual_seed(weights)
    backbone = build_backbone(config.backbone, train.images.shape[1], device, config.standardise)
    build = method_class(config.method)
    method = build(backbone, config.method_config(), len(train), len(train.class_names))
    method.to(device).to(memory_format=torch.channels_last).train()  # type: ignore[call-overload]
    pipeline, fixed = (Pipeline(config.view1, config.view2, config.seed) for _ in range(2))
    observer = Observer(data.test, fixed, device, config.probes)
    settle_norms(method, list(observer.views.split(128)))
    return Session(config, device, train, pipeline, method, observer)
