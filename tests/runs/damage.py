"""A whole run folder, and ways to damage it: for the tests of readers and `benchmarks.faults`.

A damage is three numbers, so that any of them can be made again: which file, how, and a seed.
"""

import io
import json
import os
import random
import shutil
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from sslviz.config import RunConfig
from sslviz.evaluate.protocols import EvaluationConfig
from sslviz.evaluate.records import create_evaluation, evaluation_path
from sslviz.runs.about import write_about
from sslviz.runs.arrays import write_arrays
from sslviz.runs.changes import write_plan
from sslviz.runs.files import write_json
from sslviz.runs.store import RunWriter, create_run

Damage = Callable[[Path, random.Random], None]
CLASSES = ["disc", "square"]
STEPS = (0, 10, 20)  # of its snapshots; the last is set aside


def whole_run(root: Path, name: str) -> Path:
    """A finished run with everything that a run folder may hold."""
    folder = create_run(RunConfig(steps=20), root, name)
    writer = RunWriter(folder)
    writer.images(images())
    for step in STEPS:
        writer.metrics({"step": step, "loss": 2.0, "knn_h": 0.5, "verdict": "healthy"})
        writer.snapshot(step, snapshot())
        writer.checkpoint(lambda path: path.write_bytes(b"weights"), {"step": step})
    for step in (7, 15):  # one of them is set aside below
        writer.metrics({"step": step, "loss": 2.0, "glance": True, "feature_std_z": 0.8})
        writer.glance(step, glance())
    changed = {"knob": "method.tau", "old": 0.2, "new": 0.3, "command": "1-a"}
    writer.event("set", 5, **changed)
    writer.rewind(10)
    writer.metrics({"step": 11, "loss": 1.5})
    writer.status(state="finished", step=11, device="cpu", device_name="CPU", threads=1)
    writer.release()
    write_about(folder, "A run")
    write_plan(folder, [(3, {"method.tau": 0.4})])
    write_json(folder / "exit.json", {"attempt": 1, "signal": 9, "memory": False})
    write_json(folder / "launch.json", json.loads((folder / "lease.json").read_text()))
    (folder / "worker.log").write_text("A line.\n")
    evaluation(folder)
    return folder


def images() -> dict[str, np.ndarray]:
    dice = np.random.default_rng(0)
    info = {"class_names": CLASSES, "factors": {"hue": {"kind": "circular", "names": []}}}
    return {
        "probe": dice.integers(0, 256, (6, 8, 8, 3)).astype(np.uint8),
        "views": dice.integers(0, 256, (4, 8, 8, 3)).astype(np.uint8),
        "labels": np.arange(6, dtype=np.int16) % 2,
        "diag_labels": np.zeros(2, np.int16),
        "factor_hue": dice.random(6).astype(np.float32),
        "info": np.array(json.dumps(info)),
    }


def snapshot() -> dict[str, np.ndarray]:
    dice = np.random.default_rng(0)
    return {
        "layout_h_pca": dice.normal(size=(6, 3)).astype(np.float16),
        "layout_z_sphere": dice.normal(size=(6, 3)).astype(np.float16),
        "neighbours_h": dice.integers(0, 6, (6, 5)).astype(np.int16),
        "spectrum_h": dice.random(4).astype(np.float32),
        "similarity": dice.random((4, 4)).astype(np.float16),
        "histogram_positive": dice.integers(0, 9, 8).astype(np.int32),
    }


def glance() -> dict[str, np.ndarray]:
    """Every second image of `snapshot`."""
    names = ("layout_h_pca", "layout_z_sphere")
    whole = snapshot()
    shown = {"similarity": whole["similarity"], "histogram_positive": whole["histogram_positive"]}
    return {name: whole[name][1::2] for name in names} | shown | {"part": np.array([1, 2])}


