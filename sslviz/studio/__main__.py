"""`python -m sslviz.studio` reads one JSON question a line (`{"ask": name, ...}`) and answers each
with one JSON line: what was asked for, or `{"error": sentence}`. It ends when its input closes."""

import json
import os
import sys

import torch

from sslviz.studio.questions import answer


def serve() -> None:
    own = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a library prints must not look like an answer
    torch.set_num_threads(max(1, (os.cpu_count() or 2) // 2))
    for line in sys.stdin:
        own.write(json.dumps(answer(line)) + "\n")
        own.flush()


if __name__ == "__main__":
    serve()
