"""A bot that dies in mid-write, in earnest: the next one finds out what became of it, records it and tells it once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.account import Account
from bot.sandbox.slack import Actor
from tests.clocks import ShiftedClock
from tests.flows.dying import Rounds, dying_bot
from tests.flows.items.shop import ITEMS, LARGE, QUICK, TAXES, confirmation, edit_form, held
from tests.flows.world import Place, World, standing_place
from tests.history.support import rows
from tests.logs import caught_log

METHODS = {"create": "POST", "edit": "PUT", "delete": "DELETE"}
TOLD = {
    ("create", True): "Your new item Chá from",
    ("create", False): "Create it again if you still need it.",
    ("edit", True): "Your change to Large from",
    ("edit", False): "was not made.",
    ("delete", True): "is gone",
    ("delete", False): "was not deleted",
}


@asynccontextmanager
async def standing(tmp_path: Path, **more: Any) -> AsyncIterator[Place]:
    def stock(account: Account) -> None:
        account.stock(items=ITEMS, taxes=TAXES)

    async with standing_place(
        tmp_path, samples=False, stock=stock, invoicexpress_requests_per_minute=60_000, **more
    ) as place:
        yield place


async def ask(world: World, person: Actor, action: str) -> None:
    """Fill in what asks for a write, up to its submission."""
    if action == "create":
        await person.command("/items new Chá")
        await person.modal("New item")
        await person.fill({"Unit price": "1,30"})
    elif action == "edit":
        await edit_form(world, person, LARGE)
        await person.fill({"Unit price": "101"})
    else:
        await confirmation(world, person, LARGE)


async def cut_down(place: Place, clock: ShiftedClock, action: str, *, carried_out: bool) -> None:
    """Let the bot die while the account's answer is held back, after the write or before it."""
    method = METHODS[action]
    async with dying_bot(place, clock) as world:
        await ask(world, world.ben, action)
        async with place.account.faults.holding(method, after=carried_out) as hold:
            if not carried_out:
                place.account.faults.cut("before", method=method)
            await world.ben.submit()
            await hold.arrived()
            await world.bot.aclose()
    place.account.faults.clear()


def outcomes(place: Place) -> list[str]:
    return [row["outcome"] for row in rows(place.settings.data_dir / "records.db", "outcomes")]


@pytest.mark.parametrize("carried_out", [True, False], ids=["carried out", "not carried out"])
@pytest.mark.parametrize("action", METHODS)
async def test_what_became_of_it_is_found_recorded_and_told_once(
    tmp_path: Path,
    action: str,
    carried_out: bool,  # noqa: FBT001 - a column
) -> None:
    clock = ShiftedClock()
    async with standing(tmp_path) as place:
        await cut_down(place, clock, action, carried_out=carried_out)
        assert outcomes(place) == []
        writes = len(place.account.writes)
        assert writes == carried_out
        clock.shift(180)
        async with place.with_bot(clock=clock, limits=QUICK) as world:
            told = await world.ben.sees(TOLD[action, carried_out], channel="dm", ever=True)
            assert ("Chá" if action == "create" else "Large") in told.plain
            await world.bot.drain(5)
        assert outcomes(place) == ["succeeded" if carried_out else "failed"]
        async with place.with_bot(clock=clock, limits=QUICK) as world:
            await world.ben.command("/items help")
            await world.ben.sees("What you can type")
        assert len(place.workspace.person("Ben").messages(channel="dm")) == 1
        assert len(place.account.writes) == writes
        if action == "edit":
            assert held(world, LARGE).unit_price == (101 if carried_out else 100)


async def test_the_history_and_the_audit_channel_learn_it_too(tmp_path: Path) -> None:
    clock = ShiftedClock()
    async with standing(tmp_path, audit_channel="C0GERAL001") as place:
        await cut_down(place, clock, "create", carried_out=True)
        async with place.with_bot(clock=clock, limits=QUICK) as world:
            await world.ben.sees("Your new item Chá from", channel="dm", ever=True)
            await world.ana.sees("Chá", "created", channel="C0GERAL001", ever=True)
            await world.ben.command("/items history")
            shown = await world.ben.sees("Chá", "created")
            assert "not known" not in shown.plain
            await world.ben.command("/items chá")
            await world.ben.sees("Chá", "€1.30", "created")


