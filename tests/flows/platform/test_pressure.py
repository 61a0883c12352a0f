"""InvoiceXpress stalls with 64 people at once: every ack leaves while it does, and each of them gets an outcome."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest

from bot.invoicexpress.client import Limits
from bot.sandbox.slack import Actor, Person
from tests.clocks import ShiftedClock
from tests.flows.items.shop import QUICK, item, open_shop
from tests.flows.world import World

PEOPLE: Final = 64
FIRST: Final = 500000
ITEMS: Final = [item(FIRST + number, f"Artigo {number}", "10") for number in range(PEOPLE)]
AT_ONCE: Final = Limits().at_once


@asynccontextmanager
async def crowd(tmp_path: Path, **more: Any) -> AsyncIterator[tuple[World, list[Actor]]]:
    """Let everybody have the form of an item of their own open, with another price in it."""
    async with open_shop(tmp_path, ITEMS, **more) as shop:
        people = [
            shop.workspace.add_person(Person(id=f"U0CROWD{number:03}", name=f"P{number}", real_name=f"Person {number}"))
            for number in range(PEOPLE)
        ]
        for number, person in enumerate(people):
            await fill_in(person, number)
        shop.account.requests.clear()
        yield shop, people


async def fill_in(person: Actor, number: int) -> None:
    await person.command(f"/items edit {FIRST + number}")
    await person.modal(callback_id="items.form")
    await person.fill({"Unit price": str(100 + number)})


@pytest.mark.parametrize("mode", ["http", "socket"])
async def test_every_ack_leaves_and_everybody_s_change_is_made_once_it_answers_again(tmp_path: Path, mode: str) -> None:
    async with crowd(tmp_path, mode=mode) as (shop, people):
        async with shop.account.faults.holding() as hold:
            answers = await asyncio.gather(*(person.submit() for person in people))
            looks = await asyncio.gather(*(person.command("/items artigo 1") for person in people))
            assert [answer.error for answer in (*answers, *looks)] == [None] * 2 * PEOPLE
            await hold.arrived(AT_ONCE)
            assert not shop.account.writes
            # Look-ups go on meanwhile, from the copy.
            await asyncio.gather(*(person.sees("Artigo 1", ever=True) for person in people))
            assert hold.count == AT_ONCE, "the rest waits in the queue, and not in connections"
        await asyncio.gather(*(person.modal("was saved.") for person in people))
        assert sorted(write.id for write in shop.account.writes) == [one.id for one in ITEMS]
        prices = [shop.account.item(one.id).unit_price for one in ITEMS]
        assert prices == [Decimal(100 + number) for number in range(PEOPLE)]


async def test_everybody_is_told_where_it_takes_too_long_and_goes_on_when_it_is_back(tmp_path: Path) -> None:
    clock = ShiftedClock()
    limits = replace(QUICK, read=0.2, failures=5, rest=10)
    async with crowd(tmp_path, limits=limits, clock=clock) as (shop, people):
        async with shop.account.faults.holding():
            answers = await asyncio.gather(*(person.submit() for person in people))
            assert [answer.error for answer in answers] == [None] * PEOPLE
            told = await asyncio.gather(
                *(person.modal("InvoiceXpress does not answer at this moment.") for person in people)
            )
        assert [view.callback_id for view in told] == ["items.form"] * PEOPLE
        assert [view.values["unit_price:1", "unit_price"]["value"] for view in told] == [
            str(100 + number) for number in range(PEOPLE)
        ]
        assert len(shop.account.requests) < PEOPLE, "the breaker spares it"
        assert not shop.account.writes
        clock.shift(11)
        await people[0].submit()
        await people[0].modal("was saved.")
        await asyncio.gather(*(person.submit() for person in people[1:]))
        await asyncio.gather(*(person.modal("was saved.") for person in people))
        assert sorted(write.id for write in shop.account.writes) == [one.id for one in ITEMS]


async def test_who_finds_the_queue_full_is_told_so(tmp_path: Path) -> None:
    async with crowd(tmp_path, limits=replace(QUICK, inside=40)) as (shop, people):
        async with shop.account.faults.holding() as hold:
            await asyncio.gather(*(person.submit() for person in people))
            await hold.arrived(AT_ONCE)
            full = "Too many requests to InvoiceXpress are waiting already, and this one was not sent."
            await asyncio.gather(*(person.modal(full) for person in people[40:]))
        await asyncio.gather(*(person.modal("was saved.") for person in people[:40]))
        await asyncio.gather(*(person.submit() for person in people[40:]))
        await asyncio.gather(*(person.modal("was saved.") for person in people))
        assert sorted(write.id for write in shop.account.writes) == [one.id for one in ITEMS]
