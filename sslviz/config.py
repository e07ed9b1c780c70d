"""What a run is: one frozen value, the same on the command line, in the URL and in the run folder."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from itertools import groupby
from typing import Any

from sslviz.augment.catalogue import RANGES
from sslviz.augment.view import ViewConfig
from sslviz.backbone_names import BACKBONES
from sslviz.knobs import Knob, Scalar, brief, checked_values, knob, knobs
from sslviz.methods import METHODS, card
from sslviz.refusal import Refusal, Sentence, say

FORMAT = 1
VIEWS = ("view1", "view2")


# fmt: on


@dataclass(frozen=True)
class RunConfig:
    """A whole experiment. `method_knobs` are checked against the Config in the method's file."""

    # fmt: off
    data: str = knob("shapes", "Data", "Built-in data by name, or the path of a folder or zip of images.")
    train_images: int = knob(0, "Training images", "How many images to train on; 0 means all there are.", low=0, high=1_000_000, step=256, zero="all")
    image_size: int = knob(32, "Image side (pixels)", "Images are resized to this square.", low=16, high=128, step=16)
    backbone: str = knob("tiny", "Backbone f", "The network whose output h is what one keeps after training. tiny and vit are live on a CPU; resnet18 wants a GPU.", choices=tuple(BACKBONES))
    standardise: bool = knob(True, "Standardise images", "The backbone sees every image at mean 0 and standard deviation 1. Off: it sees how bright and how full of contrast an image is, the easiest things for two views to agree on; try BYOL, SimSiam or MoCo without.")
    method: str = knob("simclr", "Method", "The learning rule.", choices=tuple(METHODS))
    batch_size: int = knob(256, "Batch size N", "Images in one step; each gives two views.", low=4, high=8192, step=16)
    steps: int = knob(1000, "Steps", "How many batches to train on.", low=1, high=1_000_000, step=100)
    optimizer: str = knob("adamw", "Optimizer", "How gradients become changes of the weights.", choices=("adamw", "sgd", "lars"))
    lr: float = knob(0.002, "Learning rate", "The size of a step at its largest. Changed in mid-run, it scales the rest of the schedule.", low=0.0, high=1000.0, step=0.0005, live=True)
    weight_decay: float = knob(0.0005, "Weight decay", "How strongly weights are pulled towards zero.", low=0.0, high=1.0, step=0.0001)
    schedule: str = knob("cosine", "Schedule", "How the learning rate changes after warm-up.", choices=("cosine", "constant"))
    warmup_steps: int = knob(20, "Warm-up steps", "The learning rate rises from zero over these steps.", low=0, high=100_000, step=10)
    precision: str = knob("auto", "Precision", "auto: bfloat16 on CUDA and on CPUs with matrix units for it, float32 elsewhere.", choices=("auto", "float32", "bfloat16"))
    device: str = knob("auto", "Device", "auto: CUDA where there is one, else the CPU.", choices=("auto", "cpu", "cuda"))
    seed: int = knob(0, "Seed", "Decides weights, data order and augmentation draws, each from its own stream. The same seed repeats the run on the same machine, with as many threads and the same precision.", low=0, high=2**31 - 1, step=1)
    snapshot_every: int = knob(0, "Snapshot every (steps)", "0: dense at first, then at a pace that costs under 5% of the time.", low=0, high=100_000, step=10, zero="auto")
    probes: int = knob(1000, "Probe images", "How many held-out images the maps show and kNN and the factors are measured on, or all where fewer are held out; shapes draws as many as are asked for. With more the map is denser and its numbers are steadier, but each full picture costs more, so they come more seldom.", low=200, high=10_000, step=200)
    method_knobs: Mapping[str, Scalar] = field(default_factory=dict)
    view1: ViewConfig = ViewConfig()
    view2: ViewConfig = ViewConfig()
    # fmt: on

    def method_config(self) -> Any:
        """The method's own Config, with the defaults of its file where no knob is set."""
        return card(self.method).config(**self.method_knobs)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON with nothing left out: every knob of the method and of both views."""
        return {"format": FORMAT, **asdict(self), "method_knobs": asdict(self.method_config())}

    def with_settings(self, settings: Mapping[str, Any]) -> "RunConfig":
        """A copy with dotted settings: `batch_size`, `method.tau`, `view1.hue`, `view.hue` (both).

        A method that needs a certain backbone brings it along, unless `settings` name another.
        Raises Refusal, naming the setting and what is allowed.
        """
        config = self
        plain = {key: value for key, value in settings.items() if "." not in key}
        if "method" in plain and plain["method"] != self.method:
            config = replace(config, method_knobs={})
        config = replace(config, **checked_values(RunConfig, plain))
        if "method" in plain and "backbone" not in plain:
            config = replace(config, backbone=card(config.method).needs or config.backbone)
        dotted = [(*key.split(".", 1), value) for key, value in settings.items() if "." in key]
        for section, group in groupby(dotted, key=lambda setting: setting[0]):
            config = _with_dotted(config, section, {name: value for _, name, value in group})
        return _coherent(config)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "RunConfig":
        """The inverse of `to_json`; missing keys take their defaults. Raises Refusal."""
        if values.get("format", FORMAT) != FORMAT:
            raise Refusal(
                "format is {value}; this version reads {format}.",
                value=brief(values["format"]),
                format=FORMAT,
            )
        flat = {k: v for k, v in values.items() if k not in ("format", *SECTIONS)}
        for section, prefix in SECTIONS.items():
            inner = values.get(section, {})
            if not isinstance(inner, Mapping):
                raise Refusal(
                    "{section} is {value}; it must be a table of settings.",
                    section=section,
                    value=brief(inner),
                )
            flat |= {f"{prefix}.{name}": value for name, value in inner.items()}
        return cls().with_settings(flat)


SECTIONS = {"method_knobs": "method", "view1": "view1", "view2": "view2"}


def _with_dotted(config: RunConfig, section: str, values: Mapping[str, Any]) -> RunConfig:
    if section == "method":
        checked = checked_values(card(config.method).config, values, "method.")
        return replace(config, method_knobs={**config.method_knobs, **checked})
    if section not in ("view", *VIEWS):
        raise Refusal(
            "{section}.{name} is not a setting; dotted settings start with method, view, view1 or view2.",
            section=section[:80],
            name=next(iter(values))[:80],
        )
    checked = checked_values(ViewConfig, values, f"{section}.")
    views = VIEWS if section == "view" else (section,)
    return replace(config, **{v: replace(getattr(config, v), **checked) for v in views})


def _coherent(config: RunConfig) -> RunConfig:
    facts = card(config.method)
    if facts.needs and config.backbone != facts.needs:
        raise Refusal(
            "backbone is {backbone}; {method} works with {needs} only.",
            backbone=repr(config.backbone),
            method=Sentence(facts.title),
            needs=facts.needs,
        )
    if config.backbone == "vit" and config.image_size % 4:
        raise Refusal(
            "image_size is {size}; the vit backbone cuts images into patches of 4 pixels, so it must be a multiple of 4.",
            size=config.image_size,
        )
    for name in VIEWS:
        view: ViewConfig = getattr(config, name)
        for low, high in RANGES:
            if getattr(view, low) > getattr(view, high):
                raise Refusal(
                    "{setting} is {value}; it must not exceed {other}, which is {limit}.",
                    setting=f"{name}.{low}",
                    value=f"{getattr(view, low):g}",
                    other=f"{name}.{high}",
                    limit=f"{getattr(view, high):g}",
                )
    return config


def read_config(text: str) -> RunConfig:
    """A RunConfig from JSON text. Raises Refusal for text that is not a JSON table."""
    return RunConfig.from_json(settings_table(text))


def settings_table(text: str) -> dict[str, Any]:
    """The table in JSON text. Raises Refusal."""
    try:
        values = json.loads(text, parse_int=_whole)
    except (ValueError, RecursionError) as error:
        deep = isinstance(error, RecursionError)
        reason = say("nested too deeply") if deep else str(error)
        raise Refusal("The config is not valid JSON ({reason}).", reason=reason) from None
    if not isinstance(values, dict):
        raise Refusal("The config must be a JSON table of settings.")
    return values


def _whole(digits: str) -> int | float:
    """Python refuses to read whole numbers of thousands of digits; no setting has more than ten."""
    return int(digits) if len(digits) < 20 else float(digits)


def settings_of(config: RunConfig) -> dict[str, Scalar]:
    """Every setting under its dotted name: what `with_settings` takes."""
    flat: dict[str, Scalar] = {name: getattr(config, name) for name in knobs(RunConfig)}
    flat |= {f"method.{k}": v for k, v in vars(config.method_config()).items()}
    for view in VIEWS:
        flat |= {f"{view}.{k}": v for k, v in vars(getattr(config, view)).items()}
    return flat


def live_settings(config: RunConfig) -> dict[str, Knob]:
    """Dotted name -> knob of all that may change while this run trains: the one definition.

    The learning rate, the ops and strengths of both views, and what the method's file marks live.
    """
    own = {name: entry for name, entry in knobs(RunConfig).items() if entry.live}
    of_method = knobs(card(config.method).config).items()
    own |= {f"method.{name}": entry for name, entry in of_method if entry.live}
    return own | {f"{v}.{name}": entry for v in VIEWS for name, entry in knobs(ViewConfig).items()}


def changed_live(config: RunConfig, changes: Mapping[str, Any]) -> RunConfig:
    """`config` after changes in mid-run; `view.hue` changes both views. Raises Refusal."""
    live = live_settings(config)
    for name in changes:
        section, _, rest = name.partition(".")
        if (f"view1.{rest}" if section == "view" else name) not in live:
            others = [n for n in live if n.partition(".")[0] not in VIEWS]
            raise Refusal(
                "{name} cannot change while a run trains; these can: {live}.",
                name=name,
                live=", ".join([*others, *(f"{view}.*" for view in VIEWS), "view.*"]),
            )
    return config.with_settings(changes)


def differences(before: RunConfig, after: RunConfig) -> list[tuple[str, Scalar, Scalar]]:
    """(dotted name, old, new) of each live setting in which two configs of a run differ."""
    old, new = settings_of(before), settings_of(after)
    return [(n, old[n], new[n]) for n in live_settings(before) if old[n] != new[n]]
