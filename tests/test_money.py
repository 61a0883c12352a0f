from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from babel.numbers import format_currency
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n import Words

AMOUNTS = st.decimals(min_value=-(10**12), max_value=10**12, allow_nan=False, allow_infinity=False, places=5)


@pytest.mark.parametrize(("language", "locale"), [("en", "en_GB"), ("pt", "pt_PT")])
@given(value=AMOUNTS)
def test_money_is_written_as_babel_writes_it(language: str, locale: str, value: Decimal) -> None:
    cents = value.quantize(Decimal("0.01"), ROUND_HALF_UP)
    words = Words("pt" if language == "pt" else "en")
    assert words.money(value) == format_currency(cents, "EUR", locale=locale)


def test_half_a_cent_is_rounded_up_as_on_invoices() -> None:
    assert Words("en").money(Decimal("0.125")) == "€0.13"
    assert Words("en").money(Decimal("2.675")) == "€2.68"


def test_an_amount_of_any_size_is_written() -> None:
    assert Words("en").money(Decimal(10) ** 40).startswith("€10,000")
