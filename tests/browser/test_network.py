"""An app that others can reach: looking is free, acting needs the code, foreign pages get none."""

import http.client
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from sslviz.runs import process
from tests.browser.conftest import app

SLOW = 120_000


@pytest.fixture(scope="module")
def own_runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def server(own_runs: Path) -> Iterator[str]:
    with app(own_runs, "--server.address", "0.0.0.0", SSLVIZ_CODE="frog 7") as address:
        yield address


def made(runs: Path) -> list[Path]:
    return [path.parent for path in runs.glob("2*/config.json")]


def test_the_code_is_typed_once_and_then_one_may_act(
    page: Page, server: str, own_runs: Path
) -> None:
    page.set_default_timeout(SLOW)
    page.goto(f"{server}/train_live?lang=en")
    train = page.get_by_role("button", name="Train", exact=True)
    train.first.click()
    expect(page.get_by_text("until the code is typed")).to_be_visible(timeout=SLOW)
    assert made(own_runs) == []
    field = page.locator("input[name=code]")
    for code in ("toad", "frog 7"):
        page.get_by_role("button", name="Look only").click()
        field.fill(code)
        field.press("Enter")
        page.wait_for_url("**code=wrong**" if code == "toad" else lambda url: "wrong" not in url)
    expect(train.first).to_be_visible(timeout=SLOW)
    page.goto(f"{server}/methods?lang=en")  # a page of its own, as another day
    expect(page.get_by_text("Data flow")).to_be_visible(timeout=SLOW)
    expect(page.get_by_role("button", name="Look only")).to_have_count(0)
    page.goto(f"{server}/train_live?lang=en")
    train.first.click()
    expect(page.locator(".st-key-live-strip")).to_be_visible(timeout=SLOW)
    (folder,) = made(own_runs)
    process.kill(folder)


def stream(server: str, **headers: str) -> int:
    """Status of the answer to a WebSocket's opening with these headers."""
    asked = http.client.HTTPConnection(urlsplit(server).netloc, timeout=60)
    opening = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13"}
    opening |= {
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
        "Sec-WebSocket-Protocol": "streamlit",
    }
    asked.request("GET", "/_stcore/stream", headers=opening | headers)
    status = asked.getresponse().status
    asked.close()
    return status


def test_a_foreign_page_gets_no_stream_and_a_foreign_name_no_page(server: str) -> None:
    assert stream(server, Origin=server) == 101
    assert stream(server, Origin="http://evil.example") == 403
    assert stream(server, Origin="http://localhost:1") == 403
    assert stream(server, Host="evil.example") == 403
    for path in ("/", "/_stcore/health", "/sslviz/plotly.min.js", "/static/x.js"):
        asked = http.client.HTTPConnection(urlsplit(server).netloc, timeout=60)
        asked.request("GET", path, headers={"Host": "evil.example"})
        answer = asked.getresponse()
        assert answer.status == 403 and "not a name of this app" in answer.read().decode()
        asked.close()
