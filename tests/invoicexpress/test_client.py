from __future__ import annotations

from decimal import Decimal

import pytest

from bot.invoicexpress.client import Limits
from bot.invoicexpress.errors import OutcomeUnknown, Rejected, Unavailable, UnexpectedAnswer
from bot.invoicexpress.models import ItemDraft
from tests.invoicexpress.support import START, Reply, Service, account_of, answered

CLIENT = answered(200, {"client": {"id": "7", "name": "Silva\nLda", "open_account_link": "https://x/token"}})
ITEM = {"id": 402321, "name": "Medium", "description": "foo", "unit_price": 16.2602, "unit": "service", "tax": {}}
DRAFT = ItemDraft(name="Medium", unit_price=Decimal("16.2602"))


async def test_items_are_listed_created_changed_and_deleted() -> None:
    service = Service(
        answered(200, {"items": [ITEM]}),
        answered(200, {"item": ITEM}),
        answered(201, {"item": ITEM}),
        Reply(200, b" "),
        Reply(200),
    )
    async with account_of(service) as account:
        page = await account.list_items(2, per_page=10)
        item = await account.get_item(402321)
        assert page.records == (item,)
        assert await account.create_item(DRAFT) == item
        await account.update_item(402321, item.draft())
        await account.delete_item(402321)
    assert item.unit_price == Decimal("16.2602")
    assert service.received[0].query.items() >= {"page": "2", "per_page": "10"}.items()
    assert [request.method for request in service.received] == ["GET", "GET", "POST", "PUT", "DELETE"]


async def test_clients_and_taxes_are_looked_up() -> None:
    service = Service(
        answered(200, {"clients": [{"id": 7}], "pagination": {"total_entries": 1, "total_pages": 1}}),
        CLIENT,
        CLIENT,
        CLIENT,
        answered(200, {"taxes": [{"id": 1, "name": "IVA23", "value": "23.0"}]}),
    )
    async with account_of(service) as account:
        page = await account.list_clients(background=True)
        client = await account.get_client(7)
        assert await account.find_client_by_name("Silva") == client
        assert await account.find_client_by_code("S") == client
        (tax,) = await account.list_taxes()
    assert (page.total_entries, page.records[0].id, client.id, tax.name) == (1, 7, 7, "IVA23")


@pytest.mark.parametrize("body", [b"", b" ", b"<html><body>404</body></html>"])
async def test_a_client_that_nobody_is(body: bytes) -> None:
    async with account_of(Service(Reply(404, body))) as account:
        assert await account.find_client_by_name("x") is None
        assert await account.find_client_by_code("x") is None


async def test_a_search_by_name_that_fails_twice_found_nothing() -> None:
    service = Service(Reply(500, b"<html>"))
    async with account_of(service, limits=Limits(failures=1)) as account:
        assert await account.find_client_by_name("x") is None
        assert (len(service.received), account.last_answer, account.down_since) == (2, None, None)
        with pytest.raises(Unavailable):
            await account.find_client_by_code("x")
        assert account.down_since is not None


async def test_a_search_by_name_that_fails_once_may_find_somebody() -> None:
    async with account_of(Service(Reply(500), CLIENT)) as account:
        assert await account.find_client_by_name("x") is not None
    async with account_of(Service(Reply(500), Reply(404))) as account:
        assert await account.find_client_by_name("x") is None
        assert account.last_answer is not None
        assert account.last_answer > START
    async with account_of(Service(Reply(502))) as account:
        with pytest.raises(Unavailable):
            await account.find_client_by_name("x")


async def test_an_answer_that_is_none() -> None:
    for body in (b"", b" ", b"<html>", b"[]"):
        async with account_of(Service(Reply(200, body))) as account:
            for operation in (account.list_items(), account.get_item(1), account.find_client_by_name("x")):
                with pytest.raises(UnexpectedAnswer):
                    await operation
            with pytest.raises(OutcomeUnknown):
                await account.create_item(DRAFT)


async def test_a_refusal_says_why() -> None:
    async with account_of(Service(answered(422, {"name": ["Nome não está disponível"]}))) as account:
        with pytest.raises(Rejected) as caught:
            await account.create_item(DRAFT)
    assert caught.value.messages[0].field == "name"
    assert caught.value.values["messages"] == "Nome não está disponível"


async def test_which_account_it_is() -> None:
    async with account_of(Service(CLIENT)) as account:
        assert account.address == "https://acme.app.invoicexpress.com"
