"""A new method is three files and one line: in a copy of the app, a copied method is all there."""

import json
import os
import shutil
import subprocess
import sys
from math import isfinite
from pathlib import Path

import pytest

from sslviz.methods.about import about
from sslviz.presets.catalogue import default
from sslviz.runs.store import create_run, read_metrics
from sslviz.training.worker import run

ROOT = Path(__file__).parents[2]
MODEL, NAME, TITLE = "nnclr", "newcomer", "Newcomer"


@pytest.fixture(scope="module")
def tree(tmp_path_factory) -> Path:
    """The app with one method more: three files of one stem, and one line in METHODS."""
    tree = tmp_path_factory.mktemp("tree")
    hidden = shutil.ignore_patterns("__pycache__")
    for room in ("sslviz", "pages", "assets", "benchmarks"):
        shutil.copytree(ROOT / room, tree / room, ignore=hidden)
    methods = tree / "sslviz" / "methods"
    for end in (".py", ".toml", ".ko.md"):
        text = (methods / "contrastive" / f"{MODEL}{end}").read_text(encoding="utf-8")
        text = text.replace('title = "NNCLR"', f'title = "{TITLE}"')
        (methods / "contrastive" / f"{NAME}{end}").write_text(text, encoding="utf-8")
    register(methods / "__init__.py", f'    "{NAME}": "contrastive",\n')
    return tree


def register(file: Path, line: str) -> None:
    text = file.read_text(encoding="utf-8")
    end = text.index("}\n", text.index("METHODS = {"))
    file.write_text(text[:end] + line + text[end:], encoding="utf-8")


def python(tree: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Python in the copied tree, which finds the package there and nowhere else."""
    environment = {**os.environ, "PYTHONPATH": str(tree), "SSLVIZ_RUNS": str(tree / "runs")}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=tree,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
    )


def test_it_is_listed_by_the_command_line(tree):
    done = python(tree, "-m", "sslviz", "train", "--help")
    assert done.returncode == 0, done.stderr
    assert f"{TITLE} (--method {NAME})" in done.stdout
    for preset in (NAME, f"{NAME}_cifar"):
        assert f"{preset}," in " ".join(done.stdout.split())
    done = python(tree, "-m", "benchmarks.switches", "--help")
    assert NAME in done.stdout, done.stderr


def test_it_trains(tree):
    """The same steps as the method that it is a copy of, which trains here: the same losses."""
    few = {"steps": 4, "device": "cpu", "batch_size": 16, "train_images": 64}
    few |= {"precision": "float32"}
    flags = [word for name, value in few.items() for word in ("--set", f"{name}={value}")]
    done = python(tree, "-m", "sslviz", "train", "--method", NAME, *flags)
    assert done.returncode == 0, done.stderr
    newcomer = Path(done.stdout.splitlines()[-1])
    assert json.loads((newcomer / "config.json").read_text())["method"] == NAME
    model = create_run(default(MODEL).with_settings(few), tree / "runs")
    assert run(model) == 0
    losses = [[row["loss"] for row in read_metrics(f) if "loss" in row] for f in (newcomer, model)]
    assert len(losses[0]) >= 4 and all(map(isfinite, losses[0]))
    assert losses[0] == losses[1]


ON_PAGE = f'''
import json
from streamlit.testing.v1 import AppTest
from sslviz.methods.about import about
from sslviz.presets.catalogue import PRESETS, default
from sslviz.ui import frame
from sslviz.ui.methods.diagram import diagram
from sslviz.ui.methods.page import anatomy
from sslviz.ui.methods.table import table
from sslviz.ui.methods.tree import tree
from sslviz.ui.panels.task import strings

PAGE = """
from sslviz.ui.methods import page
page.overview(name := page.chosen())
page.show(name)
"""
frame.link = lambda *args, **query: None  # a link wants the app's navigation around it
found = {{"drawn": list(strings("{NAME}")["parts"])}}
for language in ("en", "ko"):
    app = AppTest.from_string(PAGE)
    app.query_params["method"], app.query_params["lang"] = "{NAME}", language
    app.run(timeout=300)
    found[language] = {{
        "errors": [error.message for error in app.exception],
        "warnings": [warning.value for warning in app.warning],
        "header": app.header[0].value,
        "lesson": app.markdown[0].value,
    }}
found |= {{"diagram": diagram(default("{NAME}")), "anatomy": anatomy("{NAME}")}}
found |= {{"tree": tree("{NAME}"), "table": table("{NAME}")}}
print(json.dumps(found))
'''


def test_it_has_its_lesson_diagram_terms_and_code_on_the_page(tree):
    done = python(tree, "-c", ON_PAGE)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    for language, idea in (("en", "**Idea.**"), ("ko", "**핵심 아이디어.**")):
        shown = found[language]
        assert not shown["errors"] and not shown["warnings"] and shown["header"] == TITLE
        assert idea in shown["lesson"]
    assert found["drawn"] == list(about(MODEL).panels.drawn)
    assert "<svg" in found["diagram"] and f"Data flow of {TITLE}" in found["diagram"]
    terms = about(MODEL).terms
    assert all(f'data-term="{i}"' in found["anatomy"] for i in range(len(terms)))
    assert all(term.words in found["anatomy"] for term in terms)
    assert f"sslviz/methods/contrastive/{NAME}.py" in found["anatomy"]
    for view in ("tree", "table"):
        assert f'data-method="{NAME}"' in found[view]


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ('"simclr_cifar"', '"nonsense"', "views is nonsense; it must be one of none, crop_only,"),
        ("steps = 1000", "stepz = 1000", "stepz is not a setting; the settings here are: data,"),
        ("steps = 1000", "steps = 0", "steps is 0; it must be a whole number from 1 to 1000000."),
        ("batch_size = 512", "batch_size = 0", "batch_size is 0; it must be a whole number from 4"),
        ("[shapes]", "[shape]", "shape is not a key; allowed here: parts, terms, line, shapes,"),
    ],
)
def test_a_toml_that_does_not_fit_is_one_sentence_on_the_command_line(tree, old, new, wanted):
    file = tree / "sslviz" / "methods" / "contrastive" / f"{NAME}.toml"
    whole = file.read_text(encoding="utf-8")
    assert old in whole
    try:
        file.write_text(whole.replace(old, new), encoding="utf-8")
        done = python(tree, "-m", "sslviz", "list")
    finally:
        file.write_text(whole, encoding="utf-8")
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.startswith(f"methods/contrastive/{NAME}.toml: ")
    assert wanted in done.stderr and done.stderr.count("\n") == 1


def test_a_family_that_does_not_exist_is_one_sentence_on_the_command_line(tree):
    file = tree / "sslviz" / "methods" / "__init__.py"
    whole = file.read_text(encoding="utf-8")
    try:
        register(file, '    "lost": "nonsense",\n')
        done = python(tree, "-m", "sslviz", "list")
    finally:
        file.write_text(whole, encoding="utf-8")
    assert done.returncode == 2 and done.stderr.count("\n") == 1
    assert done.stderr.startswith("lost is in the family nonsense, which does not exist; famil")
