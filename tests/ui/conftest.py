"""The routes of the app behind a real socket, for the tests that ask them."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.applications import Starlette

from sslviz.ui.routes import routes


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Where the routes answer, on this machine alone."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = free.getsockname()[1]
    config = uvicorn.Config(Starlette(routes=routes), port=number, log_level="warning")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield number
    server.should_exit = True
    thread.join()
