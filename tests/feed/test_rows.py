"""Rows on their way to a page: thinned histories, and a file read as it grows."""

import json
from pathlib import Path

import numpy as np

from sslviz.feed.rows import MetricsTail, thinned


def test_long_histories_are_thinned_but_keep_snapshots_and_the_end():
    rows = [
        {"step": step, "snapshot": True} if step % 50 == 0 else {"step": step}
        for step in range(9001)
    ]
    rows.append({"step": 9001})
    kept = thinned(rows)
    steps = [row["step"] for row in kept]
    assert len(kept) == 2000 and steps == sorted(set(steps)) and steps[-1] == 9001
    assert [row["step"] for row in kept if row.get("snapshot")] == list(range(0, 9001, 50))
    assert max(np.diff(steps)) <= 10
    assert thinned(rows[:2000]) == rows[:2000]


def test_a_tail_reads_a_file_in_pieces_as_it_grows(tmp_path: Path):
    path = tmp_path / "metrics.jsonl"
    tail = MetricsTail(path)
    assert tail.read() == []
    text = "".join(json.dumps({"step": i // 2, f"m{i % 2}": i}) + "\n" for i in range(40))
    for end in range(0, len(text), 7):
        path.write_text(text[:end])
        whole = text[:end].count("\n")
        assert [row["step"] for row in tail.read()] == list(range((whole + 1) // 2))
    path.write_text('{"step": 9}\n')
    assert tail.read() == [{"step": 9}]
