"""A bot that died in mid-write: the next one asks the account what became of it, records that and tells the person."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.history import Change, History, Outcome, Write
from bot.history.records import append_intent
from bot.invoicexpress.models import Item, ItemDraft, ItemTax
from bot.sandbox.account import Account
from tests.flows.world import standing_place

ID, BEN = 402321, "U0BEN00001"
MEDIUM = Item(
    id=ID,
    name="Medium",
    description="foo",
    unit_price=Decimal("16.2602"),
    unit="service",
    tax=ItemTax(name="IVA23", value=Decimal(23)),
)
LATER = timedelta(minutes=10)


class EarlierClock(SystemClock):
    """The time at which the bot died."""

    def now(self) -> datetime:
        return super().now() - LATER


class HastyClock(SystemClock):
    """The machine's own time, on which nobody sleeps for long."""

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(min(seconds, 0.05))


def new(account: Account) -> Write:
    return Write("ref", BEN, Change.CREATE, sent=ItemDraft(name="Chá", unit_price=Decimal(2)))


def edit(account: Account) -> Write:
    sent = MEDIUM.draft().model_copy(update={"unit_price": Decimal(17)})
    return Write("ref", BEN, Change.EDIT, ID, before=MEDIUM, sent=sent)


def delete(account: Account) -> Write:
    return Write("ref", BEN, Change.DELETE, ID, before=MEDIUM)


async def die_in(write: Write, data_dir: Path) -> None:
    """Leave behind what a bot leaves that was killed after its intent and before its outcome."""
    history = History(data_dir / "records.db", EarlierClock())
    assert await history.open()
    assert await history.claim("form V1 0", write.reference, write.person)
    await history.aclose()
    with closing(sqlite3.connect(data_dir / "records.db")) as connection, connection:
        append_intent(connection, write, EarlierClock().now())


async def outcome_in(data_dir: Path) -> Outcome | None:
    history = History(data_dir / "records.db", SystemClock())
    assert await history.open()
    entry = await history.find("ref")
    await history.aclose()
    assert entry is not None
    return entry.outcome


@pytest.mark.parametrize(
    ("begun", "carry_out", "told", "outcome"),
    [
        (new, lambda account: account.add_item("Chá", 2), "was created after all", Outcome.SUCCEEDED),
        (new, None, "was not created", Outcome.FAILED),
        (
            edit,
            lambda account: account.change_item(ID, unit_price=Decimal(17)),
            "was made after all",
            Outcome.SUCCEEDED,
        ),
        (edit, None, "was not made", Outcome.FAILED),
        (delete, lambda account: account.remove_item(ID), "is gone: an answer had been lost", Outcome.SUCCEEDED),
        (delete, None, "was not deleted", Outcome.FAILED),
    ],
    ids=["created", "not created", "edited", "not edited", "deleted", "not deleted"],
)
async def test_what_became_of_it_is_recorded_and_told(
    tmp_path: Path,
    begun: Callable[[Account], Write],
    carry_out: Callable[[Account], object] | None,
    told: str,
    outcome: Outcome,
) -> None:
    async with standing_place(tmp_path) as place:
        await die_in(begun(place.account), tmp_path)
        if carry_out is not None:
            carry_out(place.account)
        async with place.with_bot() as world:
            await world.ben.sees(told, channel="dm", ever=True)
    assert await outcome_in(tmp_path) is outcome


async def test_an_edit_of_what_is_gone_stays_unknown(tmp_path: Path) -> None:
    async with standing_place(tmp_path) as place:
        await die_in(edit(place.account), tmp_path)
        place.account.remove_item(ID)
        async with place.with_bot() as world:
            await world.ben.sees("Medium", channel="dm", ever=True)
    assert await outcome_in(tmp_path) is Outcome.UNKNOWN


async def test_while_the_account_is_down_it_waits(tmp_path: Path) -> None:
    async with standing_place(tmp_path) as place:
        await die_in(edit(place.account), tmp_path)
        place.account.faults.answer(401, times=4)
        async with place.with_bot(clock=HastyClock()) as world:
            await world.ben.sees("was not made", channel="dm", ever=True)
    assert await outcome_in(tmp_path) is Outcome.FAILED


async def test_while_slack_refuses_it_is_told_later(tmp_path: Path) -> None:
    async with standing_place(tmp_path) as place:
        await die_in(edit(place.account), tmp_path)
        place.workspace.faults.next("chat.postMessage", error="internal_error")
        place.workspace.faults.next("users.info", error="internal_error")
        async with place.with_bot(clock=HastyClock()) as world:
            await world.ben.sees("was not made", channel="dm", ever=True)
    assert await outcome_in(tmp_path) is Outcome.FAILED
