"""A method's .toml as a value: its parts, terms, settings with their sources, what breaks it.

Torch-free. It is checked against the dataclasses here and against the code and the lesson beside
it; settings that are no knobs of the method are checked where presets are made of them.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from sslviz.knobs import checked_values
from sslviz.methods import METHODS
from sslviz.methods.card import Card
from sslviz.methods.tables import Settings, one_of, read_toml, table, the_rest
from sslviz.methods.terms import Term, lines_of, marked, objective
from sslviz.refusal import Refusal

BOXES = (
    *("view1", "view2", "views", "noisy", "hole", "patches", "turned", "tiles"),
    *("f", "g", "q", "c", "d", "W", "NN", "f'", "g'", "c'", "join", "white", "code", "centre"),
)
PANELS = (
    *("pictures", "turned", "tiles", "bank_age", "queue_age", "teacher_distance"),
    *("prototype_use", "cross_correlation"),
)


@dataclass(frozen=True)
class Parts:
    """`top`, `bottom`: the boxes a view passes, in order; `against`: what else the loss is given.

    `after`: the methods it grew out of. `negatives`: where other images come from ("" is nowhere).
    `cut`: a stop-gradient on the bottom branch. `both_ways`: the loss adds the same with the views
    exchanged. `batch`: "small" will do, "medium" or "large". `note`: what the drawing leaves out.
    """

    loss: str
    top: str
    bottom: str = ""
    against: str = one_of(
        *("", "label", "image", "turn", "order", "number", "queue", "bank"), default=""
    )
    cut: bool = False
    both_ways: bool = False
    note: str = ""
    negatives: str = one_of("", "batch", "queue", "bank", "images", "batch + queue", default="")
    batch: str = one_of("small", "medium", "large", default="medium")
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class Shapes:
    """Settings tuned on the built-in shapes. `views`: a name in VIEW_PRESETS."""

    data: str = "shapes"
    views: str = "shapes_default"
    settings: Settings = the_rest()


@dataclass(frozen=True)
class Cifar:
    """200 epochs of CIFAR-10 with a cosine. `source`: where the numbers come from.

    `knn`: the accuracy published there, in percent, measured as `protocol` says. `lr_for_256` is
    scaled to the batch.
    """

    source: str
    views: str
    batch_size: int
    lr_for_256: float
    knn: float | None = None
    protocol: str = ""
    backbone: str = "resnet18"
    optimizer: str = "sgd"
    weight_decay: float = 5e-4
    warmup_epochs: int = 0
    method: Settings = field(default_factory=dict)


@dataclass(frozen=True)
class Variant(Cifar):
    """A further recipe for CIFAR-10, as a preset with a title of its own."""

    title: str = field(kw_only=True)


@dataclass(frozen=True)
class Version:
    """Another version of the method on the built-in shapes: what differs from its preset there."""

    title: str
    description: str
    settings: Settings = the_rest()


@dataclass(frozen=True)
class Rehearsed:
    """Changes of the preset on shapes that `python -m benchmarks.switches` tries."""

    changes: tuple[Settings, ...] = ()


@dataclass(frozen=True)
class Panels:
    """The arrays of `attempt` and `observe` that are drawn; `first`: before anybody asked."""

    drawn: tuple[str, ...] = one_of(*PANELS, default=())
    first: bool = False


@dataclass(frozen=True)
class About:
    """A method's .toml. `line`: it is drawn beside other runs, as what is untrained or has labels."""

    parts: Parts
    terms: tuple[Term, ...]
    line: str = one_of("", "untrained", "labels", default="")
    shapes: Shapes = Shapes()
    cifar: Cifar | None = None
    variants: Mapping[str, Variant] = field(default_factory=dict)
    versions: Mapping[str, Version] = field(default_factory=dict)
    rehearsed: Rehearsed = Rehearsed()
    panels: Panels = Panels()


def file_of(facts: Card) -> str:
    """The method's .toml, as refusals name it."""
    return f"methods/{facts.family}/{facts.name}.toml"


def read_about(text: str, facts: Card) -> About:
    """The text of a .toml, checked against the method it is about. Raises Refusal."""
    file = file_of(facts)
    read = table(About, read_toml(text, file), file)
    for key in ("top", "bottom"):
        boxes = getattr(read.parts, key).split()
        _known(boxes, BOXES, file, f"parts.{key}")
    _known(read.parts.after, METHODS, file, "parts.after")
    _check_terms(read.terms, facts, file)
    for where, recipe in _recipes(read):
        if recipe.knn is not None and not recipe.protocol:
            raise Refusal(
                "{file}: {key} is missing; it must say how knn was measured.",
                file=file,
                key=f"{where}.protocol",
            )
    _check_knobs(read, facts, file)
    return read


def _known(words: Collection[str], allowed: Collection[str], file: str, key: str) -> None:
    for word in words:
        if word not in allowed:
            raise Refusal(
                "{file}: {key} names {word}; allowed there: {allowed}.",
                file=file,
                key=key,
                word=word,
                allowed=", ".join(allowed),
            )


def _check_terms(terms: tuple[Term, ...], facts: Card, file: str) -> None:
    for i, term in enumerate(terms, 1):
        for key in ("tex", "code"):
            texts = getattr(term, key)
            if not texts or not all(text.strip() for text in texts):
                raise Refusal(
                    "{file}: {key} is empty; it must hold a text.",
                    file=file,
                    key=f"terms[{i}].{key}",
                )
        try:
            lines_of(facts.source, term)
            marked(objective(facts.lesson), [term.tex])
        except Refusal as refusal:
            why = refusal.sentence
            raise Refusal(
                "{file}: terms[{i}] does not fit {code}. {why}",
                file=file,
                i=i,
                code=f"{facts.name}.py",
                why=why,
            ) from None


def _recipes(read: About) -> Iterator[tuple[str, Cifar]]:
    if read.cifar:
        yield "cifar", read.cifar
    yield from ((f"variants.{name}", variant) for name, variant in read.variants.items())


def _check_knobs(read: About, facts: Card, file: str) -> None:
    """The settings that are the method's own: known, of the right kind and within bounds."""
    tables = [("shapes", read.shapes.settings)]
    tables += [(f"rehearsed.changes[{i}]", c) for i, c in enumerate(read.rehearsed.changes, 1)]
    tables += [(f"versions.{name}", one.settings) for name, one in read.versions.items()]
    own = [(w, {k[7:]: v for k, v in s.items() if k.startswith("method.")}) for w, s in tables]
    own += [(where, recipe.method) for where, recipe in _recipes(read)]
    for where, values in own:
        try:
            checked_values(facts.config, values, f"{where}.method.")
        except Refusal as refusal:
            raise in_file(file, refusal) from None


def in_file(file: str, refusal: Refusal) -> Refusal:
    """A refusal that says in which file it found the fault."""
    return Refusal("{file}: {why}", file=file, why=refusal.sentence)
