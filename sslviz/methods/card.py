"""Reads a method's file without running it: the server must know the knobs but not import torch."""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sslviz.knobs import knob


@dataclass(frozen=True)
class Card:
    """A method as its file presents it. `config` is its frozen dataclass of knobs.

    `needs`: the only backbone it works with; "" for any.
    """

    name: str
    class_name: str
    title: str
    family: str
    lesson: str
    config: type[Any]
    source: str
    needs: str = ""


@cache
def read_card(name: str) -> Card:
    """Finds the class with a `Config` in `methods/<name>.py`; only that Config is executed."""
    source = (Path(__file__).parent / f"{name}.py").read_text(encoding="utf-8")
    for node in ast.parse(source).body:
        if not isinstance(node, ast.ClassDef):
            continue
        parts = {part.name: part for part in node.body if isinstance(part, ast.ClassDef)}
        if "Config" in parts:
            facts = _constants(node)
            return Card(
                name=name,
                class_name=node.name,
                title=facts["title"],
                family=facts["family"],
                lesson=ast.get_docstring(node) or "",
                config=_executed(parts["Config"]),
                source=source,
                needs=facts.get("needs", ""),
            )
    raise ValueError(f"methods/{name}.py defines no class with a Config of knobs.")


def _constants(node: ast.ClassDef) -> dict[str, str]:
    return {
        part.targets[0].id: part.value.value
        for part in node.body
        if isinstance(part, ast.Assign)
        and isinstance(part.targets[0], ast.Name)
        and isinstance(part.value, ast.Constant)
        and isinstance(part.value.value, str)
    }


def _executed(node: ast.ClassDef) -> type[Any]:
    scope: dict[str, Any] = {"dataclass": dataclass, "knob": knob, "__name__": __name__}
    exec(compile(ast.Module([node], []), f"<{node.name}>", "exec"), scope)
    return scope[node.name]
