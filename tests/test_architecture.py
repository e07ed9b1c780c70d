"""The house rules that no single room can prove: who imports whom, what stays torch-free."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from sslviz.methods import METHODS

ROOT = Path(__file__).parents[1]
HOUSE = sorted(p for p in (ROOT / "sslviz").rglob("*.py"))
PAGES = [ROOT / "app.py", *sorted((ROOT / "pages").rglob("*.py"))]

# room -> the rooms of sslviz it may import (beside itself)
BOTTOM = {"refusal", "knobs", "backbone_names", "methods", "config", "augment", "data"}
TORCH = {"backbones", "metrics", "layout", "streams"} | BOTTOM
TRAINING = TORCH | {"runs"}
READERS = BOTTOM | {"runs", "presets", "feed", "evaluate"}
ALLOWED = {
    "refusal": set(),
    "knobs": {"refusal"},
    "backbone_names": set(),
    "config": {"refusal", "knobs", "backbone_names", "methods", "augment"},
    "methods": {"refusal", "knobs", "backbones", "streams"},
    "backbones": {"refusal", "knobs", "backbone_names"},
    "streams": set(),
    "data": TORCH,
    "augment": TORCH,
    "metrics": TORCH,
    "layout": TORCH,
    "runs": BOTTOM,
    "presets": BOTTOM,
    "feed": BOTTOM | {"runs"},
    "export": BOTTOM | {"runs", "feed"},
    "training": TRAINING,
    "studio": TRAINING | {"training"},
    "evaluate": TRAINING | {"training"},
    "sweeps": BOTTOM | {"runs", "presets", "evaluate", "training", "export"},
    "cli": READERS | {"training", "sweeps", "export", "ui"},  # ui: the words of a replay's panels
    "ui": READERS | {"sweeps", "export"},
    "pages": READERS | {"ui", "export"},
}
# the torch-free parts of torch rooms: the only ones that the server and what it imports may import
TORCH_FREE = {
    "augment.catalogue",
    "augment.op",
    "augment.view",
    "data.cache",
    "data.catalogue",
    "data.names",
    "data.paths",
    "data.survey",
    "data.zips",
    "methods.card",
    "methods.about",
    "methods.entry",
    "methods.tables",
    "methods.terms",
    "methods.METHODS",
    "evaluate.protocols",
    "evaluate.records",
    *(
        f"sweeps.{path.stem}"
        for path in (ROOT / "sslviz" / "sweeps").glob("*.py")
        if path.stem not in ("worker", "places")
    ),
    "sweeps.executors",
    "sweeps.classics",
}
TORCH_ROOMS = {"augment", "data", "methods", "evaluate", "training", "metrics", "layout", "studio"}
TORCH_ROOMS |= {"sweeps"}
SERVER_ROOMS = {
    "ui",
    "feed",
    "export",
    "presets",
    "runs",
    "config",
    "knobs",
    "refusal",
    "backbone_names",
}
SERVER = [
    p for p in HOUSE if p.relative_to(ROOT / "sslviz").parts[0] in ("ui", "feed", "export")
] + PAGES


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def room(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[1] if parts[0] == "sslviz" else "pages"


def imported(path: Path) -> Iterator[str]:
    """Dotted names of the modules (or things in them) a file imports."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_imports_point_one_way() -> None:
    wrong = []
    for path in [*HOUSE, *PAGES]:
        here = room(path)
        for name in imported(path):
            there = name.split(".")[1] if name.startswith("sslviz.") else here
            if there != here and here in ALLOWED and there not in ALLOWED[here]:
                wrong.append(f"{path.relative_to(ROOT)} imports {name}")
    assert not wrong


def test_every_room_has_its_rule() -> None:
    own = {"__init__", "__main__"}
    assert {room(p) for p in HOUSE} - own <= set(ALLOWED)


def torch_free(name: str) -> bool:
    """Whether a name imported from a room that has torch is of one of its torch-free parts."""
    part = name.split(".")[1:3]
    inside = len(part) > 1 and (ROOT / "sslviz" / "/".join(part)).with_suffix(".py").exists()
    return ".".join(part) in TORCH_FREE or (part[0] == "methods" and not inside)


def test_the_server_imports_only_torch_free_parts() -> None:
    wrong = []
    for path in [p for p in HOUSE if room(p) in SERVER_ROOMS] + PAGES:
        for name in imported(path):
            outside = name.startswith("sslviz.") and name.split(".")[1] in TORCH_ROOMS
            if outside and not torch_free(name):
                wrong.append(f"{path.relative_to(ROOT)} imports {name}")
            if name.split(".")[0] in ("torch", "torchvision", "umap"):
                wrong.append(f"{path.relative_to(ROOT)} imports {name}")
    assert not wrong


