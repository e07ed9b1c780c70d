"""Which folders hold the training and which the held-out images, from their names and nesting.

Indices are into the list of files; `folders` holds, for each file, the folders it lies in.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from unicodedata import normalize

Folders = Sequence[tuple[str, ...]]
Groups = dict[str, list[int]]

_WORDS = {
    "other": "unlabeled unlabelled unlabel extra extras unsup unsupervised unused pred predict "
    "prediction predictions sample samples background backgrounds submission 미분류 예측",
    "train": "train training trn trainval learning 훈련 학습",
    "test": "test testing tst eval evaluation holdout heldout 시험 테스트 평가",
    "val": "val valid validation dev devel development 검증",
}
ROLES = {word: role for role, words in _WORDS.items() for word in words.split()}
_FILLERS = (
    "set sets split data dataset images image imgs img pictures photos files folder 용 데이터"
)
FILLERS = set(f"{_FILLERS} 데이터셋 이미지 사진 세트 셋".split())
_AT_THE_END = re.compile(f"({'|'.join(sorted(FILLERS, key=len, reverse=True))})$")


@dataclass(frozen=True)
class Split:
    """Names of folders with the files in them; `other` are neither, `stray` lie outside all.

    `depth`: where in the path of a file its class is to be looked for.
    """

    train: Groups
    test: Groups
    val: Groups
    other: Groups
    stray: list[int]
    depth: int


@dataclass(frozen=True)
class Classes:
    """The files of each class, and those outside the class folders. No classes: all are stray."""

    members: Groups
    stray: list[int]


def role(name: str) -> tuple[str, frozenset[str]]:
    """(train, test, val, other or "", the words of a folder's name that say nothing of it)."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", normalize("NFC", name)).casefold()
    words = re.sub("held[ _-]out", "heldout", words)
    tokens = [_plain(word) for word in re.findall(r"[^\W\d_]+", words)]
    found = {ROLES[token] for token in tokens if token in ROLES}
    rest = frozenset(token for token in tokens if token not in ROLES and token not in FILLERS)
    return next((kind for kind in _WORDS if kind in found), ""), rest


def _plain(word: str) -> str:
    """trainset, testdata, 학습용 -> train, test, 학습."""
    while word not in FILLERS and word not in ROLES and (end := _AT_THE_END.search(word)):
        word = word[: end.start()]
    return word


def groups(members: Sequence[int], folders: Folders, depth: int) -> Groups:
    """The files by the name of the folder at `depth`, sorted; without those not so deep."""
    found: Groups = {}
    for k in members:
        if len(folders[k]) > depth:
            found.setdefault(folders[k][depth], []).append(k)
    return dict(sorted(found.items()))


def unwrapped(
    members: Sequence[int], folders: Folders, depth: int, known: Sequence[str] = ()
) -> tuple[list[int], int]:
    """Goes into a folder as long as it is the only one, whatever single files lie beside it.

    Stops where a folder has one of the `known` names. The files that are left, and the depth.
    """
    inside = list(members)
    while True:
        below = groups(inside, folders, depth)
        if len(below) != 1 or set(below) & set(known):
            return inside, depth
        (only,) = below.values()
        if not groups(only, folders, depth + 1):
            return inside, depth
        inside, depth = only, depth + 1


def classes(
    members: Sequence[int], folders: Folders, depth: int, known: Sequence[str] = ()
) -> Classes:
    """At least two class folders, or one of the `known` names; else no classes."""
    inside, depth = unwrapped(members, folders, depth, known)
    found = groups(inside, folders, depth)
    if len(found) < 2 and not set(found) & set(known):
        return Classes({}, list(members))
    chosen = {k for one in found.values() for k in one}
    return Classes(found, [k for k in members if k not in chosen])


def split(members: Sequence[int], folders: Folders) -> Split | None:
    """The folders for training and for testing; None where there are only classes, or nothing."""
    inside, depth = unwrapped(members, folders, 0)
    top = groups(inside, folders, depth)
    roles = _roles(top, folders, depth)
    at = depth + 1 if roles else depth
    roles = roles or _roles_in_classes(top, folders, depth)
    if not roles:
        return None
    parts: dict[str, Groups] = {"train": {}, "test": {}, "val": {}, "other": {}}
    chosen: set[int] = set()
    for (name, kind), some in roles.items():
        parts[kind].setdefault(name, []).extend(some)
        chosen |= set(some)
    stray = [k for k in members if k not in chosen]
    return Split(**parts, stray=stray, depth=at)


Roles = dict[tuple[str, str], list[int]]  # (name, role) -> files


def _roles(top: Groups, folders: Folders, depth: int) -> Roles | None:
    said = {name: role(name) for name in top}
    trains = [name for name, (kind, _) in said.items() if kind == "train"]
    tests = [name for name, (kind, _) in said.items() if kind in ("test", "val")]
    below = {name: set(groups(some, folders, depth + 1)) for name, some in top.items()}
    if trains and tests:
        trains = [a for a in trains if any(_belong(a, b, said, below) for b in tests)]
        tests = [b for b in tests if any(_belong(a, b, said, below) for a in trains)]
    elif len(top) > 1 and len(tests) == len(top):
        return {(name, "train"): some for name, some in top.items()}  # nothing else to train on
    elif trains:
        others = [name for name in top if name not in trains]
        named = all(said[name][0] == "other" for name in others)
        # a class called "train" has no folders, or its neighbours have some too
        alone = all(len(below[a]) > 1 for a in trains) and not any(below[b] for b in others)
        plain = all(not said[name][1] for name in trains)
        trains = trains if plain and len(top) > 1 and (named or alone) else []
    if not trains:
        return None
    kinds = {name: said[name][0] for name in [*trains, *tests]}
    return {(name, kinds.get(name, "other")): some for name, some in top.items()}


def _belong(
    a: str, b: str, said: Mapping[str, tuple[str, frozenset[str]]], below: Mapping[str, set[str]]
) -> bool:
    """train_birds and test_birds do, or folders with some of the same folders inside."""
    return said[a][1] == said[b][1] or bool(below[a] & below[b])


def _roles_in_classes(top: Groups, folders: Folders, depth: int) -> Roles | None:
    """cat/train, cat/test, dog/train ...: the split inside each class."""
    found: Roles = {}
    for some in top.values():
        for name, members in groups(some, folders, depth + 1).items():
            kind, rest = role(name)
            if not kind or rest:
                return None
            found.setdefault((name, kind), []).extend(members)
    kinds = {kind for _, kind in found}
    every = all(
        any(role(name)[0] == "train" for name in groups(some, folders, depth + 1))
        for some in top.values()
    )
    return found if every and "train" in kinds and kinds & {"test", "val"} else None
