"""Words, numbers and times as each language writes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n import LANGUAGES, Language, Words, language_of
from bot.items.price import read_price

EN, PT = Words("en"), Words("pt")
PRICES = st.decimals(min_value=0, max_value=10**9, allow_nan=False, allow_infinity=False, places=6)


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("pt-BR", "pt"),
        ("pt-PT", "pt"),
        ("pt_PT", "pt"),
        ("PT", "pt"),
        ("en-US", "en"),
        ("en-GB", "en"),
        ("fr-FR", "default"),
        ("ptolemaic", "default"),
        ("", "default"),
        (None, "default"),
    ],
)
@pytest.mark.parametrize("default", LANGUAGES)
def test_any_portuguese_is_ours(locale: str | None, language: str, default: Language) -> None:
    assert language_of(locale, default) == (default if language == "default" else language)


def test_a_sentence_with_its_values() -> None:
    assert EN.text("write.deleted", id="7", name="{id}") == "Item no. 7, {id}, was deleted."
    assert PT.text("write.deleted", id="7", name="Café") == "O artigo n.º 7, Café, foi eliminado."
    with pytest.raises(KeyError):
        EN.text("write.deleted", id="7")


def test_a_sentence_by_number() -> None:
    assert EN.plural("help.same", 1, others="/artigos") == "/artigos does the same."
    assert PT.plural("help.same", 2, others="/items e /clients") == "/items e /clients fazem o mesmo."


def test_lists_of_words() -> None:
    assert EN.listing(["a", "b", "c"]) == "a, b and c"
    assert PT.listing(["a", "b", "c"]) == "a, b e c"
    assert EN.listing([]) == ""


def test_numbers_keep_every_digit() -> None:
    assert EN.number(1234567) == "1,234,567"
    assert PT.number(Decimal("12345.6789")) == "12\u00a0345,6789"
    assert EN.number(Decimal("0.000000001")) == "0.000000001"


def test_money_to_the_cent_and_exactly() -> None:
    assert EN.exact_money(Decimal("24.3902")) == "€24.3902"
    assert PT.exact_money(Decimal("24.3902")) == "24,3902\u00a0€"
    assert EN.exact_money(Decimal("1.500")) == "€1.50"
    assert EN.exact_money(Decimal(7)) == "€7.00"


@given(PRICES, st.sampled_from([EN, PT]))
def test_a_price_in_a_form_reads_back_as_the_same_amount(price: Decimal, words: Words) -> None:
    assert read_price(words.plain_price(price)) == price


def test_a_price_in_a_form_cannot_be_read_in_two_ways() -> None:
    assert EN.plain_price(Decimal("1.234")) == "1.2340"
    assert PT.plain_price(Decimal("1.234")) == "1,2340"
    assert PT.plain_price(Decimal("1234.5")) == "1234,50"


@pytest.mark.parametrize(("rate", "en", "pt"), [("23", "23%", "23%"), ("13.5", "13.5%", "13,5%"), ("0", "0%", "0%")])
def test_rates(rate: str, en: str, pt: str) -> None:
    assert EN.percent(Decimal(rate)) == en
    assert PT.percent(Decimal(rate)) == pt


def test_moments_are_in_the_reader_s_zone() -> None:
    moment = datetime(2026, 7, 1, 12, tzinfo=UTC)
    assert EN.moment(moment) == "1 Jul 2026, 12:00:00"
    assert Words("pt", ZoneInfo("Europe/Lisbon")).moment(moment) == "01/07/2026, 13:00:00"


def test_spans() -> None:
    assert EN.span(timedelta(minutes=3)) == "3 minutes"
    assert PT.ago(timedelta(hours=1)) == "há 1 hora"
    assert EN.ago(timedelta(seconds=40)) == "40 seconds ago"
