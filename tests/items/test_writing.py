"""A write that has to be sent again: what was done is not done twice, and what somebody changed is not overwritten."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from decimal import Decimal

import pytest
from pydantic import SecretStr

from bot.invoicexpress.client import InvoiceXpress
from bot.invoicexpress.errors import NotFound, OutcomeUnknown
from bot.invoicexpress.models import Item
from bot.items.writing import ChangedMeanwhile, delete_item, update_item
from bot.sandbox.account import Account, Exchange, serve_account
from tests.flows.items.shop import QUICK

ID = 402321


@pytest.fixture
async def account() -> AsyncIterator[Account]:
    async with serve_account() as served:
        yield served


@pytest.fixture
async def client(account: Account) -> AsyncIterator[InvoiceXpress]:
    opened = InvoiceXpress(account.url, SecretStr(account.api_key), limits=QUICK)
    yield opened
    await opened.aclose()


@pytest.fixture
async def before(client: InvoiceXpress) -> Item:
    return await client.get_item(ID)


def after_the_first(account: Account, method: str, meddle: Callable[[], object]) -> None:
    """Have somebody else do something as soon as the first request of a method is over."""
    seen: list[Exchange] = []

    def listen(exchange: Exchange) -> None:
        if exchange.request.method == method and not seen:
            seen.append(exchange)
            meddle()

    account.on_exchange = listen


async def test_a_limited_edit_does_not_overwrite_what_somebody_changed(
    account: Account, client: InvoiceXpress, before: Item
) -> None:
    account.faults.answer(429, method="PUT", times=1)
    after_the_first(account, "PUT", lambda: account.change_item(ID, description="theirs"))
    with pytest.raises(ChangedMeanwhile):
        await update_item(client, before, before.draft().model_copy(update={"unit_price": Decimal(1)}))
    assert account.item(ID).description == "theirs"


async def test_a_lost_edit_beside_another_stays_unknown(account: Account, client: InvoiceXpress, before: Item) -> None:
    account.faults.cut("before", method="PUT", times=1)
    after_the_first(account, "PUT", lambda: account.change_item(ID, unit_price=Decimal(99)))
    with pytest.raises(OutcomeUnknown):
        await update_item(client, before, before.draft().model_copy(update={"unit_price": Decimal(1)}))
    assert Decimal(account.item(ID).unit_price) == 99


async def test_a_lost_edit_that_is_seen_later_is_done(account: Account, client: InvoiceXpress, before: Item) -> None:
    account.faults.cut("after", method="PUT", times=1)
    account.faults.answer(503, method="GET", times=QUICK.attempts)
    stored = await update_item(client, before, before.draft().model_copy(update={"unit_price": Decimal(1)}))
    assert stored.item is not None
    assert stored.item.unit_price == 1


async def test_a_limited_delete_of_what_somebody_deleted(account: Account, client: InvoiceXpress, before: Item) -> None:
    account.faults.answer(429, method="DELETE", times=1)
    after_the_first(account, "DELETE", lambda: account.remove_item(ID))
    with pytest.raises(NotFound):
        await delete_item(client, before)


async def test_a_limited_delete_of_what_somebody_changed(account: Account, client: InvoiceXpress, before: Item) -> None:
    account.faults.answer(429, method="DELETE", times=1)
    after_the_first(account, "DELETE", lambda: account.change_item(ID, description="theirs"))
    with pytest.raises(ChangedMeanwhile):
        await delete_item(client, before)
    assert account.has_item(ID)


async def test_a_lost_delete_of_what_somebody_changed(account: Account, client: InvoiceXpress, before: Item) -> None:
    account.faults.cut("before", method="DELETE", times=1)
    after_the_first(account, "DELETE", lambda: account.change_item(ID, description="theirs"))
    with pytest.raises(OutcomeUnknown):
        await delete_item(client, before)
    assert account.has_item(ID)


async def test_a_lost_delete_that_is_seen_later_is_done(account: Account, client: InvoiceXpress, before: Item) -> None:
    account.faults.cut("after", method="DELETE", times=1)
    account.faults.answer(503, method="GET", times=QUICK.attempts)
    await delete_item(client, before)
    assert not account.has_item(ID)


async def test_a_lost_delete_of_which_nothing_is_seen(account: Account, client: InvoiceXpress, before: Item) -> None:
    account.faults.cut("after", method="DELETE")
    account.faults.answer(503, method="GET")
    with pytest.raises(OutcomeUnknown):
        await delete_item(client, before)
