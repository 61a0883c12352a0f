"""Clients and taxes over HTTP, in every shape that was seen."""

import httpx
import pytest

from bot.sandbox.account import Account, ContactRecord, Quirks


async def test_a_client_in_the_list_has_its_id_and_no_public_link(account: Account, ask: httpx.AsyncClient) -> None:
    client = account.add_client(
        "Maria & Filhos",
        code="12345",
        email="foo@bar.com",
        language="pt",
        address="Rua A\n2.º Esq.",
        city="Lisboa",
        postal_code="1050-555",
        country="Portugal",
        fiscal_id="508025338",
        website="www.invoicexpress.com",
        phone="213456789",
        fax="213456788",
        preferred_contact=ContactRecord(name="Bruce Norris", email="a@b.c", phone="1"),
        observations="Observations",
    )
    listed = (await ask.get("/clients.json")).json()["clients"]
    assert listed == [
        {
            "id": client.id,
            "name": "Maria & Filhos",
            "code": "12345",
            "email": "foo@bar.com",
            "language": "pt",
            "address": "Rua A\n2.º Esq.",
            "city": "Lisboa",
            "postal_code": "1050-555",
            "country": "Portugal",
            "fiscal_id": "508025338",
            "website": "www.invoicexpress.com",
            "phone": "213456789",
            "fax": "213456788",
            "observations": "Observations",
            "preferred_contact": {"name": "Bruce Norris", "email": "a@b.c", "phone": "1"},
            "send_options": "1",
        }
    ]
    single = (await ask.get(f"/clients/{client.id}.json")).json()["client"]
    link = single.pop("open_account_link")
    assert link.startswith("https://")
    assert single == listed[0]


async def test_a_client_is_found_by_its_exact_name_or_code(account: Account, ask: httpx.AsyncClient) -> None:
    first = account.add_client("João Silva", code="A/1")
    account.add_client("João Silva", code="B 2")
    by_name = await ask.get("/clients/find-by-name.json", params={"client_name": "João Silva"})
    assert by_name.json()["client"]["id"] == first.id
    by_code = await ask.get("/clients/find-by-code.json", params={"client_code": "B 2"})
    assert by_code.json()["client"]["code"] == "B 2"


@pytest.mark.parametrize(
    "address",
    [
        "/clients/7.json",
        "/clients/find-by-name.json?client_name=nobody",
        "/clients/find-by-name.json",
        "/clients/find-by-code.json?client_code=none",
        "/clients/find-by-code.json",
    ],
)
async def test_a_client_that_is_not_there_is_404(account: Account, ask: httpx.AsyncClient, address: str) -> None:
    account.add_client("João Silva")
    assert (await ask.get(address)).status_code == 404


async def test_find_by_name_without_a_match_may_fail(account: Account, ask: httpx.AsyncClient) -> None:
    account.quirks = Quirks(name_not_found=500)
    answer = await ask.get("/clients/find-by-name.json", params={"client_name": "nobody"})
    assert answer.status_code == 500
    assert "<html>" in answer.text
    assert (await ask.get("/clients/find-by-code.json", params={"client_code": "none"})).status_code == 404


async def test_taxes_come_in_one_list(account: Account, ask: httpx.AsyncClient) -> None:
    taxes = (await ask.get("/taxes.json")).json()["taxes"]
    assert len(taxes) == 11
    assert taxes[0] == {"id": 1001, "name": "IVA23", "value": 23, "region": "PT", "code": "NOR", "default_tax": 1}
    assert [tax["name"] for tax in taxes if tax["default_tax"]] == ["IVA23"]
    assert taxes[-1] == {"id": 1011, "name": "Isento", "value": 0, "region": None, "code": None, "default_tax": 0}


async def test_a_client_without_anything_has_nulls_and_no_country(account: Account, ask: httpx.AsyncClient) -> None:
    account.add_client("Nobody", send_options=None)
    client = (await ask.get("/clients.json")).json()["clients"][0]
    assert "country" not in client
    assert client["email"] is None
    assert client["send_options"] is None
    assert client["preferred_contact"] == {"name": None, "email": None, "phone": None}


async def test_texts_without_a_value_may_be_absent_or_empty(account: Account, ask: httpx.AsyncClient) -> None:
    account.add_item("Galão")
    account.add_client("Nobody")
    account.quirks = Quirks(blank="absent", blank_country="null", no_tax="absent", no_contact="absent")
    item = (await ask.get("/items.json")).json()["items"][0]
    assert item.keys() == {"id", "name", "unit_price"}
    client = (await ask.get("/clients.json")).json()["clients"][0]
    assert client.keys() == {"id", "name", "country", "send_options"}
    account.quirks = Quirks(blank="empty", no_tax="empty", no_contact="empty")
    item = (await ask.get("/items.json")).json()["items"][0]
    assert (item["description"], item["unit"], item["tax"]) == ("", "", {})
    client = (await ask.get("/clients.json")).json()["clients"][0]
    assert (client["email"], client["preferred_contact"]) == ("", {})


async def test_no_tax_may_be_an_object_of_nulls(account: Account, ask: httpx.AsyncClient) -> None:
    account.add_item("Galão")
    account.quirks = Quirks(no_tax="nulls", no_contact="null")
    item = (await ask.get("/items.json")).json()["items"][0]
    assert item["tax"] == {"name": None, "value": None, "comment": None}
    account.add_client("Nobody")
    assert (await ask.get("/clients.json")).json()["clients"][0]["preferred_contact"] is None


async def test_numbers_and_ids_may_be_strings(account: Account, ask: httpx.AsyncClient) -> None:
    item = account.add_item("Galão", "24.3902", tax="IVA23")
    client = account.add_client("Nobody")
    account.quirks = Quirks(
        numbers_as_strings=True, ids_as_strings=True, tax_comment=False, send_options_as_numbers=True
    )
    shown = (await ask.get("/items.json")).json()["items"][0]
    assert (shown["id"], shown["unit_price"]) == (str(item.id), "24.3902")
    assert shown["tax"] == {"name": "IVA23", "value": "23.0"}
    tax = (await ask.get("/taxes.json")).json()["taxes"][0]
    assert (tax["id"], tax["value"], tax["default_tax"]) == ("1001", "23.0", "1")
    listed = (await ask.get("/clients.json")).json()["clients"][0]
    assert (listed["id"], listed["send_options"]) == (str(client.id), 1)