def evaluation(folder: Path) -> str:
    """A finished evaluation with its tiles."""
    made = create_evaluation(folder, EvaluationConfig())
    path = evaluation_path(folder, made)
    result = {"labels": 1.0, "n_labels": 10, "seeds": [0], "accuracies": [0.5], "mean": 0.5}
    facts = {
        "state": "finished",
        "progress": 1.0,
        "class_names": CLASSES,
        "n_train": 10,
        "n_test": 4,
        "chance": 0.5,
        "step": 20,
        "confusion": [[1, 1], [1, 1]],
        "wrong": {"index": [1, 2], "true": [0, 1], "predicted": [1, 0]},
        "shown": {"labels": 1.0, "seed": 0},
        "results": [result | {"std": None, "extra": {}}],
        "words": "Nearest neighbours.",
    }
    write_json(path, json.loads(path.read_text()) | facts)
    write_arrays(path.with_suffix(".npz"), {"tiles": images()["probe"][:2]})
    return made


def files(folder: Path) -> list[Path]:
    """All files of a run and the queue beside it, in a fixed order."""
    own = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != "lease.lock")
    return [*own, folder.parent / ".queue" / f"{7:020d}_{folder.name}"]


ODD: list[Any] = [
    None, True, -1, 0, 1.5, 2**63, 10**15, -(10**18), "", "x", "../../etc", "\x00", "é" * 3000,
    "<b>![x](http://x.invalid/y.png)</b>", [], [[[]]], {}, {"template": 3}, {"template": "{a}{b}"},
    {"template": "x", "facts": {"a": {"template": "y", "facts": []}}}, ["a"], [None], [1] * 9,
]  # fmt: skip
TOKENS = [
    "NaN",
    "Infinity",
    "-Infinity",
    "1e400",
    "9" * 5000,
    '"\\ud800"',
    '"\\u0000"',
    "[" * 99999,
]
TEXTS = [
    b"", b"{", b"null", b"[]", b"3", b'"x"', b"[" * 100_000, b"\xff\xfe{\x00}\x00", b"\x00" * 64,
    b"\xef\xbb\xbf{}", b'{"a": NaN}', b'{"step": "x"}\n', b'{"step": -5}\n{"step": 1}',
]  # fmt: skip


def missing(path: Path, dice: random.Random) -> None:
    path.unlink()


def cut(path: Path, dice: random.Random) -> None:
    os.truncate(path, int(path.stat().st_size * dice.random()))


def flipped(path: Path, dice: random.Random) -> None:
    data = bytearray(path.read_bytes() or b"x")
    for _ in range(dice.choice((1, 3, 30))):
        data[dice.randrange(len(data))] = dice.randrange(256)
    path.write_bytes(bytes(data))


def garbage(path: Path, dice: random.Random) -> None:
    path.write_bytes(dice.randbytes(dice.choice((1, 50, 5000))))


def text(path: Path, dice: random.Random) -> None:
    path.write_bytes(dice.choice(TEXTS))


def link(path: Path, dice: random.Random) -> None:
    path.unlink()
    path.symlink_to(dice.choice(("/etc/hostname", "/dev/zero", "/", "nowhere", path.name)))


def pipe(path: Path, dice: random.Random) -> None:
    path.unlink()
    os.mkfifo(path)


def directory(path: Path, dice: random.Random) -> None:
    path.unlink()
    path.mkdir()


def huge(path: Path, dice: random.Random) -> None:
    os.truncate(path, 1 << 40)


def field(path: Path, dice: random.Random) -> None:
    """One value of a table, or of one line, becomes an odd one; or a key is added or lost."""
    lines = path.read_bytes().splitlines() if path.suffix == ".jsonl" else [path.read_bytes()]
    k = dice.randrange(len(lines)) if lines else 0
    try:
        table = json.loads(lines[k])
    except (ValueError, IndexError):
        return garbage(path, dice)
    holder, key = _place(table, dice)
    if dice.random() < 0.15:
        holder[f"of_a_newer_version_{dice.random()}"] = 1
    elif dice.random() < 0.15:
        del holder[key]
    else:
        holder[key] = dice.choice(ODD) if dice.random() < 0.7 else "@@"
    lines[k] = json.dumps(table).replace('"@@"', dice.choice(TOKENS)).encode()
    path.write_bytes(b"\n".join(lines) + b"\n")