async def test_nobody_is_told_before_it_is_known(tmp_path: Path) -> None:
    """The request may still be on its way when the next bot starts."""
    clock = Rounds()
    async with standing(tmp_path) as place:
        await cut_down(place, clock, "edit", carried_out=False)
        async with place.with_bot(clock=clock, limits=QUICK) as world:
            await world.ben.command("/items help")
            await world.ben.sees("What you can type")
            assert world.ben.messages(channel="dm") == []
            assert outcomes(place) == []
            clock.shift(180)
            clock.ring()
            await world.ben.sees(TOLD["edit", False], channel="dm", ever=True)


async def test_the_account_is_down_at_the_start_and_back_later(tmp_path: Path) -> None:
    clock = Rounds()
    async with standing(tmp_path) as place:
        await cut_down(place, clock, "delete", carried_out=True)
        place.account.faults.switch(down=True)
        async with place.with_bot(clock=clock, limits=QUICK) as world:
            await world.ben.command("/items help")
            await world.ben.sees("What you can type")
            clock.ring()
            assert world.ben.messages(channel="dm") == []
            place.account.faults.clear()
            clock.shift(60)
            clock.ring()
            await world.ben.sees(TOLD["delete", True], channel="dm", ever=True)
        assert outcomes(place) == ["succeeded"]


async def test_slack_takes_no_message_at_the_start_and_one_later(tmp_path: Path) -> None:
    clock = Rounds()
    async with standing(tmp_path) as place:
        await cut_down(place, clock, "delete", carried_out=True)
        place.workspace.faults.next("chat.postMessage", error="internal_error")
        place.workspace.faults.next("users.info", error="internal_error")
        async with place.with_bot(clock=clock, limits=QUICK) as world:
            await failed_call(world, "chat.postMessage")
            clock.ring()
            await world.ben.sees(TOLD["delete", True], channel="dm", ever=True)
        assert outcomes(place) == ["succeeded"]


async def test_while_slack_asks_to_be_left_alone_nobody_is_told_anything(tmp_path: Path) -> None:
    clock = Rounds()
    async with standing(tmp_path) as place:
        await cut_down(place, clock, "create", carried_out=False)
        await cut_down(place, clock, "delete", carried_out=True)
        clock.shift(180)
        place.workspace.faults.next("chat.postMessage", error="ratelimited", retry_after=600)
        async with place.with_bot(clock=clock, limits=QUICK) as world:
            await failed_call(world, "chat.postMessage")
            for seconds, calls in ((0, 1), (580, 1), (30, 3)):
                clock.shift(seconds)
                await clock.round()
                assert len(world.workspace.calls_of("chat.postMessage")) == calls
            assert len(world.ben.messages(channel="dm")) == 2


async def failed_call(world: World, method: str) -> None:
    """Return when a call of a method has failed."""

    def failed() -> bool | None:
        return any(call.error for call in world.workspace.calls_of(method)) or None

    await world.workspace.feed.until(failed, seconds=5, otherwise=lambda: f"{method} did not fail")


async def test_what_was_asked_for_and_not_begun_is_told_too(tmp_path: Path) -> None:
    clock = ShiftedClock()
    async with standing(tmp_path) as place:
        async with dying_bot(place, clock) as world:
            await ask(world, world.ben, "edit")
            async with place.account.faults.holding("GET", f"/items/{LARGE}.json") as hold:
                await world.ben.submit()
                await hold.arrived()
                await world.bot.aclose()
        async with place.with_bot(clock=clock, limits=QUICK) as world:
            await world.ben.sees(
                "What you asked for on", "was not carried out, and nothing was changed", channel="dm", ever=True
            )
            await world.ben.command(f"/items {LARGE}")
            await world.ben.sees("€100.00")
        assert place.account.writes == ()
        assert rows(place.settings.data_dir / "records.db", "intents") == []


async def test_a_form_of_the_bot_that_died_is_not_carried_out_twice(tmp_path: Path) -> None:
    clock = ShiftedClock()
    async with standing(tmp_path) as place:
        await cut_down(place, clock, "create", carried_out=True)
        [submission] = place.workspace.calls_of("view_submission")
        async with place.with_bot(clock=clock, limits=QUICK) as world:
            await world.ben.sees("Your new item Chá from", channel="dm", ever=True)
            await place.workspace.repeat(submission)
            await world.bot.drain(5)
        assert [write.what for write in place.account.writes] == ["create"]


