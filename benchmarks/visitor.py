"""Somebody who looks for things by their words, with a mouse or by keyboard alone."""

from playwright.sync_api import Locator, Page

from sslviz.ui.text import translate

SLOW = 90_000  # milliseconds: a small machine trains beside the browser
MOST_TABS = 150


class Visitor:
    """Somebody who looks for things by their words; counts what it takes."""

    def __init__(self, page: Page, address: str, language: str, by_keys: bool) -> None:
        self.page, self.address, self.language, self.by_keys = page, address, language, by_keys
        self.clicks = self.tabs = 0
        page.set_default_timeout(SLOW)

    def say(self, text: str) -> str:
        return translate(text, self.language)

    def go_home(self) -> None:
        self.page.goto(f"{self.address}/?lang={self.language}")

    def button(self, text: str) -> Locator:
        return self.page.get_by_role("button", name=self.say(text)).first

    def press(self, target: Locator, key: str = "Enter") -> None:
        """A click, or Tab until it has the focus and then a key."""
        target.wait_for()
        if self.by_keys:
            self.reach(target)
            self.key(key)
        else:
            target.click()
            self.clicks += 1

    def reach(self, target: Locator) -> None:
        """Goes on by Tab until `target`, or what is in it, has the focus."""
        here = "(n) => n.matches(':focus') || n.querySelector(':focus') !== null"
        for _ in range(MOST_TABS):
            if target.evaluate(here):
                return
            self.page.keyboard.press("Tab")
            self.tabs += 1
        raise AssertionError(f"The keyboard does not reach {target}.")

    def key(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.clicks += 1

    def choose(self, label: str, option: str) -> None:
        """Takes an option of a menu of Streamlit's."""
        field = self.page.get_by_test_id("stSelectbox").filter(has_text=self.say(label)).first
        box = field.locator("input")
        if self.by_keys:
            self.reach(box)
        else:
            self.press(box)
        self.page.keyboard.type(self.say(option))
        self.clicks += 1
        found = self.page.get_by_role("option", name=self.say(option)).first
        found.wait_for()
        if self.by_keys:
            self.key("Enter")
        else:
            self.press(found)
