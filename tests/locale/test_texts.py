"""The catalogues: complete, nothing dead in them, and one folder is all that a language needs.

What fails is mended by `python -m tests.locale.texts`, and by translating what it leaves empty.
"""

import re
from pathlib import Path

import polib
import pytest

from sslviz.ui.text import LANGUAGES, LOCALE, languages
from tests.locale.sources import ROOT, all_texts, in_python
from tests.locale.texts import NAME, own_name, rewrite, translations

TEXTS = all_texts()
FOLDERS = sorted(path for path in LOCALE.iterdir() if path.is_dir())
SLOTS = re.compile(r"\{[^}]*\}")
each_language = pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)


def entries(folder: Path) -> list[polib.POEntry]:
    return [entry for path in sorted(folder.glob("*.po")) for entry in polib.pofile(str(path))]


@each_language
def test_every_text_is_translated(folder: Path) -> None:
    known = translations(folder)
    assert not {text: places[0] for text, places in TEXTS.items() if text not in known}


@each_language
def test_no_entry_is_dead(folder: Path) -> None:
    assert not [entry.msgid for entry in entries(folder) if entry.msgid not in TEXTS]


@each_language
def test_every_entry_names_a_file_that_exists(folder: Path) -> None:
    """Lines move with every change of the code; files must be there."""
    for entry in polib.pofile(str(folder / NAME)):
        assert entry.occurrences, entry.msgid
        assert all((ROOT / path).is_file() and line for path, line in entry.occurrences)


@each_language
def test_translations_keep_their_slots(folder: Path) -> None:
    for entry in entries(folder):
        slots = (sorted(SLOTS.findall(text)) for text in (entry.msgid, entry.msgstr))
        assert len({tuple(found) for found in slots}) == 1, entry.msgid


@each_language
def test_one_text_has_one_translation(folder: Path) -> None:
    seen: dict[str, set[str]] = {}
    for entry in entries(folder):
        seen.setdefault(entry.msgid, set()).add(entry.msgstr)
    assert not {text: found for text, found in seen.items() if len(found) > 1}


def test_places_are_those_of_the_texts() -> None:
    """Texts that stand in one piece are on the very line that is named."""
    for text in (
        "Train a real encoder and watch it learn",
        "There is no run {run}.",
        "Batch size N",
    ):
        for path, line in TEXTS[text]:
            assert text in (ROOT / path).read_text("utf-8").splitlines()[line - 1]


def test_marks_are_found_wherever_they_stand(tmp_path: Path) -> None:
    code = tmp_path / "page.py"
    code.write_text(
        '_("one" \n "piece")\nf"{_(\'inside\')}"\nRefusal("a {b}", b=say("word"))\n'
        'state.say("key", "x")\n_(name)\nsay(f"no {b}")\n'
    )
    with code.open("rb") as file:
        found = {
            text: line for line, _, text, _ in in_python(file, {"_", "say", "Refusal"}, (), {})
        }
    assert found == {"onepiece": 1, "inside": 3, "a {b}": 4, "word": 4}


def test_a_third_language_is_one_folder(tmp_path: Path) -> None:
    folder = tmp_path / "ja"
    folder.mkdir()
    made = rewrite(folder, {"Steps": [("sslviz/config.py", 5)], "new": [("app.py", 1)]})
    assert [entry.msgid for entry in made.untranslated_entries()] == ["new", "Steps"]
    assert languages(tmp_path) == {"en": "English", "ja": "日本語"}
    assert languages(tmp_path / "none") == {"en": "English"}


def test_what_was_translated_stays_and_other_files_are_taken_in(tmp_path: Path) -> None:
    folder = tmp_path / "ko"
    folder.mkdir()
    places = {"a": [("app.py", 3)], "b": [("app.py", 1)], "c": [("app.py", 2)]}
    older = 'msgid "a"\nmsgstr "가"\n\nmsgid "gone"\nmsgstr "없다"\n\nmsgid "b"\nmsgstr "옛"\n'
    (folder / NAME).write_text(older, encoding="utf-8")
    (folder / "branch.po").write_text('msgid "b"\nmsgstr "새"\n', encoding="utf-8")
    made = rewrite(folder, places)
    assert [(entry.msgid, entry.msgstr) for entry in made] == [("b", "새"), ("c", ""), ("a", "가")]
    assert [path.name for path in folder.iterdir()] == [NAME]
    first = (folder / NAME).read_bytes()
    rewrite(folder, places)
    assert (folder / NAME).read_bytes() == first


def test_a_folder_that_is_named_after_no_language_is_one_sentence() -> None:
    with pytest.raises(SystemExit, match="not named after a language"):
        own_name("kanguage")


def test_the_languages_of_the_app_are_the_folders() -> None:
    assert LANGUAGES == {"en": "English"} | {path.name: own_name(path.name) for path in FOLDERS}
