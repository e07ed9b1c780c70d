"""The scripts and styles of the panels as files: which there are, and who imports whom."""

import re
from functools import cache
from pathlib import Path, PurePosixPath

FOLDER = Path(__file__).parents[2] / "assets"
ROOMS = ("feed", "kit", "panels", "replay")
KINDS = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
IMPORT = re.compile(r'^(?:import|export)\b[^;"]*"(\.[^"]+)";', re.MULTILINE)


@cache
def files() -> dict[str, bytes]:
    """Path below assets/ -> contents, of all scripts and of all styles of ROOMS."""
    found = [p for room in ROOMS for p in (FOLDER / room).rglob("*")]
    return {p.relative_to(FOLDER).as_posix(): p.read_bytes() for p in found if p.suffix in KINDS}


def imports(path: str) -> list[str]:
    """The modules that module `path` imports, as paths below assets/."""
    return [joined(path, name) for name in IMPORT.findall(files()[path].decode())]


def joined(path: str, name: str) -> str:
    """What module `path` calls `name` ("../kit/dom.js"), as a path below assets/."""
    parts: list[str] = []
    for part in (PurePosixPath(path).parent / name).parts:
        parts = parts[:-1] if part == ".." else [*parts, part]
    return "/".join(parts)


def modules(*roots: str) -> list[str]:
    """Everything that modules `roots` import, directly or not, and themselves."""
    found: dict[str, None] = {}
    waiting = list(roots)
    while waiting:
        path = waiting.pop(0)
        if path not in found:
            found[path] = None
            waiting += imports(path)
    return list(found)


def styles(panel: str, framed: bool) -> str:
    """The panel's own styles, after those of the kit where it stands in the kit's frame."""
    rooms = (["kit/"] if framed else []) + [f"panels/{panel}/"]
    named = [(room, path) for room in rooms for path in sorted(files()) if path.endswith(".css")]
    return "\n".join(files()[path].decode() for room, path in named if path.startswith(room))
