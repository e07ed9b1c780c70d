"""Languages: which one a visitor gets, and that translations are read from the catalogues."""

import polib
import pytest
from streamlit.testing.v1 import AppTest

from sslviz.ui.text import LOCALE, catalogue, translate


def asked() -> None:
    import streamlit as st

    from sslviz.ui import state
    from sslviz.ui.text import _, language

    if st.button("switch"):
        state.set_language("ko")
    st.text(f"{language()}|{_('Steps')}")


def shown(app: AppTest) -> str:
    assert not app.exception
    return app.text[0].value


def test_english_is_the_text_itself() -> None:
    assert shown(AppTest.from_function(asked).run()) == "en|Steps"


def test_the_url_decides() -> None:
    app = AppTest.from_function(asked)
    app.query_params["lang"] = "ko"
    assert shown(app.run()) == f"ko|{catalogue('ko')['Steps']}"


@pytest.mark.parametrize("nonsense", ["xx", "", "../../etc", "ko-KP\n"])
def test_an_unknown_language_is_english(nonsense: str) -> None:
    app = AppTest.from_function(asked)
    app.query_params["lang"] = nonsense
    assert shown(app.run()) == "en|Steps"


def test_a_choice_lasts_and_goes_into_the_url() -> None:
    app = AppTest.from_function(asked).run()
    app.button[0].click().run()
    assert shown(app).startswith("ko|")
    assert app.query_params["lang"] == "ko"
    del app.query_params["lang"]
    assert shown(app.run()).startswith("ko|")


def test_catalogue_equals_the_files() -> None:
    path = LOCALE / "ko" / "sslviz.po"
    for entry in polib.pofile(str(path)):
        assert translate(entry.msgid, "ko") == entry.msgstr


def test_a_missing_translation_falls_back_to_english() -> None:
    assert translate("no such text", "ko") == "no such text"
    assert translate("Steps", "en") == "Steps"
