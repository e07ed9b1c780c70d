"""`python -m tests.locale.texts` brings the catalogue of every language up to the code.

A catalogue is `assets/locale/<language>/sslviz.po`: one entry a text, with the places where the
text stands. New texts come in empty, texts that are gone leave, translations stay. What lies in
other .po files of the folder is taken in, and wins; those files are removed.
"""

import sys
from pathlib import Path

import polib
from babel import Locale, UnknownLocaleError

from sslviz.ui.text import LOCALE
from tests.locale.sources import all_texts

NAME = "sslviz.po"
Places = dict[str, list[tuple[str, int]]]


def main() -> None:
    texts = all_texts()
    for folder in sorted(path for path in LOCALE.iterdir() if path.is_dir()):
        entries = rewrite(folder, texts)
        print(f"{folder.name}: {len(entries)} texts, {len(entries.untranslated_entries())} empty")


def rewrite(folder: Path, texts: Places) -> polib.POFile:
    """The catalogue in `folder`, made anew from `texts` and from the translations it holds."""
    known = translations(folder)
    entries = polib.POFile(wrapwidth=100)
    entries.metadata = {
        "Language": folder.name,
        "Language-Name": own_name(folder.name),
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
    }
    for text, places in sorted(texts.items(), key=lambda item: (item[1][0], item[0])):
        where = [(path, str(line)) for path, line in places]
        entries.append(polib.POEntry(msgid=text, msgstr=known.get(text, ""), occurrences=where))
    entries.save(str(folder / NAME))
    for other in folder.glob("*.po"):
        if other.name != NAME:
            other.unlink()
    return entries


def translations(folder: Path) -> dict[str, str]:
    """English -> translation, of all catalogues in `folder`; those beside NAME win."""
    paths = sorted(folder.glob("*.po"), key=lambda path: (path.name != NAME, path.name))
    found: dict[str, str] = {}
    for path in paths:
        found |= {e.msgid: e.msgstr for e in polib.pofile(str(path)) if e.msgstr and not e.obsolete}
    return found


def own_name(language: str) -> str:
    """What a language calls itself; ends the program where its folder is named after none."""
    try:
        return str(Locale.parse(language).get_display_name()).capitalize()
    except (UnknownLocaleError, ValueError):
        sys.exit(f"assets/locale/{language} is not named after a language, such as ja or pt_BR.")


if __name__ == "__main__":
    main()
