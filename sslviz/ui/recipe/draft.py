"""The recipe as text. The URL and the command line hold only what differs from a starting point."""

import json
import shlex
from dataclasses import dataclass
from typing import Any

from sslviz.augment.view import ViewConfig
from sslviz.config import VIEWS, RunConfig, settings_of
from sslviz.data.catalogue import DATASETS
from sslviz.knobs import Scalar, brief, knobs
from sslviz.methods import card
from sslviz.presets.catalogue import PRESETS, default
from sslviz.refusal import Refusal
from sslviz.ui import state
from sslviz.ui.controls import set_view
from sslviz.ui.recipe.own_data import source_of
from sslviz.ui.text import _, marked

LONGEST = 8000  # characters of a recipe in a URL


@dataclass(frozen=True)
class Draft:
    """A recipe being edited. `preset` names its starting point; "" is its method and data."""

    preset: str
    config: RunConfig

    def start(self) -> RunConfig:
        """The recipe without the visitor's changes."""
        if self.preset:
            return PRESETS[self.preset].config
        return default(self.config.method, self.config.data)

    def changes(self) -> dict[str, Scalar]:
        """Dotted settings that differ from the start. A preset fixes method and data."""
        before = settings_of(self.start())
        return {k: v for k, v in settings_of(self.config).items() if before.get(k) != v}

    def text(self) -> str:
        """Compact JSON for the URL; `read_draft` is its inverse."""
        names: dict[str, Scalar] = {"preset": self.preset}
        if not self.preset:
            names = {"method": self.config.method, "data": self.config.data}
        return json.dumps(names | self.changes(), separators=(",", ":"), ensure_ascii=False)

    def command(self) -> str:
        """What one would type to train the same run, against the default preset of its method."""
        config = self.config
        lines = [
            f"python -m sslviz train --method {config.method} --data {shlex.quote(config.data)}"
        ]
        for name, value in Draft("", config).changes().items():
            lines.append(f"--set {name}={shlex.quote(_plain(value))}")
        return " \\\n  ".join(lines)


def first_draft() -> Draft:
    """What a new visitor starts from: a preset that just works."""
    return of_method(RunConfig.method, RunConfig.data)


def from_preset(name: str) -> Draft:
    """The recipe of a preset. Raises Refusal for an unknown name."""
    if name not in PRESETS:
        raise Refusal(
            "preset is {name}; it must be one of {allowed}.",
            name=brief(name),
            allowed=", ".join(PRESETS),
        )
    return Draft(name, PRESETS[name].config)


def of_method(method: str, data: str) -> Draft:
    """The usual recipe for a method on some data, as a preset where there is one of that kind."""
    config = default(method, data)
    same = (p.name for p in PRESETS.values() if p.config == config)
    return Draft(next(same, ""), config)


def keeping_data(new: Draft, before: RunConfig) -> Draft:
    """`new` on a visitor's own images, where the recipe `before` was of these."""
    if before.data in DATASETS:
        return new
    mine = {name: getattr(before, name) for name in ("data", "image_size", "train_images")}
    return Draft("", new.config.with_settings(mine))


def read_draft(text: str) -> Draft:
    """A recipe from the URL. Raises Refusal, one sentence, for anything that is not one."""
    values = _table(text)
    if "preset" in values:
        draft = from_preset(str(values.pop("preset")))
        for fixed in ("method", "data"):
            if fixed in values:
                raise Refusal(
                    "{setting} comes from the preset; name a preset or a {setting}.", setting=fixed
                )
        return Draft(draft.preset, draft.config.with_settings(values))
    names = {k: values.pop(k) for k in ("method", "data") if k in values}
    plain = RunConfig().with_settings(names)
    start = of_method(plain.method, plain.data)
    return Draft(start.preset, start.config.with_settings(values))


def _table(text: str) -> dict[str, Any]:
    if len(text) > LONGEST:
        raise Refusal(
            "The recipe is {n} characters long; at most {most} are read.", n=len(text), most=LONGEST
        )
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        raise Refusal("The recipe is not valid JSON.") from None
    if not isinstance(values, dict):
        raise Refusal("The recipe must be a JSON table of settings.")
    return values


def labelled(method: str, setting: str, value: Scalar) -> tuple[str, str]:
    """(label, value) in words of a setting by its dotted name: `method.tau`, `view1.hue`."""
    section, _dot, name = setting.rpartition(".")
    known = {"": RunConfig, "method": card(method).config}.get(section, ViewConfig)
    label = _(knobs(known)[name].label)
    if section in VIEWS:
        view = section.removeprefix("view")
        label = _("{knob}, view {view}").format(knob=label, view=view)
    if isinstance(value, bool):
        return label, _("on") if value else _("off")
    return label, f"{value:g}" if isinstance(value, float) else _(str(value))


def _plain(value: Scalar) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def current() -> Draft:
    """This visitor's recipe: of a link just followed, else the session's, else the first preset."""
    link = state.draft_from_link()
    if link:
        try:
            put(read_draft(link))
        except Refusal as refusal:
            state.say("recipe", f"{_('The recipe in the link was not used.')} {marked(refusal)}")
            state.set_draft_in_url(None)
    config = state.draft()
    if config is None:
        return first_draft()
    preset = state.draft_preset()
    known = PRESETS[preset].config if preset in PRESETS else None
    same = known and (known.method, known.data) == (config.method, config.data)
    return Draft(preset if same else "", config)


def keep(new: Draft) -> None:
    """Makes `new` this visitor's recipe, in the session and in the URL."""
    state.set_draft(new.config)
    state.set_draft_preset(new.preset)
    text = new.text()
    state.set_draft_in_url(None if text == first_draft().text() else text)


def put(new: Draft) -> None:
    """Replaces the recipe and what its widgets show; for callbacks."""
    for name, value in settings_of(new.config).items():
        if not name.startswith(("data", "view")):
            state.set_widget(f"recipe.{name}", value)
    set_view("recipe.view1", new.config.view1)
    set_view("recipe.view2", new.config.view2)
    state.set_widget("recipe.same", new.config.view1 == new.config.view2)
    state.set_widget("recipe.source", source_of(new.config.data))
    keep(new)
