"""The scripts of the panels, asked for over a real socket."""

import gzip
from http.client import HTTPConnection, HTTPResponse

import pytest

from sslviz.feed.scripts import files, imports, modules, styles
from sslviz.ui.assets import digest, loader

SCRIPTS = [path for path in files() if path.endswith(".js")]
PANELS = [path.split("/")[1] for path in SCRIPTS if path.endswith("/index.js")]


def get(port: int, path: str, **headers: str) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("GET", path, headers=named)
    reply = connection.getresponse()
    body = reply.read()
    connection.close()
    return reply, body


@pytest.mark.parametrize("prefix", ["", "/class/7"])
def test_every_file_is_kept_for_good_under_its_digest(port: int, prefix: str):
    for path, body in files().items():
        reply, got = get(port, f"{prefix}/sslviz/assets/{digest()}/{path}")
        assert (reply.status, got) == (200, body)
        assert reply.headers["cache-control"] == "public, max-age=31536000, immutable"
        kind = "text/javascript" if path.endswith(".js") else "text/css"
        assert reply.headers["content-type"] == f"{kind}; charset=utf-8"


def test_files_are_zipped_for_those_who_can_unzip(port: int):
    path = f"/sslviz/assets/{digest()}/feed/feed.js"
    reply, got = get(port, path, Accept_Encoding="gzip, br")
    assert reply.headers["content-encoding"] == "gzip" and reply.headers["vary"]
    assert gzip.decompress(got) == files()["feed/feed.js"]


@pytest.mark.parametrize(
    "path",
    ["0123456789/feed/feed.js", "{}/feed/nothing.js", "{}/../../app.py", "{}/%2e%2e/app.py"]
    + ["{}/feed/..%2f..%2fapp.py", "{}//etc/passwd", "{}/feed", "{}/", "{}/locale/ko/train.po"]
    + ["{}/feed/feed.js%00", "{}/./feed/feed.js"],
)
def test_another_version_and_anything_else_is_not_there(port: int, path: str):
    reply, body = get(port, "/sslviz/assets/" + path.format(digest()))
    assert reply.status == 404
    assert b"import" not in body and b"msgid" not in body


def test_imports_lead_to_files_and_nowhere_round():
    for path in SCRIPTS:
        assert set(imports(path)) <= set(files())
        for other in imports(path):
            assert path not in modules(other), f"{path} and {other} import each other"


@pytest.mark.parametrize("panel", PANELS)
def test_a_loader_names_the_whole_graph_of_its_panel(panel: str):
    script = loader(panel)
    wanted = modules("kit/streamlit.js", f"panels/{panel}/index.js")
    assert all(f"'{path}'" in script for path in wanted)
    assert digest() in script and len(script) < 3000
    if panel in ("compare", "ready"):  # they are made of other panels
        return
    other = [f"panels/{name}/" for name in PANELS if name != panel]
    assert not [path for path in wanted if path.startswith(tuple(other))]


def test_styles_are_those_of_the_panel_and_of_the_frame_it_stands_in():
    assert ".tip {" in styles("matrix", framed=True) and ".orders {" in styles(
        "matrix", framed=True
    )
    assert ".tip {\n  position: fixed" not in styles("methods", framed=False)


def test_every_folder_of_a_panel_has_its_index():
    folders = {path.split("/")[1] for path in files() if path.startswith("panels/")}
    assert folders == set(PANELS)