@pytest.mark.parametrize("when", ["after", "before"])
async def test_what_was_checked_by_hand_is_not_told_once_more(tmp_path: Path, when: Any) -> None:
    clock = Rounds()
    async with standing(tmp_path) as place:
        async with place.with_bot(clock=clock, limits=QUICK) as world:
            await ask(world, world.ben, "create")
            place.account.faults.cut(when, method="POST")
            lists = place.account.faults.answer(503, path="/items.json", method="GET")
            await world.ben.submit()
            await world.ben.modal("We don't know whether Chá was created")
            place.account.faults.remove(lists)
            clock.shift(120)
            await world.ben.click(None, "Check again")
            words = {"after": "but the account holds an item of this name", "before": "was not created."}
            await world.ben.modal(words[when])
            clock.ring()
            await world.ben.command("/items help")
            await world.ben.sees("What you can type")
            clock.ring()
        async with place.with_bot(clock=clock, limits=QUICK) as world:
            await world.ben.command("/items help")
            await world.ben.sees("What you can type")
            assert world.ben.messages(channel="dm") == []
        assert outcomes(place)[-1] == {"after": "succeeded", "before": "failed"}[when]


async def test_what_nobody_checked_is_told_when_it_is_known(tmp_path: Path) -> None:
    clock = Rounds()
    async with standing(tmp_path) as place, place.with_bot(clock=clock, limits=QUICK) as world:
        await ask(world, world.ben, "create")
        place.account.faults.cut("before", method="POST")
        await world.ben.submit()
        await world.ben.modal("We don't know whether Chá was created")
        clock.shift(120)
        clock.ring()
        await world.ben.sees(TOLD["create", False], channel="dm", ever=True)
        assert outcomes(place) == ["unknown", "failed"]


async def test_after_two_days_it_stays_unknown(tmp_path: Path) -> None:
    clock = ShiftedClock()
    async with standing(tmp_path) as place:
        await cut_down(place, clock, "edit", carried_out=True)
        clock.shift(2 * 86400 + 60)
        async with place.with_bot(clock=clock, limits=QUICK) as world:
            await world.ben.sees("It can't be told whether your change to Large", channel="dm", ever=True)
        assert outcomes(place) == ["unknown"]
        async with place.with_bot(clock=clock, limits=QUICK) as world:
            await world.ben.command("/items help")
            await world.ben.sees("What you can type")
        assert len(world.ben.messages(channel="dm")) == 1


async def test_what_stays_unknown_is_not_done_when_its_form_comes_again(tmp_path: Path) -> None:
    clock = ShiftedClock()
    async with standing(tmp_path) as place:
        await cut_down(place, clock, "edit", carried_out=False)
        [submission] = place.workspace.calls_of("view_submission")
        clock.shift(2 * 86400 + 60)
        async with place.with_bot(clock=clock, limits=QUICK) as world:
            await world.ben.sees("It can't be told whether your change to Large", channel="dm", ever=True)
            await place.workspace.repeat(submission)
            await world.bot.drain(5)
        assert place.account.writes == ()


async def test_one_that_cannot_be_asked_about_keeps_no_other_waiting(tmp_path: Path) -> None:
    clock = ShiftedClock()
    async with standing(tmp_path) as place:
        await cut_down(place, clock, "edit", carried_out=True)
        place.account.faults.answer(403, path=f"/items/{LARGE}.json")
        await cut_down(place, clock, "create", carried_out=True)
        place.account.faults.answer(403, path=f"/items/{LARGE}.json")
        clock.shift(180)
        async with place.with_bot(clock=clock, limits=QUICK) as world:
            await world.ben.sees(TOLD["create", True], channel="dm", ever=True)
            assert world.ben.messages("Your change to Large", channel="dm") == []


async def test_a_history_that_cannot_be_used_is_said_and_nobody_is_told_anything(tmp_path: Path) -> None:
    clock = Rounds()
    async with standing(tmp_path) as place:
        await cut_down(place, clock, "edit", carried_out=True)
        path = tmp_path / "records.db"
        aside = path.rename(tmp_path / "aside.db")
        path.mkdir()
        with caught_log() as log:
            async with place.with_bot(clock=clock, limits=QUICK) as world:
                await world.ben.command("/items help")
                await world.ben.sees("What you can type")
                await clock.round()
                assert log.events("the history can't be used now")
                assert log.events("recurring work broke") == []
                path.rmdir()
                aside.rename(path)
                clock.ring()
                await world.ben.sees(TOLD["edit", True], channel="dm", ever=True)
