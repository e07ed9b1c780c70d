"""Whatever text comes from outside is shown as it is: no picture, no link, no request."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Page, expect

from sslviz.evaluate.records import evaluation_path
from sslviz.refusal import say
from tests.browser.conftest import app
from tests.runs.damage import images, whole_run

SLOW = 120_000
PICTURE = "![x](http://evil.example/{}.png)"
MARKUP = '<img src="http://evil.example/{}.png"><a href="http://evil.example">b</a>'
LINKS = "[l](http://evil.example) www.evil.example me@evil.example :red[r] :material/home: a -> b"
NAMED = "x![x](\\\\evil.example\\c.png)"  # a folder may be called so


def hostile(where: str) -> str:
    return f"{PICTURE.format(where)} {MARKUP.format(where)} {LINKS}"


@pytest.fixture(scope="module")
def own_runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def server(own_runs: Path) -> Iterator[str]:
    with app(own_runs) as address:
        yield address


@pytest.fixture(scope="module")
def run(own_runs: Path) -> str:
    """A run with foreign text wherever a file may hold some, and damaged ones beside it."""
    folder = whole_run(own_runs, "hostile")
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"data": f"/a/{hostile('data')}"}))
    about = {"created_at": 2**31, "name": hostile("name")}
    (folder / "about.json").write_text(json.dumps(about))
    told = json.loads((folder / "status.json").read_text())
    told |= {
        "state": "failed",
        "error": hostile("error"),
        "notes": [hostile("note"), say("{a}", a=hostile("fact")).to_json()],
        "device_name": hostile("device"),
    }
    (folder / "status.json").write_text(json.dumps(told))
    with (folder / "events.jsonl").open("a") as file:
        for event in (
            {"kind": "set", "knob": "method.tau", "old": hostile("old"), "new": hostile("new")},
            {"kind": "error", "message": hostile("message")},
            {"kind": "verdict", "old": hostile("v"), "new": hostile("w"), "reason": hostile("r")},
        ):
            file.write(json.dumps({"step": 7, **event}) + "\n")
    with (folder / "metrics.jsonl").open("a") as file:
        row = {"step": 12, "loss": 1.0, f"term_{hostile('term')}": 1.0, "snapshot": True}
        file.write(json.dumps(row | {f"probe_{hostile('probe')}_h": 0.5, "knn_h": 0.5}) + "\n")
    arrays = images()
    info = json.loads(str(arrays["info"])) | {"class_names": [hostile("class"), NAMED]}
    import numpy as np

    np.savez(folder / "images.npz", **(arrays | {"info": np.array(json.dumps(info))}))
    (record,) = (folder / "evaluations").glob("*.json")
    found = json.loads(record.read_text()) | {"class_names": [hostile("evaluated"), NAMED]}
    record.write_text(json.dumps(found))
    failed = evaluation_path(folder, "20260101-000000-knn-aaaaaa")
    facts = {"id": failed.stem, "state": "failed", "error": hostile("why"), "protocol": "linear"}
    facts["settings"] = found["settings"] | {"protocol": "linear"}
    failed.write_text(json.dumps(found | facts))
    for k, text in enumerate((hostile("broken"), NAMED)):
        damaged = own_runs / f"2026010{k}-000000-damaged-00000{k}"
        damaged.mkdir()
        wrong = {"method": text, "lr": text, text: text}
        (damaged / "config.json").write_text(json.dumps(wrong))
    named = own_runs / "<img src=http:evil.example> www.evil.example"
    named.mkdir()
    (named / "config.json").write_text("{}")
    return folder.name


def watch(page: Page, server: str) -> list[str]:
    """Collects requests to elsewhere, and whatever the page's policy had to stop."""
    wrong: list[str] = []

    def asked(url: str) -> None:
        if urlsplit(url).scheme in ("http", "https", "ws") and urlsplit(url).netloc != (
            urlsplit(server).netloc
        ):
            wrong.append(url)

    page.on("request", lambda request: asked(request.url))
    page.on(
        "console",
        lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None,
    )
    page.set_default_timeout(SLOW)
    return wrong


def assert_plain(page: Page, wrong: list[str]) -> None:
    """CSS of Playwright looks into the panels' shadow roots too."""
    page.wait_for_timeout(1000)  # what a picture would need to be asked for
    assert wrong == []
    for element in ('img[src*="evil"]', 'a[href*="evil"]', '[style*="evil"]'):
        expect(page.locator(element)).to_have_count(0)
    expect(page.get_by_test_id("stException")).to_have_count(0)


PARAMETERS = (
    *("lang", "run", "step", "method", "runs", "protocol", "against", "recipe", "code"),
    *("embed", "preset", "data", "nothing"),
)
SHOWN = {  # what of it a page shows, as it is
    "": "Runs",
    "train_live": "There is no run '![x](http:\u2060//evil.example/run.png)",
    "augmentations": "Colour alone",
    "methods": "There is no method '![x](http:\u2060//evil.example/method.png)",
    "evaluate": "How good is the encoder?",
}


@pytest.mark.parametrize("path", SHOWN)
def test_a_link_makes_no_browser_ask_elsewhere(
    page: Page, server: str, run: str, path: str
) -> None:
    wrong = watch(page, server)
    asked = "&".join(f"{name}={quote(hostile(name))}" for name in PARAMETERS)
    page.goto(f"{server}/{path}?{asked}")
    expect(page.locator("body")).to_contain_text(SHOWN[path], timeout=SLOW)
    assert_plain(page, wrong)


def test_a_recipe_in_a_link_is_plain_text(page: Page, server: str, run: str) -> None:
    for recipe in (
        {"method": hostile("method")},
        {"data": hostile("data")},
        {"preset": hostile("preset")},
        {hostile("key"): hostile("value")},
    ):
        wrong = watch(page, server)
        page.goto(f"{server}/train_live?lang=en&recipe={quote(json.dumps(recipe))}")
        expect(page.locator("body")).to_contain_text("evil.example", timeout=SLOW)
        assert_plain(page, wrong)


def test_what_stands_in_a_runs_files_is_plain_text(page: Page, server: str, run: str) -> None:
    wrong = watch(page, server)
    page.goto(f"{server}/train_live?lang=en&run={run}&against={quote(hostile('against'))}")
    expect(page.locator(".st-key-live-strip")).to_contain_text("evil.example", timeout=SLOW)
    expect(page.locator(".st-key-live-loss .main-svg").first).to_be_visible(timeout=SLOW)
    page.locator(".st-key-live-runs button, .st-key-live\\.runs button").first.click()
    expect(page.get_by_text("Compare with").or_(page.get_by_text("no other run"))).to_be_visible()
    assert_plain(page, wrong)


def test_what_stands_in_an_evaluation_is_plain_text(page: Page, server: str, run: str) -> None:
    wrong = watch(page, server)
    page.goto(f"{server}/evaluate?lang=en&runs={run}&protocol=knn")
    expect(page.get_by_role("tab", name="Confusion")).to_be_visible(timeout=SLOW)
    for tab in ("Number of labels", "Confusion", "Mistakes"):
        page.get_by_role("tab", name=tab).click()
        page.wait_for_timeout(500)
    assert_plain(page, wrong)
    page.goto(f"{server}/evaluate?lang=en&runs={run}&protocol=linear")
    expect(page.locator("body")).to_contain_text("//evil.example/why.png", timeout=SLOW)
    assert_plain(page, wrong)
