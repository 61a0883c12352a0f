from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n import LANGUAGES, Language, Words
from bot.items.price import PriceProblem, PriceRefused, read_price

PRICES = st.decimals(min_value=0, max_value=10**9, allow_nan=False, allow_infinity=False, places=None).map(
    lambda value: Decimal(format(value, "f")[:30])
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("12,5", "12.5"),
        ("12.50", "12.50"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1 234,56", "1234.56"),
        ("1\u00a0234,56", "1234.56"),
        ("1'234.50", "1234.50"),
        ("€ 9,99", "9.99"),
        ("9,99 €", "9.99"),
        ("EUR 5", "5"),
        ("+5", "5"),
        (" 12 ", "12"),
        (".5", "0.5"),
        (",99", "0.99"),
        ("0.123", "0.123"),
        ("1234.567", "1234.567"),
        ("1.234.567", "1234567"),
        ("1,234,567.8", "1234567.8"),
        ("1.234,567", "1234.567"),
        ("1 234", "1234"),
        ("0", "0"),
        ("24,3902", "24.3902"),
    ],
)
def test_a_price_is_read_as_it_is_meant(typed: str, meant: str) -> None:
    assert read_price(typed) == Decimal(meant)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", PriceProblem.EMPTY),
        ("  ", PriceProblem.EMPTY),
        ("€", PriceProblem.EMPTY),
        ("-3", PriceProblem.NEGATIVE),
        ("€ -3", PriceProblem.NEGATIVE),
        ("−3", PriceProblem.NEGATIVE),
        ("3-", PriceProblem.NEGATIVE),
        ("abc", PriceProblem.NOT_A_NUMBER),
        ("5.", PriceProblem.NOT_A_NUMBER),
        ("1e5", PriceProblem.NOT_A_NUMBER),
        ("NaN", PriceProblem.NOT_A_NUMBER),
        ("1.23.456", PriceProblem.NOT_A_NUMBER),
        ("1..2", PriceProblem.NOT_A_NUMBER),
        ("12,50,3", PriceProblem.NOT_A_NUMBER),
        ("12 34", PriceProblem.NOT_A_NUMBER),
        ("٣", PriceProblem.NOT_A_NUMBER),
        ("1" * 32, PriceProblem.NOT_A_NUMBER),
        ("0," + "1" * 31, PriceProblem.NOT_A_NUMBER),
        ("1" * 71, PriceProblem.NOT_A_NUMBER),
    ],
)
def test_what_is_no_price_is_refused(typed: str, problem: PriceProblem) -> None:
    with pytest.raises(PriceRefused) as refusal:
        read_price(typed)
    assert refusal.value.problem is problem


@pytest.mark.parametrize("typed", ["1.234", "1,234", "12.345", "999,999", "012.345", "001,234"])
def test_an_ambiguous_price_is_refused_with_both_readings(typed: str) -> None:
    with pytest.raises(PriceRefused) as refusal:
        read_price(typed)
    assert refusal.value.problem is PriceProblem.AMBIGUOUS
    large, small = refusal.value.readings
    assert large == small * 1000


@pytest.mark.parametrize("language", LANGUAGES)
@given(value=PRICES)
def test_what_a_form_shows_reads_back_as_the_same_price(language: Language, value: Decimal) -> None:
    assert read_price(Words(language).plain_price(value)) == value


@given(text=st.text(max_size=60) | st.text("0123456789.,-+€ 'eur", max_size=20))
def test_any_text_is_a_price_or_is_refused(text: str) -> None:
    with suppress(PriceRefused):
        assert read_price(text) >= 0
