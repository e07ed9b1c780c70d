"""Tiles and bars as HTML: numbers in their places, and nothing a visitor wrote becomes markup."""

from html.parser import HTMLParser

from sslviz.ui.augmentations import bars, tiles

HOSTILE = '"><script>alert(1)</script>'


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.values: list[dict[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.values.append(dict(attrs))


def test_class_names_stay_text() -> None:
    tags = Tags(tiles.picker(["AAAA"], [HOSTILE], 0))
    assert tags.names == ["div", "button", "img"]
    assert tags.values[1]["title"] == HOSTILE == tags.values[2]["alt"]


def test_one_image_is_chosen() -> None:
    pressed = [v["aria-pressed"] for v in Tags(tiles.picker(["A"] * 3, [""] * 3, 1)).values[1::2]]
    assert pressed == ["false", "true", "false"]


def test_draws_are_written_with_their_units() -> None:
    draws = [["rotate", {"angle": -12.4}], ["crop", {"area": 0.5}]]
    html = tiles.pairs("A", [[{"image": "A", "draws": draws}], [{"image": "A", "draws": []}]])
    for text in (
        "<dt>Rotation</dt><dd>angle -12°</dd>",
        "<dd>area 50%</dd>",
        "Nothing was changed",
    ):
        assert text in html


def test_share_marks_value_and_chance() -> None:
    html = bars.share(0.875, 1 / 128, HOSTILE)
    assert "<b>88%</b>" in html and "width:87.5%" in html and "left:0.8%" in html
    assert "<script" not in html


def test_cosine_outline_is_scaled_to_its_highest_bin() -> None:
    row = {"found": 1.0, "positive": 1.0, "negative": 0.0}
    html = bars.cosines("x", row | {"positive_bins": [0, 8], "negative_bins": [4, 2]})
    assert 'class="positive" d="M0 78V78.0H200.0V2.0H400.0V78Z"' in html
    assert 'class="negative" d="M0 78V2.0H200.0V40.0H400.0V78Z"' in html
