"""Many modules as one: what the browser's own loader makes of them, this must make too."""

import pytest
from node import node

from sslviz.export import script
from sslviz.export.page import INSTEAD, PAGE
from sslviz.export.script import one_script


@pytest.fixture
def modules(monkeypatch: pytest.MonkeyPatch):
    def given(**texts: str) -> None:
        known = {f"kit/{name}.js": text.encode() for name, text in texts.items()}
        monkeypatch.setattr(script, "files", lambda: known)
        monkeypatch.setattr("sslviz.feed.scripts.files", lambda: known)

    return given


def test_imports_and_exports_of_every_kind_reach_each_other(modules):
    modules(
        a='import start, { one as first, Two } from "./b.js";\n'.replace("start, ", "")
        + 'import start from "./b.js";\nimport { same } from "./c.js";\n'
        "console.log([first(), new Two().name, start(), same].join());\n",
        b='import { same } from "./c.js";\nlet n = same;\n'
        "export function one() {\n  return n + 1;\n}\n"
        'export class Two {\n  name = "two";\n}\nexport default () => `export ${n}`;\n',
        c="export const same = 41;\n",
    )
    done = node("--input-type=module", "-e", one_script("kit/a.js", {}))
    assert (done.stdout.strip(), done.stderr) == ("42,two,export 41,41", "")


def test_a_module_may_stand_in_for_another(modules):
    modules(
        a='import { x } from "./far.js";\nconsole.log(x);\n',
        far="export const x = missing();\n",
        near='export const x = "near";\n',
    )
    done = node("--input-type=module", "-e", one_script("kit/a.js", {"kit/far.js": "kit/near.js"}))
    assert done.stdout.strip() == "near"


def test_what_it_does_not_know_and_circles_are_errors(modules):
    modules(a='export * from "./b.js";\n', b="export const x = 1;\n")
    with pytest.raises(ValueError, match="one script cannot take"):
        one_script("kit/a.js", {})
    modules(a='import { y } from "./b.js";\n', b='import { x } from "./a.js";\n')
    with pytest.raises(ValueError, match="import each other"):
        one_script("kit/a.js", {})


def test_the_page_is_one_script_that_parses(tmp_path):
    file = tmp_path / "page.mjs"
    file.write_text(one_script(PAGE, INSTEAD))
    done = node("--check", str(file))
    assert (done.returncode, done.stderr) == (0, "")
    assert "plotly.min.js" not in file.read_text()
