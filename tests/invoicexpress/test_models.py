"""Records: no digit is lost, what is unknown is neither none nor empty, and what can't be read goes back as it came."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.invoicexpress.models import Client, Item, ItemDraft, ItemTax, Tax, named
from bot.invoicexpress.reading import client_of, item_of, tax_of
from bot.invoicexpress.values import json_text, parse
from bot.invoicexpress.wire import as_json

prices = st.decimals(
    min_value=0, max_value=Decimal(10) ** 12, allow_nan=False, allow_infinity=False, places=None
).filter(lambda price: int(price.as_tuple().exponent) >= -30)
NUMBERS = st.integers() | st.decimals(allow_nan=False, allow_infinity=False) | st.integers(-(10**400), 10**400)
HALVES = st.text(st.characters(categories=["Cs", "Ll"]), max_size=3).map(lambda text: json.loads(json.dumps(text)))
TEXTS = st.text(max_size=20) | HALVES
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda values: st.lists(values, max_size=3) | st.dictionaries(TEXTS, values, max_size=3),
    max_leaves=8,
)
FIELDS = ("id", "name", "description", "unit_price", "unit", "tax", "discount", "value", "preferred_contact", "country")
RECORDS = JSON | st.dictionaries(st.sampled_from(FIELDS) | TEXTS, JSON, max_size=8).map(lambda raw: {"id": 7} | raw)
DEEP = json.loads("[" * 400 + "]" * 400)


def item(**fields: Any) -> Item:
    read = item_of({"id": 1, "unit_price": 1} | fields)
    assert read is not None
    return read


def client(**fields: Any) -> Client:
    read = client_of({"id": 1} | fields)
    assert read is not None
    return read


def sent(draft: ItemDraft) -> dict[str, Any]:
    body: dict[str, Any] = parse(as_json(draft))["item"]
    return body


@given(prices, st.booleans())
def test_a_price_keeps_every_digit_on_its_way_in_and_out(price: Decimal, quoted: bool) -> None:  # noqa: FBT001 - drawn
    written = f'"{price}"' if quoted else str(price)
    read = item_of(parse(f'{{"id": 1, "unit_price": {written}}}'))
    assert read is not None
    stored = sent(read.draft())["unit_price"]
    assert read.unit_price == price
    assert Decimal(stored) == price
    assert "E" not in stored
    assert stored.partition(".")[2] == format(price, "f").partition(".")[2]


@pytest.mark.parametrize(
    "price",
    [
        *('"24,39"', '"1,234.56"', '""', "null", '"x"', "true", "{}", '{"amount": 1.5}', "[1.50]", '"1_000"', '"１２"'),
        *("1E+999999999", "1E-999999999", "0E+999999", '"NaN"', '"-Infinity"', '"€ 5"', '"0x10"', '" "'),
    ],
)
def test_a_price_that_is_none_is_unknown_and_goes_back_as_it_came(price: str) -> None:
    read = item_of(parse(f'{{"id": 1, "name": "Café", "unit_price": {price}}}'))
    assert read is not None
    assert (read.unit_price, read.unknown, read.gross_price) == (None, frozenset({"unit_price"}), None)
    assert f'"unit_price": {json_text(parse(price))}' in as_json(read.draft())
    assert sent(read.draft())["unit_price"] == parse(price)
    assert sent(read.draft().model_copy(update={"unit_price": Decimal("2.50")}))["unit_price"] == "2.50"


def test_a_price_that_is_not_there_is_unknown() -> None:
    read = item_of({"id": 1})
    assert read is not None
    assert read.unknown == {"unit_price"}
    assert sent(read.draft())["unit_price"] is None


@pytest.mark.parametrize("price", [" 24.39 ", "24.39", Decimal("24.39"), "+24.39", "2439E-2"])
def test_a_price_comes_as_a_number_or_a_string(price: object) -> None:
    assert item(unit_price=price).unit_price == Decimal("24.39")


@pytest.mark.parametrize(
    "number",
    [
        *(True, False, None, "x", "", Decimal("1.5"), Decimal("1E+999999999"), Decimal("9" * 5000), "9" * 5000),
        *(0, -1, "-1", 2**63, 10**30, [], {}, [1], "1 2", "１"),
    ],
)
def test_a_record_with_an_impossible_id_is_lost(number: object) -> None:
    assert item_of({"id": number, "unit_price": 1}) is None
    assert client_of({"id": number}) is None


@pytest.mark.parametrize("number", [402321, "402321", Decimal(402321), Decimal("402321.0"), "402321.0"])
def test_an_id_is_a_number_or_a_string(number: object) -> None:
    assert item(id=number).id == 402321


def test_the_largest_id_has_63_bits() -> None:
    assert item(id=str(2**63 - 1)).id == 2**63 - 1


@pytest.mark.parametrize(
    "tax",
    [
        *(None, {}, [], "", False, {"name": None, "value": None}, {"name": "", "value": 0}),
        *({"id": None, "name": None, "value": None}, {"id": 0, "name": "", "value": "0.0"}),
    ],
)
def test_no_tax_comes_in_many_shapes(tax: object) -> None:
    assert (item(tax=tax).tax, item(tax=tax).unknown) == (None, frozenset())
    assert sent(item(tax=tax).draft())["tax"] == {"name": ""}


@pytest.mark.parametrize(
    ("tax", "expected"),
    [
        ({"id": 3, "name": None, "value": None}, ItemTax(id=3)),
        ({"id": "3", "name": "", "value": ""}, ItemTax(id=3)),
        ({"id": 3, "name": {}, "value": 23}, ItemTax(id=3, value=Decimal(23))),
        ({"id": 3}, ItemTax(id=3)),
        ({"id": "three"}, ItemTax()),
        ({"name": None, "value": 23}, ItemTax(value=Decimal(23))),
        ({"name": "IVA\ud83d", "value": 23}, ItemTax(value=Decimal(23))),
        ({"name": " ", "value": 6}, ItemTax(value=Decimal(6))),
        ({"code": "NOR"}, ItemTax()),
    ],
)
def test_a_tax_without_a_name_is_a_tax_and_is_never_sent_as_none(tax: object, expected: ItemTax) -> None:
    read = item(tax=tax, unit_price="100")
    assert read.tax == expected
    assert read.draft().unsendable == {"tax"}
    with pytest.raises(ValueError, match="tax"):
        as_json(read.draft())
    assert sent(read.draft().model_copy(update={"tax": "IVA6"}))["tax"] == {"name": "IVA6"}
    assert (read.gross_price is None) is (expected.value is None)


@pytest.mark.parametrize("value", [None, "", "x", "23%", "23,0", True, {}, [23], Decimal("1E+999")])
def test_a_rate_that_can_t_be_read_is_unknown(value: object) -> None:
    read = item(tax={"id": 1, "name": "IVA23", "value": value})
    assert (read.tax, read.gross_price) == (ItemTax(id=1, name="IVA23"), None)
    assert sent(read.draft())["tax"] == {"name": "IVA23"}


@pytest.mark.parametrize("tax", ["IVA23", 23, True, [{"name": "IVA23"}], Decimal("23.0")])
def test_a_tax_of_another_shape_is_unknown_and_goes_back_as_it_came(tax: object) -> None:
    read = item(tax=tax)
    assert (read.tax, read.unknown, read.gross_price) == (None, frozenset({"tax"}), None)
    assert sent(read.draft())["tax"] == tax
    assert sent(read.draft().model_copy(update={"tax": ""}))["tax"] == {"name": ""}


TAXES = (
    Tax(id=1, name="IVA23", value=Decimal(23), region="PT"),
    Tax(id=2, name="IVA23", value=Decimal(22), region="PT-MA"),
    Tax(id=3, name="IVA6", value=Decimal(6)),
    Tax(id=4),
    Tax(id=5, name="Odd"),
)


@pytest.mark.parametrize(
    ("tax", "expected"),
    [
        (ItemTax(id=3), ItemTax(id=3, name="IVA6", value=Decimal(6))),
        (ItemTax(id=3, value=Decimal(0)), ItemTax(id=3, name="IVA6", value=Decimal(0))),
        (ItemTax(id=2, name="IVA23"), ItemTax(id=2, name="IVA23", value=Decimal(22))),
        (ItemTax(name="IVA23"), ItemTax(name="IVA23")),
        (ItemTax(name="IVA6"), ItemTax(name="IVA6", value=Decimal(6))),
        (ItemTax(id=3, name="Renamed"), ItemTax(id=3, name="Renamed")),
        (ItemTax(id=4), ItemTax(id=4)),
        (ItemTax(id=9), ItemTax(id=9)),
        (ItemTax(id=5), ItemTax(id=5, name="Odd")),
        (ItemTax(value=Decimal(6)), ItemTax(value=Decimal(6))),
    ],
)
def test_the_account_s_list_names_a_tax_where_that_leaves_no_doubt(tax: ItemTax, expected: ItemTax) -> None:
    assert named(tax, TAXES) == expected


def test_an_item_without_its_optional_fields() -> None:
    assert item(name=None, description=None, unit=None).draft() == ItemDraft(name="", unit_price=Decimal(1))


@pytest.mark.parametrize("rate", [23, "23.0", Decimal("23.0")])
def test_the_gross_price_is_unrounded(rate: object) -> None:
    taxed = item(unit_price="24.3902", tax={"name": "IVA23", "value": rate, "comment": "tax value:23.0%"})
    assert taxed.gross_price == Decimal("29.999946")
    assert taxed.draft().tax == "IVA23"
    assert item(unit_price="24.3902").gross_price == Decimal("24.3902")


@pytest.mark.parametrize("field", ["name", "description", "unit"])
def test_of_a_text_with_half_a_character_the_rest_is_read_and_all_of_it_goes_back(field: str) -> None:
    read = item(**{field: "Café \ud83d"})
    assert (getattr(read, field), read.unknown) == ("Café \ufffd", frozenset())
    assert f'"{field}": "Caf\\u00e9 \\ud83d"' in as_json(read.draft())
    assert sent(read.draft().model_copy(update={field: "Chá"}))[field] == "Chá"


@pytest.mark.parametrize("field", ["name", "description", "unit"])
@pytest.mark.parametrize("value", [{}, {"code": "PT"}, [], ["x"], True, Decimal("1E+999999")])
def test_a_text_that_is_none_is_unknown_and_goes_back_as_it_came(field: str, value: object) -> None:
    read = item(**{field: value})
    assert (getattr(read, field), read.unknown, read.draft().unknown) == ("", frozenset({field}), frozenset({field}))
    assert sent(read.draft())[field] == value
    assert sent(read.draft().model_copy(update={field: "other"}))[field] == "other"


def test_what_is_nested_too_deep_to_keep_is_not_sent_as_empty() -> None:
    read = item(description=DEEP)
    assert read.unread == (("description", ""),)
    assert read.draft().unsendable == {"description"}
    with pytest.raises(ValueError, match="description"):
        as_json(read.draft())


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("508025339.0"), "508025339"),
        (Decimal("7.0"), "7"),
        (Decimal("912345678.0"), "912345678"),
        (Decimal("1E+9"), "1000000000"),
        (Decimal("7.50"), "7.50"),
        (Decimal("-3.00"), "-3"),
        (508025339, "508025339"),
        ("7.0", "7.0"),
        ("0012", "0012"),
        (False, ""),
        (None, ""),
    ],
)
def test_a_text_is_shown_as_people_wrote_it(value: object, text: str) -> None:
    read = client(fiscal_id=value, code=value, phone=value, preferred_contact={"phone": value})
    assert (read.fiscal_id, read.code, read.phone, read.unread) == (text, text, text, ())
    assert (read.preferred_contact.phone if read.preferred_contact else "") == text
    assert item(name=value).name == text


def test_fields_of_an_item_that_we_do_not_know_go_back_as_they_came() -> None:
    odd = {"discount": Decimal("10.50"), "sku": "A-1", "stock": 3, "active": True, "note": None, "more": {"a": 1}}
    secret = {"open_account_link": "https://x.example/t", "api_key": "k", "Token": "t", "ref\u0130": 1, "x" * 61: 1}
    read = item(**odd, **secret, long="y" * 1001)
    assert dict(read.others) == {"discount": "10.50", "sku": '"A-1"', "stock": "3", "active": "true"}
    body = sent(read.draft().model_copy(update={"description": "new"}))
    assert (body["discount"], body["sku"], body["stock"], body["active"]) == (Decimal("10.50"), "A-1", 3, True)
    assert (body["description"], "open_account_link" in body) == ("new", False)


def test_of_fields_that_we_do_not_know_only_so_many_are_kept() -> None:
    assert len(item(**{f"field{number}": number for number in range(500)}).others) == 50


@pytest.mark.parametrize("contact", [None, {}, [], "", False, {"name": None, "email": None, "phone": None}])
def test_no_preferred_contact_comes_in_many_shapes(contact: object) -> None:
    assert (client(preferred_contact=contact).preferred_contact, client(preferred_contact=contact).unread) == (None, ())


def test_a_preferred_contact_with_gaps() -> None:
    read = client(preferred_contact={"name": "Rui", "phone": None})
    assert read.preferred_contact is not None
    assert (read.preferred_contact.name, read.preferred_contact.email, read.unread) == ("Rui", "", ())


def test_a_preferred_contact_of_which_a_part_can_t_be_read() -> None:
    read = client(preferred_contact={"name": "Rui", "email": {}})
    assert read.preferred_contact is not None
    assert (read.preferred_contact.name, read.unread, read.unknown) == ("Rui", ("preferred_contact",), frozenset())
    assert client(preferred_contact="Rui").unknown == {"preferred_contact"}


def test_a_client_s_field_that_can_t_be_read_is_unknown() -> None:
    read = client(name="Silva", country={"code": "PT"}, code="A\ud83d", fiscal_id=[])
    assert (read.name, read.country, read.code, read.unknown) == (
        "Silva",
        "",
        "A\ufffd",
        frozenset({"country", "fiscal_id"}),
    )


@pytest.mark.parametrize("field", ["send_options", "language", "open_account_link", "anything"])
def test_a_field_that_is_never_shown_cannot_matter(field: str) -> None:
    read = client(name="Silva", **{field: {"https://example.com": "secret-token"}})
    assert read == client(name="Silva")
    assert "secret-token" not in repr(read) + read.model_dump_json()


@pytest.mark.parametrize(
    ("flag", "expected"),
    [(1, True), (0, False), ("1", True), ("0", False), (None, False), (Decimal("1.0"), True), (Decimal("0.0"), False)],
)
def test_the_default_tax_is_marked_by_a_number(flag: object, expected: bool) -> None:  # noqa: FBT001 - a parameter
    tax = tax_of({"id": 1, "name": "IVA23", "value": "23.0", "region": None, "default_tax": flag})
    assert (tax.default_tax, tax.region, tax.value) == (expected, "", Decimal("23.0"))


@pytest.mark.parametrize("raw", [None, [], "IVA", {"id": 1, "name": None}, {"name": "IVA\ud83d"}])
def test_a_tax_of_the_account_that_can_t_be_read_has_no_name(raw: object) -> None:
    assert tax_of(raw).name == ""


def test_a_draft_is_sent_whole() -> None:
    assert sent(ItemDraft(name="Café", unit_price=Decimal("1E+2"))) == {
        "name": "Café",
        "description": "",
        "unit_price": "100",
        "unit": None,
        "tax": {"name": ""},
    }


def test_a_record_that_was_stored_before_still_reads() -> None:
    old = '{"id":1,"name":"Café","description":"","unit_price":"24.3902","unit":"","tax":{"name":"IVA23","value":"23"}}'
    expected = item(name="Café", unit_price="24.3902", tax={"name": "IVA23", "value": 23})
    assert Item.model_validate_json(old) == expected
    old = '{"id":1,"name":"Silva","language":"pt","send_options":"1","preferred_contact":null}'
    assert Client.model_validate_json(old) == client(name="Silva")
    old = '{"name":"Café","description":"","unit_price":"24.3902","unit":"","tax":"IVA23"}'
    assert ItemDraft.model_validate_json(old) == expected.draft()


def test_a_stored_price_that_would_fill_the_memory_is_damage() -> None:
    with pytest.raises(ValueError, match="not an amount"):
        Item.model_validate_json('{"id":1,"unit_price":"1E+999999999"}')


@given(RECORDS)
@example({"id": 1, "tax": {"name": DEEP}, "name": DEEP, "value": DEEP, "preferred_contact": DEEP})
def test_whatever_json_holds_is_read_stored_and_sent_back(raw: Any) -> None:
    has_id = isinstance(raw, dict) and item_of({"id": raw.get("id")}) is not None
    tax_of(raw)
    read, person = item_of(raw), client_of(raw)
    assert (read is not None, person is not None) == (has_id, has_id)
    if read is None or person is None:
        return
    assert Item.model_validate_json(read.model_dump_json()) == read
    assert Client.model_validate_json(person.model_dump_json()) == person
    assert hash(read) == hash(Item.model_validate_json(read.model_dump_json()))
    if not read.draft().unsendable:
        body = sent(read.draft())
        assert {name: body[name] for name, _ in read.unread} == {name: raw.get(name) for name, _ in read.unread}
