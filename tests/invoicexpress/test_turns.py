from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.invoicexpress.turns import Lane, Turns
from tests.invoicexpress.support import StillClock, SwiftClock, settle, until


class Holders:
    """People who take turns, hold them until told, and write down who got one."""

    def __init__(self, turns: Turns) -> None:
        self.turns = turns
        self.got: list[str] = []
        self.tasks: dict[str, asyncio.Task[None]] = {}
        self.done: dict[str, asyncio.Event] = {}

    def ask(self, name: str, lane: Lane = Lane.PEOPLE) -> None:
        self.done[name] = asyncio.Event()
        self.tasks[name] = asyncio.create_task(self._hold(name, lane))

    async def _hold(self, name: str, lane: Lane) -> None:
        async with self.turns.turn(lane):
            self.got.append(name)
            await self.done[name].wait()


@asynccontextmanager
async def holders(
    *, per_minute: int = 780, at_once: int = 16, clock: SwiftClock | None = None
) -> AsyncIterator[Holders]:
    turns = Turns(clock or StillClock(), requests_per_minute=per_minute, at_once=at_once)
    people = Holders(turns)
    yield people
    for task in people.tasks.values():
        task.cancel()
    turns.dismiss(RuntimeError)
    await asyncio.gather(*people.tasks.values(), return_exceptions=True)


async def test_so_many_at_once_and_then_first_come_first_served() -> None:
    async with holders(at_once=2) as people:
        for name in "abcd":
            people.ask(name)
        await settle()
        assert people.got == ["a", "b"]
        people.done["b"].set()
        await settle()
        assert people.got == ["a", "b", "c"]


async def test_people_before_walks_before_background_work() -> None:
    async with holders(at_once=1) as people:
        people.ask("first")
        await settle()
        people.ask("background", Lane.BACKGROUND)
        people.ask("walk", Lane.WALK)
        people.ask("person")
        for name in ["first", "person", "walk", "background"]:
            await settle()
            assert people.got[-1] == name
            people.done[name].set()


async def test_whoever_comes_first_waits_for_the_budget_on_the_clock() -> None:
    clock = StillClock()
    async with holders(per_minute=2, clock=clock) as people:
        people.ask("a")
        people.ask("walk", Lane.WALK)
        await settle()
        people.ask("person")
        await settle()
        assert people.got == ["a"]
        await clock.move(59)
        assert people.got == ["a"]
        await clock.move(1)
        assert people.got == ["a", "person"]
        await clock.move(60)
        assert people.got == ["a", "person", "walk"]


async def test_background_work_leaves_three_quarters_to_others() -> None:
    clock = SwiftClock()
    turns = Turns(clock, requests_per_minute=80, at_once=16)
    for _ in range(10):
        async with turns.turn(Lane.BACKGROUND):
            pass
    assert clock.seconds == 0
    async with turns.turn(Lane.BACKGROUND):
        pass
    assert clock.seconds == 6
    for _ in range(29):
        async with turns.turn(Lane.PEOPLE):
            pass
    assert clock.seconds == 6


async def test_a_spent_budget_is_waited_for() -> None:
    clock = SwiftClock()
    turns = Turns(clock, requests_per_minute=120, at_once=16)
    turns.spend_all()
    async with turns.turn(Lane.PEOPLE):
        assert clock.seconds == 1


async def test_whoever_gives_up_waiting_is_passed_over() -> None:
    async with holders(at_once=1) as people:
        for name in "abc":
            people.ask(name)
        await settle()
        people.tasks["b"].cancel()
        people.done["a"].set()
        await settle()
        assert people.got == ["a", "c"]


async def test_whoever_gives_up_in_the_moment_of_their_turn_gives_it_back() -> None:
    async with holders(at_once=1) as people:
        for name in "abc":
            people.ask(name)
        await settle()
        people.done["a"].set()
        await until(people.tasks["a"].done)
        people.tasks["b"].cancel()
        await settle()
        assert people.tasks["b"].cancelled()
        assert people.got[-1] == "c"


async def test_whoever_is_sent_away_gets_the_error_and_the_others_keep_their_turn() -> None:
    async with holders(at_once=1) as people:
        for name in "abc":
            people.ask(name)
        await settle()
        people.tasks["c"].cancel()
        people.turns.dismiss(LookupError)
        with pytest.raises(LookupError):
            await people.tasks["b"]
        with pytest.raises(asyncio.CancelledError):
            await people.tasks["c"]
        people.ask("d")
        people.done["a"].set()
        await settle()
        assert people.got == ["a", "d"]


async def test_whoever_is_sent_away_and_cancelled_at_once_takes_no_turn_along() -> None:
    async with holders(at_once=1) as people:
        people.ask("a")
        people.ask("b")
        await settle()
        people.turns.dismiss(LookupError)
        people.tasks["b"].cancel()
        people.ask("c")
        people.ask("d")
        people.done["a"].set()
        await settle()
        assert people.got == ["a", "c"]


async def test_sending_everybody_away_stops_the_wait_for_the_budget() -> None:
    clock = StillClock()
    async with holders(per_minute=1, clock=clock) as people:
        people.ask("a")
        await settle()
        before = asyncio.all_tasks()
        people.ask("b")
        people.ask("c")
        await settle()
        assert clock.slept[-1] == 60
        people.turns.dismiss(LookupError)
        await settle()
        assert asyncio.all_tasks() == before
        await clock.move(60)
        assert people.got == ["a"]


@settings(max_examples=30, deadline=None)
@given(
    st.integers(min_value=4, max_value=60),
    st.lists(st.tuples(st.sampled_from(Lane), st.floats(min_value=0, max_value=5)), max_size=60),
)
async def test_whatever_is_asked_no_minute_holds_more_than_the_budget(
    per_minute: int, asked: list[tuple[Lane, float]]
) -> None:
    clock = StillClock()
    turns = Turns(clock, requests_per_minute=per_minute, at_once=4)
    times: list[tuple[Lane, float]] = []

    async def one(lane: Lane) -> None:
        async with turns.turn(lane):
            times.append((lane, clock.seconds))
            await asyncio.sleep(0)

    tasks = []
    for lane, wait in asked:
        tasks.append(asyncio.create_task(one(lane)))
        await clock.move(wait)
    for _ in asked:
        await clock.move_on()
    assert len(times) == len(asked)
    for _, begin in times:
        window = [lane for lane, time in times if 0 <= time - begin < 60 - 1e-6]
        assert len(window) <= per_minute
        assert window.count(Lane.BACKGROUND) <= max(1, per_minute // 4)
