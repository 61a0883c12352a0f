"""What became of a write whose outcome was not recorded: the account tells, or nobody does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.catalog import Catalog
from bot.history import Change, Entry, Outcome
from bot.invoicexpress.client import InvoiceXpress
from bot.invoicexpress.models import Item, ItemDraft
from bot.items.settling import LATEST, LATEST_UNATTENDED, settle, what_happened
from bot.sandbox.account import Account, Quirks, serve_account
from bot.services import Services
from tests.clocks import ShiftedClock
from tests.history.support import create, edit, item, opened, record, rows

THEN = datetime(2026, 1, 1, tzinfo=UTC)
SOON, LATER = THEN + LATEST / 2, THEN + LATEST_UNATTENDED + timedelta(seconds=1)
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


def entry(action: Change, **values: Any) -> Entry:
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


CREATE = entry(Change.CREATE, item_id=None, before=None)
EDIT = entry(Change.EDIT)
DELETE = entry(Change.DELETE, sent=None)


async def test_a_create_that_shows_has_succeeded(account: Account, client: InvoiceXpress) -> None:
    account.add_item("Chá", "2.50", item_id=9)
    known = await what_happened(client, CREATE, SOON)
    assert known is not None
    outcome, item = known
    assert (outcome, item.id if item else None) == (Outcome.SUCCEEDED, 9)


@pytest.mark.parametrize("when", [SOON, LATER])
async def test_a_create_whose_name_an_item_with_other_values_has_cannot_be_told(
    account: Account, client: InvoiceXpress, when: datetime
) -> None:
    account.add_item("Chá", "9")
    known = await what_happened(client, CREATE, when)
    assert known is not None
    assert known.outcome is Outcome.UNKNOWN
    assert known.item is not None
    assert known.item.unit_price == 9


async def test_a_create_that_does_not_show_may_still(account: Account, client: InvoiceXpress) -> None:
    assert await what_happened(client, CREATE, SOON) is None
    assert await what_happened(client, CREATE, LATER) == (Outcome.FAILED, None)


async def test_a_create_that_one_walk_misses_is_looked_for_once_more(account: Account, client: InvoiceXpress) -> None:
    account.quirks = Quirks(list_lag=1)
    await client.create_item(SENT)
    known = await what_happened(client, CREATE, LATER)
    assert known is not None
    assert known.outcome is Outcome.SUCCEEDED


@pytest.mark.parametrize(
    ("price", "soon", "later"),
    [
        ("2", None, Outcome.FAILED),
        ("2.5", Outcome.SUCCEEDED, Outcome.SUCCEEDED),
        ("3", None, Outcome.UNKNOWN),
    ],
    ids=["as it was", "as it was sent", "as somebody else made it"],
)
async def test_an_edit_shows_or_does_not(
    account: Account, client: InvoiceXpress, price: str, soon: Outcome | None, later: Outcome
) -> None:
    account.add_item("Chá", price, item_id=7)
    for when, outcome in ((SOON, soon), (LATER, later)):
        known = await what_happened(client, EDIT, when)
        assert (known and known.outcome) == outcome


async def test_an_answer_that_was_given_up_is_waited_for_a_minute_more(account: Account, client: InvoiceXpress) -> None:
    account.add_item("Chá", "2", item_id=7)
    given_up = entry(Change.EDIT, outcome=Outcome.UNKNOWN, ended_at=THEN + timedelta(minutes=5))
    assert await what_happened(client, given_up, LATER) is None
    known = await what_happened(client, given_up, THEN + timedelta(minutes=6, seconds=1))
    assert known is not None
    assert known.outcome is Outcome.FAILED


TENTH = timedelta(seconds=0.1)
TWO_MINUTES, ONE_MINUTE = timedelta(seconds=120), timedelta(seconds=60)


@pytest.mark.parametrize(
    ("write", "patience"),
    [
        ({}, TWO_MINUTES),
        ({"outcome": Outcome.UNKNOWN, "ended_at": THEN}, ONE_MINUTE),
        ({"outcome": Outcome.UNKNOWN, "ended_at": THEN + timedelta(hours=1)}, timedelta(hours=1) + ONE_MINUTE),
    ],
    ids=["cut off", "given up at once", "given up after an hour"],
)
@pytest.mark.parametrize("action", list(Change))
async def test_to_the_tenth_of_a_second(
    account: Account, client: InvoiceXpress, action: Change, write: dict[str, Any], patience: timedelta
) -> None:
    if action is not Change.CREATE:
        account.add_item("Chá", "2", item_id=7)
    begun = {Change.CREATE: CREATE, Change.EDIT: EDIT, Change.DELETE: DELETE}[action]
    open_end = replace(begun, **write)
    assert await what_happened(client, open_end, THEN + patience) is None
    assert await what_happened(client, open_end, THEN + patience - TENTH) is None
    known = await what_happened(client, open_end, THEN + patience + TENTH)
    assert known is not None
    assert known.outcome is Outcome.FAILED


async def test_where_the_clock_was_put_back_it_counts_since_when_it_is_seen(
    account: Account, client: InvoiceXpress
) -> None:
    account.add_item("Chá", "2", item_id=7)
    now = THEN - timedelta(days=3650)
    for seen, over in ((TWO_MINUTES - TENTH, False), (TWO_MINUTES, False), (TWO_MINUTES + TENTH, True)):
        known = await what_happened(client, EDIT, now, seen=seen)
        assert (known is not None) == over


@pytest.mark.parametrize(
    ("price", "description", "outcome"),
    [
        ("2.50", "", Outcome.SUCCEEDED),
        ("2.50", "Outro", Outcome.UNKNOWN),
        ("2.51", "", Outcome.UNKNOWN),
    ],
)
async def test_an_item_of_the_name_is_ours_by_its_price_and_its_description(
    account: Account, client: InvoiceXpress, price: str, description: str, outcome: Outcome
) -> None:
    account.add_item("Chá", price, description=description or None, item_id=9)
    known = await what_happened(client, CREATE, LATER)
    assert known is not None
    assert known.outcome is outcome


async def test_where_the_answer_said_that_it_was_not_carried_out_nothing_is_waited_for(
    account: Account, client: InvoiceXpress
) -> None:
    account.add_item("Chá", "2", item_id=7)
    for late, outcome in ((True, None), (False, Outcome.FAILED)):
        ended = replace(EDIT, outcome=Outcome.UNKNOWN, ended_at=THEN, late=late)
        known = await what_happened(client, ended, THEN)
        assert (known and known.outcome) == outcome


@pytest.fixture
async def services(client: InvoiceXpress, tmp_path: Path) -> AsyncIterator[Services]:
    clock = ShiftedClock()
    catalog = Catalog(client, path=tmp_path / "catalog.db", clock=clock)
    async with opened(tmp_path / "records.db", clock) as history:
        await catalog.open()
        yield Services(client, catalog, history, clock)
        await catalog.aclose()


def outcomes(tmp_path: Path) -> list[str]:
    return [row["outcome"] for row in rows(tmp_path / "records.db", "outcomes")]


async def test_what_somebody_has_settled_meanwhile_is_not_settled_again(
    account: Account, services: Services, tmp_path: Path
) -> None:
    account.add_item("Café", "12.5", item_id=7)
    await record(services.history, edit("r1"), Outcome.UNKNOWN)
    [found] = await services.history.unsettled()
    first, second = await settle(services, found), await settle(services, found)
    assert first is not None
    assert (first.outcome, second) == (Outcome.SUCCEEDED, None)
    assert outcomes(tmp_path) == ["unknown", "succeeded"]
    held = await services.catalog.item(7)
    assert held is not None, "the copy has learnt it too"
    assert held.unit_price == Decimal("12.5")


@pytest.mark.parametrize(("price", "outcome"), [("12", Outcome.SUCCEEDED), ("3", Outcome.UNKNOWN)])
async def test_an_item_of_the_name_that_was_written_to_since_is_ours_only_as_we_sent_it(
    account: Account, services: Services, price: str, outcome: Outcome
) -> None:
    account.add_item("Chá", "5", item_id=9)
    await record(services.history, create("r1", "Chá"), Outcome.UNKNOWN)
    await record(services.history, edit("r2", item(9, "Chá", price), to="5"))
    [found] = await services.history.unsettled()
    known = await settle(services, found)
    assert known is not None
    assert known.outcome is outcome


async def test_an_edit_of_which_the_records_hold_no_more_cannot_be_told(
    account: Account, client: InvoiceXpress
) -> None:
    account.add_item("Chá", "2", item_id=7)
    known = await what_happened(client, entry(Change.EDIT, before=None), LATER)
    assert known is not None
    assert known.outcome is Outcome.UNKNOWN


async def test_an_edit_of_an_item_that_is_gone_cannot_be_told(client: InvoiceXpress) -> None:
    assert await what_happened(client, EDIT, LATER) == (Outcome.UNKNOWN, None)


async def test_a_delete_shows_or_does_not(account: Account, client: InvoiceXpress) -> None:
    assert await what_happened(client, DELETE, SOON) == (Outcome.SUCCEEDED, None)
    account.add_item("Chá", "2", item_id=7)
    assert await what_happened(client, DELETE, SOON) is None
    known = await what_happened(client, DELETE, LATER)
    assert known is not None
    assert known.outcome is Outcome.FAILED


async def test_a_write_to_no_item_cannot_be_told(client: InvoiceXpress) -> None:
    assert await what_happened(client, entry(Change.EDIT, item_id=None), LATER) == (Outcome.UNKNOWN, None)
