from __future__ import annotations

import asyncio

import pytest

from bot.slack.tasks import Tasks
from tests.logs import caught_log


async def test_so_many_pieces_of_work_at_once_and_a_few_to_say_so() -> None:
    tasks, released, done = Tasks(limit=2, spare=1), asyncio.Event(), []

    async def work(name: str) -> None:
        await released.wait()
        done.append(name)

    assert [tasks.start(work(name)) for name in "abc"] == [True, True, False]
    assert [tasks.start(work(name), spare=True) for name in "de"] == [True, False]
    released.set()
    assert await tasks.drain(5) == 0
    assert sorted(done) == ["a", "b", "d"]


async def test_room_is_made_by_what_ends() -> None:
    tasks = Tasks(limit=1)
    assert tasks.start(asyncio.sleep(0))
    await asyncio.sleep(0.001)
    assert tasks.start(asyncio.sleep(0))
    assert await tasks.drain(5) == 0


async def test_a_drain_takes_no_more_and_cancels_what_is_late() -> None:
    tasks = Tasks()
    assert tasks.start(asyncio.Event().wait())  # type: ignore[arg-type]  # what it returns is looked at by nobody
    assert await tasks.drain(0) == 1
    assert not tasks.start(asyncio.sleep(0))
    assert await tasks.drain(5) == 0


async def test_it_can_be_waited_for_until_something_holds() -> None:
    tasks, quick, slow = Tasks(), asyncio.Event(), asyncio.Event()
    tasks.start(quick.wait())  # type: ignore[arg-type]  # as above
    tasks.start(slow.wait())  # type: ignore[arg-type]
    assert tasks.running == 2
    waiting = asyncio.create_task(tasks.until(quick.is_set))
    await asyncio.sleep(0)
    assert not waiting.done()
    quick.set()
    await waiting
    assert tasks.running == 1
    await tasks.until(lambda: True)
    waiting = asyncio.create_task(tasks.until(lambda: False))
    slow.set()
    await waiting
    assert tasks.running == 0


@pytest.mark.parametrize("error", [ValueError("so it goes"), KeyError()])
async def test_an_error_that_got_away_is_in_the_log(error: Exception) -> None:
    async def work() -> None:
        raise error

    tasks = Tasks()
    with caught_log() as log:
        tasks.start(work())
        await tasks.drain(5)
        await asyncio.sleep(0)
    broke = log.the("work broke")
    assert type(error).__name__ in broke["exception"]
    assert "in work" in broke["exception"]
