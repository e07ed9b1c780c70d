import pytest

from sslviz.config import RunConfig
from sslviz.data.load import load_data
from tests.data.made import folder, zipped


@pytest.fixture
def load(tmp_path):
    def load(path, progress=None, **settings):
        config = RunConfig(data=str(path), **settings)
        return load_data(config, tmp_path / "cache", progress)

    return load


@pytest.fixture(params=["folder", "zip"])
def stored(request, tmp_path):
    """Stores files as a folder or as a zip: both must behave alike."""

    def stored(files):
        if request.param == "folder":
            return folder(tmp_path / "pets", files)
        return zipped(tmp_path / "pets.zip", files)

    return stored
