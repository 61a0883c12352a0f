from __future__ import annotations

import html
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.text import ELLIPSIS, clip, clip_escaped, escape, one_line, unescape, visible

JOINER = "\u200d"
TEXT = st.text(st.characters(exclude_categories=["Cs"])) | st.text("a &<>;éb̀👩🏽‍🚀\n", max_size=40)


def test_markup_is_escaped_and_nothing_else_changes() -> None:
    assert escape("<!channel> & *bold* _x_ `y` <@U1>") == "&lt;!channel&gt; &amp; *bold* _x_ `y` &lt;@U1&gt;"


@given(TEXT)
def test_what_was_escaped_is_undone(text: str) -> None:
    assert unescape(escape(text)) == text
    assert html.unescape(escape(text)) == html.unescape(text.replace("&", "&amp;"))


def test_nothing_is_undone_twice() -> None:
    assert unescape("&amp;lt;b&amp;gt;") == "&lt;b&gt;"


@given(TEXT, st.integers(1, 50))
def test_a_clipped_text_fits_and_is_the_beginning_of_the_whole(text: str, limit: int) -> None:
    clipped = clip(text, limit)
    assert len(clipped) <= limit
    if clipped != text:
        assert clipped.endswith(ELLIPSIS)
        kept = clipped.removesuffix(ELLIPSIS)
        assert text.startswith(kept)
        assert not kept or not text[len(kept) :].startswith(JOINER)


@pytest.mark.parametrize(
    ("text", "limit", "clipped"),
    [
        ("Café Expresso", 13, "Café Expresso"),
        ("Café Expresso", 12, "Café Expres…"),
        ("Café Expresso", 6, "Café…"),
        ("Cafe\u0301s", 5, "Caf…"),
        ("ab👩\u200d🚀", 4, "ab…"),
        ("a👍🏽x", 3, "a…"),
        ("\u0301\u0301\u0301", 2, "…"),
        ("abc", 1, "…"),
    ],
)
def test_a_cut_spares_accents_and_joined_emoji(text: str, limit: int, clipped: str) -> None:
    assert clip(text, limit) == clipped


@given(TEXT, st.integers(8, 50))
def test_a_cut_spares_escapes(text: str, limit: int) -> None:
    clipped = clip_escaped(escape(text), limit)
    assert len(clipped) <= limit
    assert "&" not in clipped.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")


@given(TEXT)
def test_one_line_is_one(text: str) -> None:
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert "  " not in line
    assert line == line.strip()


@given(TEXT)
def test_what_is_visible_holds_no_control(text: str) -> None:
    shown = visible(text)
    assert not {char for char in shown if unicodedata.category(char) in {"Cc", "Cf"}} - {"\n", JOINER}
    assert visible(shown).rstrip() == shown.rstrip()


def test_a_turned_around_price_is_turned_back() -> None:
    assert visible("Café\u202e € 02,1") == "Café € 02,1"
