"""Reads a method's file without running it: the server must know the knobs but not import torch."""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sslviz.knobs import knob
from sslviz.methods import shared_knobs
from sslviz.refusal import Refusal

FOLDER = Path(__file__).parent


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

    def told(self, language: str) -> str:
        """The lesson in a language; in English where nobody has translated it."""
        path = FOLDER / self.family / f"{self.name}.{language}.md"
        return path.read_text(encoding="utf-8") if path.exists() else self.lesson


@cache
def read_card(family: str, name: str) -> Card:
    """The class with a `Config` in `methods/<family>/<name>.py`; only that Config is executed.

    Raises Refusal where there is no such file or no such class.
    """
    source = read_beside(family, f"{name}.py")
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
                family=family,
                lesson=ast.get_docstring(node) or "",
                config=_executed(parts["Config"]),
                source=source,
                needs=facts.get("needs", ""),
            )
    raise Refusal(
        "{file} defines no class with a Config of knobs.", file=f"methods/{family}/{name}.py"
    )


def read_beside(family: str, file: str) -> str:
    """The text of a file in a family's folder. Raises Refusal where there is none."""
    try:
        return (FOLDER / family / file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise Refusal(
            "There is no readable file {file}; a method is a .py, a .toml and a .ko.md.",
            file=f"methods/{family}/{file}",
        ) from None


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
    scope: dict[str, Any] = {"dataclass": dataclass, "knob": knob, "shared": shared_knobs}
    scope["__name__"] = __name__
    exec(compile(ast.Module([node], []), f"<{node.name}>", "exec"), scope)
    return scope[node.name]
