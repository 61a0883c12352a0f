"""The audit channel: every change is told there, in order, and what can't be told there is in the log."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.audit import Audit
from bot.clock import SystemClock
from bot.history import Change, Entry, Outcome
from bot.sandbox.slack import Message
from bot.slack.replies import Slack
from tests.clocks import BriefPauses
from tests.flows.items.shop import COFFEE, LARGE, confirmation, edit_form, open_shop
from tests.flows.platform.clocks import HastyClock
from tests.flows.world import World
from tests.history.support import item
from tests.logs import Log, caught_log
from tests.slack.canned import Canned, client_of, serve

CHANNEL = "C0GERAL001"


@asynccontextmanager
async def audited(tmp_path: Path, channel: str = CHANNEL, **more: Any) -> AsyncIterator[World]:
    async with open_shop(tmp_path, audit_channel=channel, **{"clock": BriefPauses(), **more}) as shop:
        yield shop


async def price_set(world: World, item_id: int, price: str) -> None:
    await edit_form(world, world.ben, item_id)
    await world.ben.fill({"Unit price": price})
    await world.ben.submit()
    await world.ben.modal("was saved.")
    await world.ben.close()


def posts(world: World) -> list[Message]:
    """Return what everybody in the channel reads of the bot."""
    return [message for message in world.ana.messages(channel=CHANNEL) if not message.is_ephemeral]


async def test_each_change_is_told_in_its_order(tmp_path: Path) -> None:
    async with audited(tmp_path) as shop:
        await price_set(shop, COFFEE, "1")
        await price_set(shop, LARGE, "101")
        await confirmation(shop, shop.ana, LARGE)
        await shop.ana.submit()
        await shop.ana.modal("foi eliminado.")
        await shop.ana.sees("deleted (€101.00 + IVA23)", channel=CHANNEL)
        shown = [message.plain for message in posts(shop)]
        assert [("Café Expresso" in text, "Large" in text) for text in shown] == [(1, 0), (0, 1), (0, 1)]
        assert "€0.6504 → €1.00" in shown[0]
        assert [who in text for who, text in zip((shop.ben.id, shop.ben.id, shop.ana.id), shown, strict=True)] == [
            1
        ] * 3


async def test_it_speaks_the_default_language(tmp_path: Path) -> None:
    async with audited(tmp_path, default_language="pt") as shop:
        await price_set(shop, COFFEE, "1")
        await shop.ben.sees("0,6504\u00a0€ → 1,00\u00a0€", channel=CHANNEL, ever=True)


async def test_what_did_not_succeed_is_told_too(tmp_path: Path) -> None:
    async with audited(tmp_path) as shop:
        await edit_form(shop, shop.ben, LARGE)
        await shop.ben.fill({"Unit price": "101"})
        shop.account.faults.answer(422, '{"error": "Oops"}', method="PUT")
        await shop.ben.submit()
        await shop.ben.modal("Oops")
        await shop.ana.sees("Large", "refused by InvoiceXpress", channel=CHANNEL, ever=True)


async def test_a_name_is_no_mention_there(tmp_path: Path) -> None:
    async with audited(tmp_path) as shop:
        shop.account.change_item(LARGE, name="<!channel> *x* `y`")
        await price_set(shop, LARGE, "101")
        told = await shop.ana.sees("<!channel>", channel=CHANNEL, ever=True)
        assert "&lt;!channel&gt;" in told.text
        assert "<!channel>" not in told.text


@pytest.mark.parametrize(("channel", "reason"), [("C0VENDAS01", "not_in_channel"), ("C0GONE0001", "channel_not_found")])
async def test_where_the_bot_is_no_member_the_log_says_so_and_nothing_is_lost(
    tmp_path: Path, channel: str, reason: str
) -> None:
    with caught_log() as log:
        async with audited(tmp_path, channel) as shop:
            await price_set(shop, COFFEE, "1")
            await shop.ben.command("/items history")
            await shop.ben.sees("Café Expresso", "€0.6504 → €1.00")
        lost = log.the("audit channel not told")
    assert reason in lost["reason"]
    assert lost["write"] == log.the("write ended")["reference"]


async def test_a_broken_connection_is_tried_again_in_order(tmp_path: Path) -> None:
    with caught_log() as log:
        async with audited(tmp_path, clock=HastyClock()) as shop:
            await edit_form(shop, shop.ben, COFFEE)
            await shop.ben.fill({"Unit price": "1"})
            await edit_form(shop, shop.ana, LARGE)
            await shop.ana.fill({"Preço unitário": "2"})
            shop.workspace.faults.next("chat.postMessage", cut=True, times=5)
            await shop.ben.submit()
            await shop.ben.modal("was saved.")
            await shop.ana.submit()
            await shop.ana.sees("Large", channel=CHANNEL, ever=True)
            assert ["Café" in message.plain for message in posts(shop)] == [True, False]
        assert log.events("audit channel not told") == []


# What can't be told


def entry(number: int) -> Entry:
    before = item(price="1")
    after = item(price=str(number))
    return Entry(
        *(f"r{number}", BriefPauses().now(), "U1", Change.EDIT, 7, "Café", before, after.draft(), after, ""),
        *(Outcome.SUCCEEDED, BriefPauses().now()),
    )


@asynccontextmanager
async def auditor(answer: Canned, clock: Any = None, **more: Any) -> AsyncIterator[tuple[Audit, list[Any], Log]]:
    with caught_log() as log:
        async with serve(answer) as server, client_of(server, HastyClock()) as client:
            yield Audit(Slack(client), CHANNEL, "en", clock or HastyClock(), **more), server.asked, log


TAKEN = Canned('{"ok": true, "channel": "C0GERAL001", "ts": "1.1"}')


async def test_too_much_at_once_is_in_the_log() -> None:
    async with auditor(TAKEN, most=3) as (audit, asked, log):
        for number in range(5):
            audit.post(entry(number))
        await audit.stop()
    assert len(asked) == 3
    lost = log.events("audit channel not told")
    assert [(event["write"], event["reason"]) for event in lost] == [
        ("r3", "too much is waiting"),
        ("r4", "too much is waiting"),
    ]


class Patient(SystemClock):
    """A clock on which every wait is over at once."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)


