"""What an evaluation is: a protocol and its settings, as one frozen value. Torch-free."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sslviz.backbone_names import BACKBONES
from sslviz.knobs import checked_values, knob, knobs
from sslviz.refusal import Refusal


@dataclass(frozen=True)
class Protocol:
    """One way to put an encoder to use. `words` states the protocol; its slots are settings.

    `uses`: the settings that matter to it, beside protocol, encoder and layer.
    """

    name: str
    title: str
    help: str
    words: str
    uses: tuple[str, ...] = ()
    fractions: tuple[float, ...] = (1.0,)


_TRAINED = ("labels", "seeds", "steps", "batch_size", "lr")
FEW = (0.01, 0.1, 1.0)

PROTOCOLS = {
    p.name: p
    for p in (
        Protocol(
            "knn",
            "Nearest neighbours",
            "Nothing is trained: each test image takes the class of the training images nearest to it.",
            "Weighted vote of the 20 nearest of {n_train} training images, or of as many as the smallest "
            "class has (cosine, temperature 0.1), "
            "tested on {n_test} images.",
        ),
        Protocol(
            "linear",
            "Linear probe",
            "The encoder is frozen; one linear layer learns to read the classes from its output.",
            "Logistic regression (L2, C = 1, run to convergence) on frozen, standardised features "
            "without augmentation, tested on {n_test} images.",
            ("labels", "seeds"),
        ),
        Protocol(
            "finetune",
            "Fine-tuning",
            "The whole network goes on training with a few labels, from the encoder's weights.",
            "All weights and a new linear layer trained for {steps} steps of {batch_size} labelled "
            "images (crop and flip, AdamW, learning rate {lr:g}, cosine), tested on {n_test} images.",
            _TRAINED,
            FEW,
        ),
        Protocol(
            "scratch",
            "Training from scratch",
            "The same network from random weights, with the same labels and the same budget: what "
            "fine-tuning must beat.",
            "All weights from random initialisation and a linear layer trained for {steps} steps of "
            "{batch_size} labelled images (crop and flip, AdamW, learning rate {lr:g}, cosine), tested "
            "on {n_test} images.",
            _TRAINED,
            FEW,
        ),
        Protocol(
            "transfer",
            "Transfer to other data",
            "A linear probe on another data set: does the encoder know more than the images it saw?",
            "Logistic regression (L2, C = 1, run to convergence) on frozen, standardised features of "
            "{n_train} images of {data}, without augmentation, tested on {n_test} images.",
            ("data", "labels", "seeds"),
        ),
        Protocol(
            "kmeans",
            "Clustering",
            "k-means sorts the test images into as many groups as there are classes; labels only "
            "count how well groups and classes agree.",
            "k-means (10 starts) on unit-length features of {n_test} test images, clusters matched to "
            "classes one to one (Hungarian); NMI is the normalised mutual information.",
            ("seeds",),
        ),
        Protocol(
            "distil",
            "Distillation",
            "SimCLR v2's last stage: a teacher fine-tuned with few labels teaches a student on all "
            "images, whose labels are not used.",
            "A teacher fine-tuned for {steps} steps of {batch_size} labelled images; then a student "
            "({student}) from random weights for {steps} steps on all {n_train} images without labels, "
            "loss −Σ P_T log P_S at temperature {temperature:g}; tested on {n_test} images.",
            (*_TRAINED, "temperature", "student", "data"),
            (0.1,),
        ),
    )
}


@dataclass(frozen=True)
class EvaluationConfig:
    """An evaluation of one run. `labels`: shares of the training labels; `seeds`: one repeat each."""

    # fmt: off
    protocol: str = knob("knn", "Protocol", "How the encoder is put to use.", choices=tuple(PROTOCOLS))
    encoder: str = knob("trained", "Encoder", "trained: the newest checkpoint. random: the same network before its first step.", choices=("trained", "random"))
    layer: int = knob(0, "Layer of the projector", "0: the representation h. 1: after the projector's first layer, and so on to z.", low=0, high=3, step=1)
    data: str = knob("", "Other data", "The data set for transfer, or for a student's unlabelled images.")
    steps: int = knob(300, "Training steps", "Batches of labelled images; fine-tuning, scratch and student have the same budget.", low=1, high=100_000, step=50)
    batch_size: int = knob(64, "Batch size", "Labelled images in one step.", low=2, high=4096, step=16)
    lr: float = knob(0.001, "Learning rate", "The size of a step at its largest.", low=0.0, high=10.0, step=0.0005)
    temperature: float = knob(1.0, "Distillation temperature", "Divides both networks' logits. Below 1: the student sees little but the teacher's first choice.", low=0.05, high=20.0, step=0.05)
    student: str = knob("same", "Student network", "same: the run's own backbone.", choices=("same", *BACKBONES))
    # fmt: on
    labels: tuple[float, ...] = ()
    seeds: tuple[int, ...] = (0, 1, 2)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "EvaluationConfig":
        """Checked and coherent; missing settings take their protocol's defaults. Refusal."""
        plain = {k: v for k, v in values.items() if k not in ("labels", "seeds")}
        checked: dict[str, Any] = checked_values(cls, plain)
        protocol = PROTOCOLS[checked.get("protocol", "knn")]
        labels = _labels(values.get("labels") or protocol.fractions)
        seeds = _seeds(values.get("seeds") or cls.seeds)
        return _coherent(cls(**checked, labels=labels, seeds=seeds), protocol)

    def repeats(self, fraction: float) -> tuple[int, ...]:
        """The seeds worth running: only one where nothing is drawn at random."""
        convex = self.protocol in ("linear", "transfer") and fraction == 1.0
        return self.seeds[:1] if convex or self.protocol == "knn" else self.seeds

    def essence(self) -> tuple[Any, ...]:
        """The settings that matter here; equal for evaluations that may replace each other."""
        uses = PROTOCOLS[self.protocol].uses
        names = [n for n in knobs(EvaluationConfig) if n in uses or n in ("protocol", "encoder")]
        return (self.layer, *(getattr(self, name) for name in names), self.labels)


