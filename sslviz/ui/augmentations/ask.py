"""The server's side of the studio: one process with torch, shared by all visitors.

The server itself never imports torch (+690 MB, and pauses); it asks `python -m sslviz.studio`.
"""

import json
import select
import subprocess
import sys
from pathlib import Path
from threading import Lock
from typing import Any

import streamlit as st

from sslviz.refusal import Refusal, read_sentence

ROOT = Path(__file__).parents[3]
PATIENCE = 120.0  # seconds; the first answer waits for torch to be imported


class Studio:
    """A child process that answers one JSON line with one JSON line; started when first asked."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, question: str, **facts: Any) -> dict[str, Any]:
        """The studio's answer. Raises Refusal with its one sentence where it refuses.

        A studio that has died or stopped answering is replaced, and asked once more.
        """
        line = json.dumps({"ask": question, **facts}).encode() + b"\n"
        with self._lock:
            try:
                answer = self._exchange(line)
            except OSError:
                self._end()
                answer = self._exchange_or_refuse(line)
        if "error" in answer:
            raise Refusal("{reason}", reason=read_sentence(answer["error"]))
        return answer

    def close(self) -> None:
        with self._lock:
            self._end()

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def _exchange(self, line: bytes) -> dict[str, Any]:
        process = self._started()
        assert process.stdin and process.stdout
        process.stdin.write(line)
        process.stdin.flush()
        if not select.select([process.stdout], [], [], PATIENCE)[0]:
            raise OSError("no answer")
        answer = process.stdout.readline()
        if not answer.endswith(b"\n"):
            raise OSError("the studio ended")
        return json.loads(answer)

    def _exchange_or_refuse(self, line: bytes) -> dict[str, Any]:
        try:
            return self._exchange(line)
        except OSError:
            self._end()
            raise Refusal(
                "The process that draws images does not answer; the server's log says why."
            ) from None

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "sslviz.studio"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                cwd=ROOT,
            )
        return self._process

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


@st.cache_resource(show_spinner=False, on_release=Studio.close)
def studio() -> Studio:
    return Studio()


@st.cache_data(max_entries=200, show_spinner=False)
def _answer(question: str, facts: str) -> dict[str, Any]:
    return studio().ask(question, **json.loads(facts))


def ask(question: str, **facts: Any) -> dict[str, Any]:
    """The studio's answer, remembered for all visitors: equal questions have equal answers."""
    return _answer(question, json.dumps(facts, sort_keys=True))