async def test_a_limit_is_waited_for_however_long_slack_asks() -> None:
    clock = Patient()
    limited = Canned('{"ok": false, "error": "ratelimited"}', status=429, headers={"Retry-After": "600"})
    with caught_log() as log:
        async with serve(limited, TAKEN) as server, client_of(server, HastyClock()) as client:
            audit = Audit(Slack(client), CHANNEL, "en", clock)
            audit.post(entry(1))
            await audit.stop()
            assert len(server.asked) == 2
    assert clock.waits == [600.0]
    assert log.events("audit channel not told") == []


async def test_what_slack_never_takes_is_in_the_log_in_the_end() -> None:
    async with auditor(Canned(status=0)) as (audit, _, log):
        audit.post(entry(1))
        await audit.stop()
    assert log.the("audit channel not told")["write"] == "r1"


class Asleep(HastyClock):
    """A clock on which nobody wakes."""

    async def sleep(self, seconds: float) -> None:  # noqa: ARG002 - the signature is the clock's
        await asyncio.Event().wait()


async def test_what_waits_when_the_bot_stops_is_in_the_log() -> None:
    async with auditor(Canned(status=0), Asleep(), last_seconds=0.05) as (audit, _, log):
        audit.post(entry(1))
        audit.post(entry(2))
        await audit.stop()
    lost = log.events("audit channel not told")
    assert [(event["write"], event["reason"]) for event in lost] == [
        ("r1", "the bot was stopped"),
        ("r2", "the bot was stopped"),
    ]


async def test_where_nothing_was_posted_nothing_is_stopped() -> None:
    async with auditor(TAKEN) as (audit, asked, log):
        await audit.stop()
    assert (asked, log.events()) == ([], [])
