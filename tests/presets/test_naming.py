"""Names that follow from settings: short, and never the same twice."""

from sslviz.config import RunConfig
from sslviz.presets.catalogue import PRESETS, default
from sslviz.presets.naming import names


def told(*configs: RunConfig) -> list[str]:
    made = names({str(i): config for i, config in enumerate(configs)})
    return [" · ".join(map(str, words)) for words in made.values()]


def test_a_name_is_what_differs_from_the_preset() -> None:
    crop = PRESETS["colour_shortcut"].config
    assert told(default("byol"), crop) == ["BYOL", "SimCLR · Crop only"]
    assert told(crop.with_settings({"seed": 3})) == ["SimCLR · Crop only · seed 3"]
    own = default("simclr", "/photos/고양이.zip").with_settings({"view.jitter": 0.5, "lr": 0.01})
    assert told(own) == ["SimCLR · 고양이 · Colour jitter: 0.5 · Learning rate: 0.01"]
    many = {"lr": 0.01, "optimizer": "sgd", "weight_decay": 0, "warmup_steps": 0, "method.tau": 1}
    assert told(default().with_settings(many))[0].endswith("· 2 more")


def test_runs_of_one_name_are_told_apart_by_what_differs_among_them() -> None:
    one = default()
    assert told(one, one.with_settings({"seed": 1})) == ["SimCLR · seed 0", "SimCLR · seed 1"]
    assert told(one, one.with_settings({"steps": 50})) == [
        "SimCLR · 600 steps",
        "SimCLR · 50 steps",
    ]
    assert told(one, one, one) == ["SimCLR", "SimCLR · no. 2", "SimCLR · no. 3"]


def test_no_two_presets_have_one_name() -> None:
    made = told(*(preset.config for preset in PRESETS.values() if preset.name != "simclr"))
    assert len(set(made)) == len(made)
