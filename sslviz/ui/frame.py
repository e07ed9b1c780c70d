"""The chrome around every page: title, language, navigation, style."""

from pathlib import Path

import streamlit as st

from sslviz.refusal import Refusal
from sslviz.runs.read import runs_root
from sslviz.runs.room import trouble
from sslviz.ui import code_field, state
from sslviz.ui.assets import digest
from sslviz.ui.text import LANGUAGES, _, language, literal, marked, speaking
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


def show() -> None:
    """Draws the frame and runs the page the URL names."""
    chosen = language()
    state.set_language(chosen)
    with speaking(chosen):
        _show()


def _show() -> None:
    lab = [train_live(), augmentations(), methods(), evaluate(), compare(), ablations()]
    page = st.navigation([home(), *lab, classics(), replay(), talk()], position="top")
    st.set_page_config(f"{page.title} · sslviz", str(ICON), layout="wide")
    st.html(style() + (style("large") if state.large() else ""))
    facts = {"language": language(), "size": int(state.large()), "files": digest()}
    st.html(_SCRIPT.format(**facts), unsafe_allow_javascript=True)
    with st.container(key="frame-right", horizontal=True, gap="small", width="content"):
        code_field.show()
        _size_switch()
        _language_switch()
    page.run()


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


def _size_switch() -> None:
    """Letters that the back row can read; remembered for the next visit."""
    st.button(
        _("Large"),
        key="frame-size",
        icon=":material/format_size:",
        type="primary" if state.large() else "secondary",
        help=_("For a projector: letters of at least 20 pixels."),
        on_click=lambda: state.set_large(not state.large()),
    )


def _language_switch() -> None:
    def choose() -> None:
        state.set_language(state.widget("language_switch") or language())

    if state.widget("language_switch") != language():  # setting it anew would undo a fresh click
        state.set_widget("language_switch", language())
    st.segmented_control(
        _("Language"),
        list(LANGUAGES),
        format_func=LANGUAGES.__getitem__,
        key="language_switch",
        on_change=choose,
        label_visibility="collapsed",
    )
