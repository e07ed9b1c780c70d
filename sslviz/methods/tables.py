"""Tables of a .toml as frozen dataclasses, read strictly: whatever does not fit is one sentence."""

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, Field, field, fields, is_dataclass
from types import NoneType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from sslviz.knobs import Scalar
from sslviz.refusal import Refusal, Sentence, say

T = TypeVar("T")
Settings = Mapping[str, Scalar]  # by dotted name, as `RunConfig.with_settings` takes them
PLAIN = {
    str: say("a text"),
    bool: say("true or false"),
    int: say("a whole number"),
    float: say("a number"),
}


def one_of(*words: str, default: Any = MISSING) -> Any:
    """A field that holds one of these words, or in a tuple several of them."""
    return field(default=default, metadata={"words": words})


def the_rest() -> Any:
    """The field that takes every setting which is no key of its own; of type Settings."""
    return field(default_factory=dict, metadata={"rest": True})


def read_toml(text: str, file: str) -> dict[str, Any]:
    """The tables of a file. Raises Refusal for what is not TOML."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Refusal("{file} is not valid TOML: {error}.", file=file, error=str(error)) from None
    except RecursionError:
        raise Refusal("{file} is nested too deeply.", file=file) from None


def table(kind: type[T], values: Any, file: str, where: str = "") -> T:
    """`values` as the dataclass `kind`; `where` is the table's own key in the file.

    Raises Refusal, naming file and key and what is allowed.
    """
    if not isinstance(values, dict):
        raise _wrong(file, where, values, say("a table"))
    known = {f.name: f for f in fields(kind)}  # pyright: ignore[reportArgumentType]
    rest = next((name for name, f in known.items() if f.metadata.get("rest")), None)
    keys = [name for name in known if name != rest]
    hints = get_type_hints(kind)
    read: dict[str, Any] = {}
    others: dict[str, Any] = {}
    for key, value in values.items():
        if key in keys:
            words = known[key].metadata.get("words", ())
            read[key] = _value(hints[key], value, file, _path(where, key), words)
        elif rest:
            others[key] = value
        else:
            raise Refusal(
                "{file}: {key} is not a key; allowed here: {keys}.",
                file=file,
                key=_path(where, key),
                keys=", ".join(keys),
            )
    for key in keys:
        if _required(known[key]) and read.get(key, "") == "":
            what = _allowed(hints[key], known[key].metadata.get("words", ()))
            raise Refusal(
                "{file}: {key} is missing; it must be {allowed}.",
                file=file,
                key=_path(where, key),
                allowed=what,
            )
    return kind(**read, **({rest: _settings(others, file, where)} if rest else {}))


def _required(entry: Field[Any]) -> bool:
    return entry.default is MISSING and entry.default_factory is MISSING


def _path(where: str, key: str) -> str:
    return f"{where}.{key}" if where else key


def _value(hint: Any, value: Any, file: str, key: str, words: tuple[str, ...]) -> Any:
    kinds = [kind for kind in get_args(hint) if kind is not NoneType]
    if NoneType in get_args(hint):
        return _value(kinds[0], value, file, key, words)
    if is_dataclass(hint):
        return table(hint, value, file, key)  # pyright: ignore[reportArgumentType]
    if get_origin(hint) is tuple:
        if not isinstance(value, list):
            raise _wrong(file, key, value, _allowed(hint, words))
        return tuple(
            _value(kinds[0], item, file, f"{key}[{i}]", words) for i, item in enumerate(value, 1)
        )
    if hint == Settings:
        return _settings(value, file, key)
    if get_origin(hint) is Mapping:
        if not isinstance(value, dict):
            raise _wrong(file, key, value, say("a table"))
        return {
            name: table(kinds[1], inner, file, f"{key}.{name}") for name, inner in value.items()
        }
    if hint is float and type(value) is int:
        value = float(value)
    if type(value) is not hint or (words and value not in words):
        raise _wrong(file, key, value, _allowed(hint, words))
    return value


def _allowed(hint: Any, words: tuple[str, ...]) -> Sentence:
    if get_origin(hint) is tuple and is_dataclass(get_args(hint)[0]):
        return say("a list of tables")
    if get_origin(hint) is tuple:
        return say("a list; each of it {allowed}", allowed=_allowed(get_args(hint)[0], words))
    if words:
        return say("one of {words}", words=", ".join(word or '""' for word in words))
    return PLAIN.get(hint, say("a table"))


def _settings(values: Any, file: str, where: str) -> Settings:
    """Nested tables as dotted settings: {"method": {"tau": 0.1}} -> {"method.tau": 0.1}."""
    if not isinstance(values, dict):
        raise _wrong(file, where, values, say("a table"))
    flat: dict[str, Scalar] = {}
    for key, value in values.items():
        if isinstance(value, dict):
            inner = _settings(value, file, _path(where, key))
            flat |= {f"{key}.{name}": scalar for name, scalar in inner.items()}
        elif isinstance(value, Scalar):
            flat[key] = value
        else:
            raise _wrong(file, _path(where, key), value, say("a text, a number, true or false"))
    return flat


def _wrong(file: str, key: str, value: Any, allowed: Sentence) -> Refusal:
    return Refusal(
        "{file}: {key} is {value}; it must be {allowed}.",
        file=file,
        key=key,
        value=repr(value)[:80],
        allowed=allowed,
    )