def _place(table: Any, dice: random.Random) -> tuple[Any, Any]:
    """A table or list somewhere inside, and a key of it."""
    while True:
        keys = list(table) if isinstance(table, dict) else list(range(len(table)))
        if not keys:
            return {"": 0}, ""
        key = dice.choice(keys)
        if not isinstance(table[key], dict | list) or not table[key] or dice.random() < 0.3:
            return table, key
        table = table[key]


def arrays(path: Path, dice: random.Random) -> None:
    """One array of an npz becomes one of another kind, shape or value; others are left."""
    if path.suffix != ".npz":
        return garbage(path, dice)
    with np.load(path) as held:
        known = {name: held[name] for name in held.files}
    name = dice.choice(list(known))
    n = len(known[name]) if known[name].ndim else 1
    odd: list[Any] = [
        np.array([{}], dtype=object), np.zeros((n, 3), complex), np.array(["x"] * n), np.zeros(()),
        np.zeros((n, 0)), np.zeros((0, 3)), np.zeros((n, 3, 3)), np.full((n, 3), np.nan),
        np.full((n, 3), np.inf), np.zeros((n + 1, 3), np.float16), np.full((n, 5), 99, np.int16),
        np.zeros(n, dtype=[("a", "i4")]), np.zeros((1, 1), np.uint64), np.zeros(n, bool),
        np.zeros((n, 8, 9, 3), np.uint8), np.zeros((1, 3000, 3000, 3), np.uint8), np.array("{"),
        np.array('{"factors": [], "class_names": 3}'), np.zeros(n, "datetime64[s]"),
        np.array("[1]"),
    ]  # fmt: skip
    with path.open("wb") as file:
        np.savez(file, allow_pickle=True, **known | {name: dice.choice(odd)})


def archive(path: Path, dice: random.Random) -> None:
    """A zip that is not what an npz should be: lies about sizes, strange or many members."""
    header = np.lib.format.header_data_from_array_1_0(np.zeros(1))
    shapes = [(10**12,), (2**40, 2**40), (-1,), (3,)]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for k in range(dice.choice((1, 2, 3, 5, 600))):
            member = io.BytesIO()
            np.lib.format.write_array_header_1_0(member, header | {"shape": dice.choice(shapes)})
            out.writestr(f"{k}.npy", member.getvalue() + bytes(dice.choice((0, 24, 5000))))
        out.writestr("x.txt", b"no array")


KINDS: dict[str, Damage] = {
    kind.__name__: kind
    for kind in (
        missing,
        cut,
        flipped,
        garbage,
        text,
        link,
        pipe,
        directory,
        huge,
        field,
        arrays,
        archive,
    )  # fmt: skip
}


def damage(folder: Path, file: int, kind: str, seed: int) -> str:
    """Damages one file of a copy of `whole_run`; returns what was done, in words."""
    known = files(folder)
    path = known[file % len(known)]
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        path.touch()
    KINDS[kind](path, random.Random(seed))
    return f"{path.relative_to(folder.parent)} {kind} {seed}"


def restored(folder: Path, whole: Path) -> None:
    """Makes `folder` a copy of `whole` again; only what differs is written anew."""
    for path in sorted(folder.rglob("*"), reverse=True):
        own = whole / path.relative_to(folder)
        if not os.path.lexists(own) or _mark(path) != _mark(own):
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    for own in sorted(whole.rglob("*")):
        path = folder / own.relative_to(whole)
        if not os.path.lexists(path):
            path.mkdir() if own.is_dir() else shutil.copy2(own, path)


def _mark(path: Path) -> tuple[int, ...]:
    facts = path.lstat()
    kind = stat.S_IFMT(facts.st_mode)
    return (kind,) if stat.S_ISDIR(kind) else (kind, facts.st_size, facts.st_mtime_ns)


def copied(whole: Path, root: Path, name: str | None = None) -> Path:
    """A copy of a whole run under `root`, by default with the same name."""
    return Path(shutil.copytree(whole, root / (name or whole.name)))
