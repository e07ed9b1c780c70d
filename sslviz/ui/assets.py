"""The JavaScript and the styles of the panels, served below a path that names their digest.

A file under such a path never changes, so browsers keep it for good and never mix two versions:
after a change every path is another one, and the old ones are gone (404).
"""

import gzip
from functools import cache
from hashlib import blake2b
from pathlib import PurePosixPath

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sslviz.feed.scripts import KINDS, files, modules

KEPT = "public, max-age=31536000, immutable"

# What a component's script is. Streamlit runs it from a blob: URL, where relative imports do not
# resolve, so it finds the server beside Streamlit's own script. The whole graph of imports is asked
# for at once: followed one by one, each file would wait for the one that imports it.
LOADER = """
const own = [...document.scripts].find((script) => script.src.includes("/static/js/"));
const base = new URL("../../sslviz/assets/{digest}/", own.src);
for (const path of {modules}) {{
  const link = document.createElement("link");
  document.head.append(Object.assign(link, {{ rel: "modulepreload", href: base + path }}));
}}
export default async function (component) {{
  const [streamlit, panel] = await Promise.all([
    import(base + "kit/streamlit.js"), import(base + "{panel}"),
  ]);
  return streamlit.mounted(component, panel.default);
}}
"""


@cache
def digest() -> str:
    """A name for exactly these files."""
    state = blake2b(digest_size=10)
    for path, body in sorted(files().items()):
        state.update(f"{path}\0{len(body)}\0".encode() + body)
    return state.hexdigest()


def loader(panel: str) -> str:
    """The script of the component that shows `assets/panels/<panel>/index.js`."""
    path = f"panels/{panel}/index.js"
    wanted = modules("kit/streamlit.js", path)
    return LOADER.format(digest=digest(), modules=wanted, panel=path)


@cache
def _zipped(path: str) -> bytes:
    return gzip.compress(files()[path], 6, mtime=0)


async def asset(request: Request) -> Response:
    """A file of this version; only the paths of `files` exist, whatever is asked for."""
    path = request.path_params["path"]
    if request.path_params["digest"] != digest() or path not in files():
        sentence = {"error": "There is no such file in this version of the app."}
        return JSONResponse(sentence, 404, {"Cache-Control": "no-store"})
    headers = {"Cache-Control": KEPT, "X-Content-Type-Options": "nosniff"}
    headers["Vary"] = "Accept-Encoding"
    body = files()[path]
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        body = _zipped(path)
    return Response(body, media_type=KINDS[PurePosixPath(path).suffix], headers=headers)
