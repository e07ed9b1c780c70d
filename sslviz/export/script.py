"""All modules of a page as one script, so that a file opened from disk needs no other file.

Each module becomes a function that runs once and gives what it exports, in the order in which they
import each other. The house writes imports and exports in few ways; any other way is an error here.
"""

import re

from sslviz.feed.scripts import files, imports, joined

NAMED = re.compile(r'^import (?:(\w+)|\{([^}]*)\}) from "(\.[^"]+)";\n', re.MULTILINE)
EXPORTED = re.compile(r"^export (?:async )?(?:const|let|class|function\*?) (\w+)", re.MULTILINE)
DEFAULT = re.compile(r"^export default (?=function|class|async|\()", re.MULTILINE)
LEFT = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


def one_script(root: str, instead: dict[str, str]) -> str:
    """The module `root` (a path below assets/) and all it imports, as the text of one module.

    `instead`: module -> the one that stands in for it. Raises ValueError for a way of importing or
    exporting that is not known, and for modules that import each other.
    """
    if gone := set(instead) - set(files()):
        raise ValueError(f"There is no module {', '.join(gone)} to stand in for.")
    done: dict[str, str] = {}
    _add(root, instead, done, ())
    return "const modules = {};\n" + "\n".join(done.values())


def _add(path: str, instead: dict[str, str], done: dict[str, str], above: tuple[str, ...]) -> None:
    if path in done:
        return
    if path in above:
        raise ValueError(f"{path} and {above[-1]} import each other.")
    for other in imports(path):
        _add(instead.get(other, other), instead, done, (*above, path))
    done[path] = _wrapped(path, instead)


def _wrapped(path: str, instead: dict[str, str]) -> str:
    text = files()[path].decode()

    def taken(match: re.Match[str]) -> str:
        default, names, place = match.groups()
        wanted = f"default: {default}" if default else re.sub(r" as ", ": ", names)
        other = joined(path, place)
        return f'const {{ {wanted} }} = modules["{instead.get(other, other)}"];\n'

    text = NAMED.sub(taken, text)
    given = EXPORTED.findall(text)
    text, defaults = DEFAULT.subn("const theDefault = ", text)
    text = re.sub(r"^export (?=async|const|let|class|function)", "", text, flags=re.MULTILINE)
    if left := LEFT.search(text):
        raise ValueError(f"{path}: {left[0]} is a way that one script cannot take.")
    whole = ", ".join([*given, *(["default: theDefault"] if defaults else [])])
    return f'modules["{path}"] = (() => {{\n{text}\nreturn {{ {whole} }};\n}})();'
