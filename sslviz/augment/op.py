"""What a row of the catalogue says of an op. Torch-free."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from sslviz.knobs import Knob

Values = Mapping[str, float]
Strength = Knob | tuple[Knob, Knob]
Kind = Literal["geometry", "colour", "filter"]


@dataclass(frozen=True)
class Word:
    """One number told of a draw, as `title form`: "angle -12°"."""

    title: str
    form: str
    value: Callable[[Values], float]

    def written(self, values: Values) -> str:
        """The number alone, with its unit."""
        return self.form.format(self.value(values))


@dataclass(frozen=True)
class Strip:
    """One op at rising strength: parameters of the k-th of n images (k from 1), what it is called.

    `name` is the knob whose label and help stand over the strip.
    """

    name: str
    values: Callable[[int, int], Values]
    label: Word


@dataclass(frozen=True)
class Op:
    """One op. Ops run in the order of the catalogue.

    `kind`: geometry moves pixels (all of it is one resampling), colour changes them where they
    are, a filter mixes or covers them.
    `chance`: how often it happens; its label and help are the op's title and help.
    `strengths`: its other knobs; a pair is one range whose ends cannot cross.
    `params`: what is drawn for each image, in the order in which the function takes it, each with
    the value that changes nothing. `sslviz.augment.draws` says how.
    `function`: its name in `ops`, or in `geometry`; the op's own if "".
    `settings`: settings of the view that the function wants besides.
    `shuffled`: the op is these functions in an order drawn for each image (its parameter `order`),
    each with the parameter of its own name.
    `words`: how a draw is told. `strips`: how its strength rises; an op without strengths has none.
    """

    kind: Kind
    chance: Knob
    strengths: tuple[Strength, ...] = ()
    params: Mapping[str, float] = field(default_factory=dict)
    function: str = ""
    settings: tuple[str, ...] = ()
    shuffled: tuple[str, ...] = ()
    words: tuple[Word, ...] = ()
    strips: tuple[Strip, ...] = ()

    @property
    def name(self) -> str:
        return self.chance.name

    def knobs(self) -> list[Knob]:
        """Its probability, then its strengths, pairs taken apart."""
        pairs = (s if isinstance(s, tuple) else (s,) for s in self.strengths)
        return [self.chance, *(knob for pair in pairs for knob in pair)]

    def functions(self) -> dict[str, tuple[str, ...]]:
        """The functions it runs, each with the parameters it takes, in their order."""
        if self.shuffled:
            return {name: (name,) for name in self.shuffled}
        return {self.function or self.name: tuple(self.params)}
