"""What of a record can be searched, and the ways to read a query."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.catalog.entries import LONGEST_QUERY, MOST_WORDS, client_entry, client_forms, item_entry, item_forms
from bot.invoicexpress.models import Client, Contact, Item


def test_an_item_is_found_by_name_description_and_id() -> None:
    entry = item_entry(
        Item(id=402321, name="Café\n(Ref. 12 34)", description="Chávena, saco 1 kg", unit_price=Decimal(1))
    )
    assert entry.name == "cafe ref 12 34"
    assert entry.rest == "chavena saco 1 kg 1234 402321"
    assert entry.keys == ("402321",)
    assert entry.spoken == {"cafe", "ref", "chavena", "saco", "kg"}


def test_a_client_is_found_by_all_that_names_it() -> None:
    entry = client_entry(
        Client(
            id=7,
            name="Padaria Raposo",
            code="CLI-0042",
            email="Geral@Raposo.pt",
            fiscal_id="PT 796 1350 07",
            phone="+351 912 345 678 / 213456789",
            city="Évora",
            preferred_contact=Contact(name="Inês Sá", email="ines@x.pt", phone="961 000 111"),
            observations="Secreto",
            address="Rua de Cima",
        )
    )
    assert entry.name == "padaria raposo"
    assert entry.keys == (
        "cli 0042", "geral raposo pt", "ines x pt", "796135007", "351912345678", "912345678", "961000111",
    )  # fmt: skip
    assert set(entry.rest.split()) >= {"evora", "ines", "sa", "0042", "1350", "796135007", "912345678", "213456789"}
    assert not set(entry.rest.split()) & {"secreto", "rua"}
    assert entry.spoken == {"padaria", "raposo", "evora", "ines", "sa"}


def test_a_client_of_whom_little_is_known_has_no_empty_key() -> None:
    entry = client_entry(Client(id=7, name="☕", phone="interno"))
    assert (entry.name, entry.rest, entry.keys) == ("", "interno", ())


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("Café  Água", ["cafe agua"]),
        ("500ml", ["500 ml"]),
        ("12 34 x", ["12 34 x", "1234 x"]),
        ("PT 508", ["pt 508"]),
        ("+351 91", ["351 91", "35191"]),
        ("☕ -", []),
    ],
)
def test_readings_of_a_query_for_items(text: str, forms: list[str]) -> None:
    assert [form.text for form in item_forms(text)] == forms


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("PT508025338", ["pt 508025338", "508025338"]),
        ("pt 508 025", ["pt 508 025", "pt 508025", "508025"]),
        ("PT", ["pt"]),
        ("pt lisboa", ["pt lisboa"]),
        ("+351 912 345", ["351 912 345", "351912345", "912345"]),
        ("00351912", ["00351912", "912"]),
        ("351", ["351"]),
        ("silva 21 300", ["silva 21 300", "silva 21300"]),
    ],
)
def test_readings_of_a_query_for_clients(text: str, forms: list[str]) -> None:
    assert [form.text for form in client_forms(text)] == forms


def test_a_word_is_asked_for_once() -> None:
    (form,) = item_forms("da da Casa")
    assert (form.text, form.words) == ("da da casa", ("da", "casa"))


def test_only_the_beginning_of_an_endless_query_counts() -> None:
    (form,) = item_forms("a " * 1000)
    assert form.text == " ".join("a" * MOST_WORDS)
    (form,) = item_forms("a" * 1000)
    assert form.text == "a" * LONGEST_QUERY