def _labels(values: Any) -> tuple[float, ...]:
    refusal = Refusal(
        "labels is {value}; it must be shares above 0 and up to 1, as 0.01,1.", value=repr(values)
    )
    shares = sorted({float(v) for v in _listed(values, float, refusal)})
    if not shares or not all(0 < share <= 1 for share in shares):
        raise refusal
    return tuple(shares)


def _seeds(values: Any) -> tuple[int, ...]:
    refusal = Refusal(
        "seeds is {value}; it must be 1 to 10 whole numbers from 0, as 0,1,2.", value=repr(values)
    )
    seeds = tuple(dict.fromkeys(int(v) for v in _listed(values, int, refusal)))
    if not 1 <= len(seeds) <= 10 or not all(0 <= seed < 2**31 for seed in seeds):
        raise refusal
    return seeds


def _listed(values: Any, kind: type, refusal: Refusal) -> list[Any]:
    """A list, or its words between commas, as numbers of that kind."""
    words = values.split(",") if isinstance(values, str) else values
    if not isinstance(words, list | tuple):
        raise refusal
    try:
        numbers = [kind(word) for word in words]
    except (TypeError, ValueError, OverflowError):
        raise refusal from None
    if any(isinstance(word, bool) for word in words) or any(n != n for n in numbers):
        raise refusal
    return numbers


def _coherent(config: EvaluationConfig, protocol: Protocol) -> EvaluationConfig:
    if "labels" not in protocol.uses and config.labels != (1.0,):
        raise Refusal(
            "{protocol} takes no label shares; linear, finetune, scratch, transfer and distil do.",
            protocol=protocol.name,
        )
    if config.data and "data" not in protocol.uses:
        raise Refusal(
            "{protocol} uses the run's own data; transfer and distil take --data.",
            protocol=protocol.name,
        )
    if protocol.name == "transfer" and not config.data:
        raise Refusal("transfer needs other data: a data set's name, or a folder or zip of images.")
    if protocol.name == "scratch" and config.encoder == "trained":
        return EvaluationConfig(**{**config.to_json(), "encoder": "random"})
    return config
