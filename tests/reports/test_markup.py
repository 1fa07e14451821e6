from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from pytest_compiled_ai.reports.markup import Html, join, tag


def test_text_becomes_text_and_markup_stays():
    assert tag("p", "a < b", tag("b", "&")) == "<p>a &lt; b<b>&amp;</b></p>"
    assert join("<", Html("<br>")) == "&lt;<br>"
    assert tag("ul", (tag("li", each) for each in ("a", "b"))) == "<ul><li>a</li><li>b</li></ul>"


def test_attributes_are_escaped_and_empty_ones_left_out():
    assert tag("a", "x", href='"><script>', class_="", aria_label="n") == (
        '<a href="&quot;&gt;&lt;script&gt;" aria-label="n">x</a>'
    )
    assert tag("meta", charset="utf-8", http_equiv="y") == '<meta charset="utf-8" http-equiv="y">'


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.text = ""

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, attrs))

    def handle_data(self, data):
        self.text += data


@given(st.text(), st.text(min_size=1))
def test_whatever_a_text_holds_it_comes_back_as_it_was(text, value):
    reader = Reader()
    reader.feed(tag("p", text, title=value))
    reader.close()
    assert reader.tags == [("p", [("title", value)])]
    assert reader.text == text
