"""The recipe column: starting points fill it, what is chosen is what would be trained."""

import pytest
from streamlit.testing.v1 import AppTest

from sslviz.methods import METHODS
from sslviz.presets.catalogue import PRESETS, default
from sslviz.presets.views import VIEW_PRESETS
from sslviz.ui.recipe.own_data import PATH
from tests.data.made import folder, pets

EXPERIMENTS = [name for name, preset in PRESETS.items() if preset.kind == "experiment"]


def column() -> None:
    from sslviz.ui.recipe import column as recipe

    recipe.show()


@pytest.fixture
def app(tmp_path, monkeypatch) -> AppTest:
    monkeypatch.setenv("SSLVIZ_RUNS", str(tmp_path))
    opened = AppTest.from_function(column, default_timeout=30).run()
    assert not opened.exception
    return opened


def train_button(app: AppTest):
    """Its key changes with each press that took effect."""
    return next(button for button in app.button if button.key.startswith("recipe.train."))


def config(app: AppTest):
    return app.session_state["draft"].to_json()


def test_it_starts_with_simclr_on_shapes_untouched(app):
    assert config(app) == PRESETS["simclr"].config.to_json()
    assert "recipe" not in app.query_params


@pytest.mark.parametrize("name", [*list(METHODS)[:4], *EXPERIMENTS])
def test_a_preset_fills_every_widget(app, name):
    other = "byol" if name != "byol" else "moco"
    app.selectbox(key="recipe.preset").set_value(other).run()
    app.slider(key="recipe.view1.hue").set_value(0.01).run()
    app.selectbox(key="recipe.preset").set_value(name).run()
    assert not app.exception
    assert config(app) == PRESETS[name].config.to_json()
    app.run()
    assert config(app) == PRESETS[name].config.to_json()


def test_changes_can_be_undone(app):
    assert "recipe.reset" not in [button.key for button in app.button]
    app.slider(key="recipe.view1.hue").set_value(0.01).run()
    app.slider(key="recipe.method.tau").set_value(1.5).run()
    app.button(key="recipe.reset").click().run()
    assert config(app) == PRESETS["simclr"].config.to_json()
    assert app.slider(key="recipe.method.tau").value == default("simclr").method_config().tau
    assert "recipe.reset" not in [button.key for button in app.button]


def test_another_method_brings_its_own_knobs_and_defaults(app):
    app.slider(key="recipe.method.tau").set_value(1.5).run()
    app.selectbox(key="recipe.method").set_value("byol").run()
    assert config(app) == default("byol").to_json()
    assert app.number_input(key="recipe.method.momentum").value == 0.98
    app.selectbox(key="recipe.method").set_value("simclr").run()
    assert app.slider(key="recipe.method.tau").value == default("simclr").method_config().tau


def test_mae_brings_its_transformer_and_refuses_another_backbone(app):
    app.selectbox(key="recipe.method").set_value("mae").run()
    assert app.selectbox(key="recipe.backbone").value == "vit"
    app.selectbox(key="recipe.backbone").set_value("tiny").run()
    assert any("MAE works with vit only" in words.value for words in app.markdown)
    app.selectbox(key="recipe.method").set_value("simclr").run()
    assert config(app)["backbone"] == "tiny" == app.selectbox(key="recipe.backbone").value


def test_other_data_bring_the_recipe_that_suits_them(app):
    app.selectbox(key="recipe.source").set_value("cifar10").run()
    assert config(app) == default("simclr", "cifar10").to_json()
    assert app.selectbox(key="recipe.views").value == "dkobak_cifar"


def test_an_augmentation_recipe_fills_both_views(app):
    app.selectbox(key="recipe.views").set_value("crop_only").run()
    views = VIEW_PRESETS["crop_only"]
    assert config(app)["view1"] == vars(views.view1) and config(app)["view2"] == vars(views.view2)
    app.toggle(key="recipe.same").set_value(False).run()
    app.slider(key="recipe.view2.jitter").set_value(0.35).run()
    assert app.selectbox(key="recipe.views").value == ""
    assert config(app)["view1"] == vars(views.view1)


def test_changes_stand_in_the_url_and_in_the_command(app):
    app.number_input(key="recipe.steps").set_value(250).run()
    assert app.query_params["recipe"] == '{"preset":"simclr","steps":250}'
    assert "--set steps=250" in app.code[0].value


def test_a_path_that_leads_nowhere_is_one_sentence_and_no_run(app, tmp_path):
    app.selectbox(key="recipe.source").set_value(PATH).run()
    assert train_button(app).disabled
    app.text_input(key="recipe.path").set_value("/no/such/folder").run()
    assert not app.exception and train_button(app).disabled
    assert any("no/such/folder" in words.value for words in app.caption)
    assert not list(tmp_path.glob("*/config.json"))


def test_a_path_may_be_pasted_in_quotes(app, tmp_path):
    folder(tmp_path / "my pets", pets(4))
    app.selectbox(key="recipe.source").set_value(PATH).run()
    app.text_input(key="recipe.path").set_value(f' "{tmp_path / "my pets"}" ').run()
    assert not train_button(app).disabled
    assert config(app)["data"] == str(tmp_path / "my pets")
    assert any("12 images in 3 classes" in words.value for words in app.caption)
    app.selectbox(key="recipe.preset").set_value("byol").run()
    assert (config(app)["data"], config(app)["method"]) == (str(tmp_path / "my pets"), "byol")
