from pathlib import Path

import pytest

from sslviz.config import RunConfig
from sslviz.runs.store import RunWriter, create_run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return create_run(RunConfig(seed=7), tmp_path)


@pytest.fixture
def writer(folder: Path):
    writer = RunWriter(folder)
    yield writer
    writer.release()
