"""What became of a write whose outcome was not recorded: the account tells, or nobody does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import SecretStr

from bot.history import Action, Entry, Outcome
from bot.invoicexpress.client import InvoiceXpress
from bot.invoicexpress.models import Item, ItemDraft
from bot.items.settling import LIST_LAG, what_happened
from bot.sandbox.account import Account, serve_account

THEN = datetime(2026, 1, 1, tzinfo=UTC)
SOON, LATER = THEN + LIST_LAG / 2, THEN + LIST_LAG + timedelta(seconds=1)
BEFORE = Item(id=7, name="Chá", unit_price=Decimal(2))
SENT = ItemDraft(name="Chá", unit_price=Decimal("2.5"))


@pytest.fixture
async def account() -> AsyncIterator[Account]:
    async with serve_account(samples=False) as served:
        yield served


@pytest.fixture
async def client(account: Account) -> AsyncIterator[InvoiceXpress]:
    asking = InvoiceXpress(account.url, SecretStr(account.api_key))
    yield asking
    await asking.aclose()


def entry(action: Action, **values: Any) -> Entry:
    """Return an intent of which nothing more is known."""
    given: dict[str, Any] = {
        "reference": "r",
        "at": THEN,
        "person": "U1",
        "action": action,
        "item_id": 7,
        "name": "Chá",
        "before": BEFORE,
        "sent": SENT,
        "after": None,
        "undoes": "",
        "outcome": None,
        "ended_at": None,
    }
    return Entry(**{**given, **values})


CREATE = entry(Action.CREATE, item_id=None, before=None)
EDIT = entry(Action.EDIT)
DELETE = entry(Action.DELETE, sent=None)


async def test_a_create_that_shows_has_succeeded(account: Account, client: InvoiceXpress) -> None:
    account.add_item("Chá", "2.50", item_id=9)
    known = await what_happened(client, CREATE, SOON)
    assert known is not None
    outcome, item = known
    assert (outcome, item.id if item else None) == (Outcome.SUCCEEDED, 9)


async def test_a_create_whose_name_another_item_has_was_refused(account: Account, client: InvoiceXpress) -> None:
    account.add_item("Chá", "9")
    assert await what_happened(client, CREATE, SOON) == (Outcome.FAILED, None)


async def test_a_create_that_does_not_show_may_still(client: InvoiceXpress) -> None:
    assert await what_happened(client, CREATE, SOON) is None
    assert await what_happened(client, CREATE, LATER) == (Outcome.FAILED, None)


@pytest.mark.parametrize(
    ("price", "outcome"), [("2", Outcome.FAILED), ("2.5", Outcome.SUCCEEDED), ("3", Outcome.SUCCEEDED)]
)
async def test_an_edit_shows_or_does_not(account: Account, client: InvoiceXpress, price: str, outcome: Outcome) -> None:
    account.add_item("Chá", price, item_id=7)
    known = await what_happened(client, EDIT, SOON)
    assert known is not None
    assert known[0] is outcome
    assert known[1] is not None


async def test_an_edit_of_which_the_records_hold_no_more_is_not_taken_for_done(
    account: Account, client: InvoiceXpress
) -> None:
    account.add_item("Chá", "2", item_id=7)
    known = await what_happened(client, entry(Action.EDIT, before=None), SOON)
    assert known is not None
    assert known[0] is Outcome.FAILED


async def test_an_edit_of_an_item_that_is_gone_cannot_be_told(client: InvoiceXpress) -> None:
    assert await what_happened(client, EDIT, LATER) is None


async def test_a_delete_shows_or_does_not(account: Account, client: InvoiceXpress) -> None:
    assert await what_happened(client, DELETE, SOON) == (Outcome.SUCCEEDED, None)
    account.add_item("Chá", "2", item_id=7)
    known = await what_happened(client, DELETE, SOON)
    assert known is not None
    assert known[0] is Outcome.FAILED


async def test_a_write_to_no_item_cannot_be_told(client: InvoiceXpress) -> None:
    assert await what_happened(client, entry(Action.EDIT, item_id=None), LATER) is None