def test_importing_the_server_loads_neither_torch_nor_umap() -> None:
    names = [
        "sslviz." + ".".join(p.relative_to(ROOT / "sslviz").with_suffix("").parts)
        for p in HOUSE
        if p in SERVER and p.stem not in ("__init__", "main")
    ]
    code = (
        f"import importlib, json, sys\nfor name in {names!r}: importlib.import_module(name)\n"
        "print(json.dumps([m for m in ('torch', 'torchvision', 'umap') if m in sys.modules]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == []


def test_only_the_ui_knows_streamlit() -> None:
    inner = [p for p in HOUSE if room(p) != "ui"]
    guests = [
        p for p in inner for name in imported(p) if name.split(".")[0] in ("streamlit", "plotly")
    ]
    assert not guests


# what pages may take from the rooms that start and stop things: errors, and what only looks
LOOKING = {
    "sslviz.runs.launch": {"OnlyFromTheStart", "lost_by_resuming"},
    "sslviz.runs.about": {"read_about"},
    "sslviz.runs.remove": set(),
    "sslviz.sweeps.conduct": {"conducted"},
    "sslviz.sweeps.folder": {"about_sweep", "list_sweeps", "named_sweep", "read_sweep"},
    "sslviz.evaluate.records": {"ACTIVE", "list_evaluations", "read_evaluation", "wrong_tiles"},
}
WRITING = {"RunWriter", "create_run", "send", "rmtree", "unlink"}


def test_pages_act_through_the_one_door_that_asks_for_the_code() -> None:
    wrong = []
    for path in [p for p in SERVER if p.name != "acting.py"]:
        for name in imported(path):
            module, _, what = name.rpartition(".")
            looks = what in LOOKING[module] if module in LOOKING else name not in LOOKING
            if not looks or what in WRITING:
                wrong.append(f"{path.relative_to(ROOT)} imports {name}")
    assert not wrong


def test_only_state_touches_session_and_url() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in SERVER
        if path.name != "state.py"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute)
        if ast.unparse(node) in ("st.session_state", "st.query_params")
    ]
    assert not wrong


def test_files_are_short() -> None:
    long = {
        str(p.relative_to(ROOT)): n
        for p in [*HOUSE, *PAGES]
        if (n := len(p.read_text(encoding="utf-8").splitlines())) > 220
    }
    assert not long


# where a word in the code is a method's name, and why it may be
NAMED = {
    ("sslviz/presets/experiments.py", "simsiam"): "an experiment is about a method: data",
    ("sslviz/presets/experiments.py", "byol"): "an experiment is about a method: data",
    ("sslviz/presets/views.py", "simclr"): "a recipe of views by the name of its paper",
    ("sslviz/presets/views.py", "byol"): "a recipe of views by the name of its paper",
    ("sslviz/presets/views.py", "lejepa"): "a recipe of views by the name of its paper",
    ("benchmarks/augment.py", "simclr"): "the recipe of views",
    ("benchmarks/augment.py", "byol"): "the recipe of views",
    ("benchmarks/parts/augmentation.py", "simclr"): "the recipe of views",
    ("benchmarks/parts/augmentation.py", "byol"): "the recipe of views",
    ("sslviz/config.py", "simclr"): "the default of a knob",
    ("sslviz/evaluate/protocols.py", "random"): "the encoder before its first step",
    ("sslviz/ui/evaluate/form.py", "random"): "the encoder before its first step",
    ("sslviz/ui/evaluate/rows.py", "random"): "the encoder before its first step",
    ("sslviz/studio/encoders.py", "random"): "the encoder before its first step",
    ("sslviz/ui/augmentations/page.py", "random"): "the encoder before its first step",
    ("sslviz/ui/panels/collapse.py", "random"): "the key of a word on screen",
    ("sslviz/ui/panels/curves.py", "supervised"): "the key of a word on screen",
    ("sslviz/ui/panels/curves.py", "random"): "the key of a word on screen",
    ("sslviz/ui/panels/task.py", "random"): "the key of a word on screen",
}


def names_of_methods() -> set[tuple[str, str]]:
    """(file, name) of each method that code outside sslviz/methods names, Python or JavaScript."""
    outside = [p for p in HOUSE if room(p) != "methods"] + PAGES
    found = set()
    for path in [*outside, *sorted((ROOT / "benchmarks").rglob("*.py"))]:
        words = {_written(node) for node in ast.walk(tree(path))}
        found |= {(path.relative_to(ROOT).as_posix(), word) for word in words & set(METHODS)}
    quoted = re.compile("[\"'`](" + "|".join(METHODS) + ")[\"'`]")
    for path in sorted((ROOT / "assets").rglob("*.js")):
        words = quoted.findall(path.read_text(encoding="utf-8"))
        found |= {(path.relative_to(ROOT).as_posix(), word) for word in words}
    return found


def test_no_method_is_named_outside_its_folder() -> None:
    assert names_of_methods() == set(NAMED)


def _written(node: ast.AST) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def test_the_server_is_set_up_for_a_class() -> None:
    """No garbage collection after reruns (2.4 s against 9 ms with 30 viewers), no reports."""
    wanted = {
        "runner.postScriptGC": False,
        "browser.gatherUsageStats": False,
        "server.address": "127.0.0.1",
        "server.maxUploadSize": 20,
        "client.showErrorDetails": "type",
    }
    code = (
        "import json\nfrom streamlit import config\n"
        f"print(json.dumps({{name: config.get_option(name) for name in {list(wanted)!r}}}))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert json.loads(done.stdout) == wanted
