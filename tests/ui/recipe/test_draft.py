"""A recipe survives the URL and the command line, and nonsense in a link is one sentence."""

import json
import shlex

import pytest

from sslviz.cli.parser import config_of, parser
from sslviz.config import RunConfig
from sslviz.presets.catalogue import PRESETS, default
from sslviz.refusal import Refusal
from sslviz.ui.recipe.draft import LONGEST, Draft, first_draft, from_preset, of_method, read_draft

CHANGES = [
    {},
    {"steps": 77, "lr": 0.0015, "seed": 9},
    {"method.tau": 0.05, "method.negatives": False, "view1.hue": 0.31, "view2.crop": 0.5},
    {"precision": "float32", "view.blur": 1.0},
]


def drafts() -> list[Draft]:
    changed = [Draft("simclr", PRESETS["simclr"].config.with_settings(c)) for c in CHANGES]
    elsewhere = Draft("", default("byol", "cifar10").with_settings({"batch_size": 64}))
    own = Draft("", default("simclr", "/my photos/it's here.zip"))
    return [*changed, *map(from_preset, PRESETS), elsewhere, own]


def same(a: RunConfig, b: RunConfig) -> bool:
    return a.to_json() == b.to_json()


@pytest.mark.parametrize("draft", drafts(), ids=lambda d: d.text()[:60])
def test_url_text_gives_the_same_recipe_back(draft):
    back = read_draft(draft.text())
    assert same(back.config, draft.config)
    assert back.text() == draft.text()


@pytest.mark.parametrize("draft", drafts(), ids=lambda d: d.text()[:60])
def test_command_line_trains_the_same_recipe(draft):
    words = shlex.split(draft.command().replace("\\\n", " "))
    assert words[:4] == ["python", "-m", "sslviz", "train"]
    assert same(config_of(parser().parse_args(words[3:])), draft.config)


def test_url_holds_only_what_was_changed():
    config = PRESETS["simclr"].config.with_settings({"method.tau": 0.05})
    text = Draft("simclr", config).text()
    assert json.loads(text) == {"preset": "simclr", "method.tau": 0.05}


def test_a_method_on_its_usual_data_is_a_preset():
    assert of_method("simclr", "shapes").preset
    assert of_method("simclr", "cifar10").preset == ""
    assert same(of_method("byol", "cifar10").config, default("byol", "cifar10"))


@pytest.mark.parametrize(
    "text, named",
    [
        ("{", "JSON"),
        ("[1]", "table"),
        ('{"preset": "evil"}', "evil"),
        ('{"preset": ["simclr"]}', "simclr"),
        ('{"method": "pickle"}', "pickle"),
        ('{"method.tau": 99}', "method.tau"),
        ('{"method.tau": NaN}', "method.tau"),
        ('{"batch_size": "many"}', "batch_size"),
        ('{"batch_size": null}', "batch_size"),
        ('{"view1.crop_scale_min": 0.9, "view1.crop_scale_max": 0.1}', "crop_scale_min"),
        ('{"preset": "simclr", "method": "byol"}', "method"),
        ('{"os.system": "rm"}', "os.system"),
        ('{"data": 7}', "data"),
        ("[" * 7000, "JSON"),
        (json.dumps({"data": "x" * LONGEST}), str(LONGEST)),
    ],
)
def test_nonsense_in_a_link_is_refused_in_one_sentence(text, named):
    with pytest.raises(Refusal, match=".") as refusal:
        read_draft(text)
    assert named in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_the_first_recipe_just_works():
    first = first_draft().config
    assert first.data == "shapes" and first.method == "simclr"
