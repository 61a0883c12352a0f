from __future__ import annotations

import asyncio

import pytest

from bot.slack.acknowledgement import Acknowledgement
from tests.clocks import ManualClock, ShiftedClock


async def test_the_first_body_given_is_the_one_that_leaves() -> None:
    answer = Acknowledgement(ShiftedClock())
    assert answer.give({"text": "first"})
    assert not answer.give({"text": "second"})
    assert await answer.taken(5) == {"text": "first"}


async def test_without_a_body_an_empty_one_leaves_in_time() -> None:
    answer = Acknowledgement(ShiftedClock())
    assert await answer.taken(0) == {}
    assert not answer.give({"text": "late"})


async def test_it_has_settled_a_moment_after_it_left() -> None:
    clock = ManualClock()
    answer = Acknowledgement(clock)
    settling = asyncio.create_task(answer.settled())
    await asyncio.sleep(0)
    assert not settling.done(), "it has not left yet"
    await answer.taken(0)
    await clock.advance(0.2)
    await asyncio.sleep(0)
    assert not settling.done()
    await clock.advance(0.2)
    await settling


async def test_nobody_waits_for_one_that_left_long_ago() -> None:
    clock = ShiftedClock()
    answer = Acknowledgement(clock)
    await answer.taken(0)
    clock.shift(1)
    await asyncio.wait_for(answer.settled(), 0.2)


async def test_an_answer_that_was_given_up_settles_too() -> None:
    answer = Acknowledgement(ShiftedClock())
    waiting = asyncio.create_task(answer.taken(60))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert not answer.give({})
