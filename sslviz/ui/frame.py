"""The chrome around every page: title, language, navigation, style."""

import json
from pathlib import Path

import streamlit as st

from sslviz.refusal import Refusal
from sslviz.runs.read import runs_root
from sslviz.runs.room import trouble
from sslviz.ui import header, state
from sslviz.ui.assets import digest
from sslviz.ui.text import _, language, literal, marked, speaking
from sslviz.ui.theme import style

ROOT = Path(__file__).parents[2]
ICON = ROOT / "assets" / "pictures" / "icon.png"


# What only a script may say of the whole document: its language; the size, for the next visit; what
# its terms mean.
_SCRIPT = """<script>
document.documentElement.lang = "{language}";
document.cookie = "sslviz_large={size}; path=/; max-age=31536000; SameSite=Lax";
{{
  const own = [...document.scripts].find((script) => script.src.includes("/static/js/"));
  const terms = new URL("../../sslviz/assets/{files}/kit/terms.js", own.src);
  import(terms).then(({{ explainTerms }}) => explainTerms());
}}
</script>"""


def home() -> st.Page:
    return _page("learn/home.py", _("Home"), "", default=True)


def train_live() -> st.Page:
    return _page("lab/train_live.py", _("Train live"), "train_live")


def augmentations() -> st.Page:
    return _page("lab/augmentations.py", _("Augmentations"), "augmentations")


def evaluate() -> st.Page:
    return _page("lab/evaluate.py", _("Evaluate"), "evaluate")


def ablations() -> st.Page:
    return _page("lab/ablations.py", _("Ablations"), "ablations")


def compare() -> st.Page:
    return _page("lab/compare.py", _("Compare"), "compare")


def classics() -> st.Page:
    return _page("lab/classics.py", _("Classics"), "classics")


def replay() -> st.Page:
    return _page("present/replay.py", _("Replay"), "replay")


def talk() -> st.Page:
    return _page("present/talk.py", _("Talk"), "talk")


def methods() -> st.Page:
    return _page("learn/methods.py", _("Methods"), "methods")


def _page(path: str, title: str, url: str, default: bool = False) -> st.Page:
    """Pages carry no icon: Streamlit would fetch it from a Google server as the tab's icon."""
    place = ROOT / "pages" / path
    return st.Page(place, title=title, url_path=url or None, default=default)


def link(page: st.Page, label: str, icon: str | None = None, **query: str) -> None:
    """A link to a page that keeps the language; `query` is what the page is to show."""
    st.page_link(page, label=label, icon=icon, query_params={"lang": language(), **query})


def compare_with(*runs: str) -> None:
    """A link to Compare with these runs, a single one beside those that were compared last."""
    before = state.listed("runs") if len(runs) == 1 else []
    wanted = list(dict.fromkeys([*before, *runs]))
    link(compare(), _("Compare side by side"), ":material/compare:", runs=",".join(wanted))


def _groups() -> dict[str, tuple[str, list[st.Page]]]:
    """Folder below pages/ -> its title, and the pages in it in their order."""
    lab = [train_live(), augmentations(), evaluate(), compare(), ablations(), classics()]
    return {
        "learn": (_("Learn"), [home(), methods()]),
        "lab": (_("Lab"), lab),
        "present": (_("Present"), [replay(), talk()]),
    }


def show() -> None:
    """Draws the frame and runs the page the URL names."""
    chosen = language()
    state.set_language(chosen)
    with speaking(chosen):
        _show()


def _show() -> None:
    groups = _groups()
    pages = [page for _title, group in groups.values() for page in group]
    page = st.navigation(pages, position="hidden")
    st.set_page_config(f"{page.title} · sslviz", str(ICON), layout="wide")
    st.html(style() + (style("large") if state.large() else "") + _streamlits_words())
    facts = {"language": language(), "size": int(state.large()), "files": digest()}
    st.html(_SCRIPT.format(**facts), unsafe_allow_javascript=True)
    header.show(groups, page)
    page.run()


def _streamlits_words() -> str:
    """What Streamlit says in English only, for the style sheet to say in the visitor's language."""
    most = _("{mb} MB at most").format(mb=st.get_option("server.maxUploadSize"))
    words = {"upload": _("Choose a file"), "upload-most": most}
    said = "; ".join(
        f"--{name}: {json.dumps(text, ensure_ascii=False)}" for name, text in words.items()
    )
    return f"<style>:root {{ {said} }}</style>"


def failed(error: Exception) -> bool:
    """Shows a page's error as one sentence; its traceback stands in the server's log."""
    if isinstance(error, Refusal):
        st.error(marked(error))
    elif isinstance(error, OSError):
        st.error(marked(trouble(error, Path(error.filename or runs_root()))))
    else:
        kind = f"{type(error).__name__}: {error}"
        text = _("This page met an error ({kind}); the server's log has the details.")
        st.error(text.format(kind=literal(kind)))
    return True
