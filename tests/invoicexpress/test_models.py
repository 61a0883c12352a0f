from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.invoicexpress.answers import read_item
from bot.invoicexpress.models import Client, Item, ItemDraft, Tax, as_json
from bot.invoicexpress.wire import Answer

prices = st.decimals(
    min_value=0, max_value=Decimal(10) ** 12, allow_nan=False, allow_infinity=False, places=None
).filter(lambda price: int(price.as_tuple().exponent) >= -30)


def item(**fields: Any) -> Item:
    return Item.model_validate({"id": 1, "unit_price": 1} | fields)


@given(prices, st.booleans())
def test_a_price_keeps_every_digit_on_its_way_in_and_out(price: Decimal, quoted: bool) -> None:  # noqa: FBT001 - drawn
    written = f'"{price}"' if quoted else str(price)
    read = read_item(Answer(200, {}, f'{{"item": {{"id": 1, "unit_price": {written}}}}}'.encode()))
    sent = json.loads(json.dumps(as_json(read.draft())))["item"]["unit_price"]
    assert read.unit_price == price
    assert Decimal(sent) == price
    assert "E" not in sent
    assert sent.partition(".")[2] == format(price, "f").partition(".")[2]


@pytest.mark.parametrize(
    "price", ["1E+999999999", "1E-999999999", "0E+999999", "NaN", "-Infinity", "", "x", True, None, "1,2"]
)
def test_what_is_no_amount_is_refused(price: object) -> None:
    with pytest.raises(ValidationError):
        item(unit_price=price)


@pytest.mark.parametrize("number", [True, False, None, "x", 1.5, Decimal("1E+999999999"), Decimal("1.5"), "9" * 5000])
def test_what_is_no_id_is_refused(number: object) -> None:
    with pytest.raises(ValidationError):
        item(id=number)


@pytest.mark.parametrize("number", [402321, "402321", Decimal(402321)])
def test_an_id_is_a_number_or_a_string(number: object) -> None:
    assert item(id=number).id == 402321


@pytest.mark.parametrize("tax", [None, {}, [], "", {"name": None, "value": None}, {"name": "", "value": 0}])
def test_no_tax_comes_in_many_shapes(tax: object) -> None:
    assert item(tax=tax).tax is None


def test_an_item_without_its_optional_fields() -> None:
    assert item(name=None, description=None, unit=None).draft() == ItemDraft(name="", unit_price=Decimal(1))


@pytest.mark.parametrize("rate", [23, "23.0", Decimal("23.0")])
def test_the_gross_price_is_unrounded(rate: object) -> None:
    taxed = item(unit_price="24.3902", tax={"name": "IVA23", "value": rate, "comment": "tax value:23.0%"})
    assert taxed.gross_price == Decimal("29.999946")
    assert taxed.draft().tax == "IVA23"
    assert item(unit_price="24.3902").gross_price == Decimal("24.3902")


@pytest.mark.parametrize("field", ["name", "description", "unit"])
def test_half_a_surrogate_pair_is_no_text(field: str) -> None:
    with pytest.raises(ValidationError):
        item(**{field: "\ud83d"})
    with pytest.raises(ValidationError):
        item(tax={"name": "\ud83d", "value": 1})


def test_text_that_came_as_a_number_is_its_digits() -> None:
    client = Client.model_validate({"id": "7", "code": 12345, "send_options": 1, "fiscal_id": "796 1350 07"})
    assert (client.code, client.send_options, client.fiscal_id) == ("12345", "1", "796 1350 07")


@pytest.mark.parametrize("contact", [None, {}, [], {"name": None, "email": None, "phone": None}])
def test_no_preferred_contact_comes_in_many_shapes(contact: object) -> None:
    assert Client.model_validate({"id": 1, "preferred_contact": contact}).preferred_contact is None


def test_a_preferred_contact_with_gaps() -> None:
    contact = Client.model_validate({"id": 1, "preferred_contact": {"name": "Rui", "phone": None}}).preferred_contact
    assert contact is not None
    assert (contact.name, contact.email, contact.phone) == ("Rui", "", "")


def test_the_public_link_of_a_client_is_not_read() -> None:
    client = Client.model_validate({"id": 1, "open_account_link": "https://example.com/secret-token"})
    assert "secret-token" not in repr(client)
    assert not hasattr(client, "open_account_link")


@pytest.mark.parametrize(
    ("flag", "expected"),
    [(1, True), (0, False), ("1", True), ("0", False), (None, False), (Decimal("1.0"), True), (Decimal("0.0"), False)],
)
def test_the_default_tax_is_marked_by_a_number(flag: object, expected: bool) -> None:  # noqa: FBT001 - a parameter
    tax = Tax.model_validate({"id": 1, "name": "IVA23", "value": "23.0", "region": None, "default_tax": flag})
    assert (tax.default_tax, tax.region, tax.value) == (expected, "", Decimal("23.0"))


def test_a_draft_is_sent_whole() -> None:
    assert as_json(ItemDraft(name="Café", unit_price=Decimal("1E+2"))) == {
        "item": {"name": "Café", "description": "", "unit_price": "100", "unit": None, "tax": {"name": ""}}
    }
