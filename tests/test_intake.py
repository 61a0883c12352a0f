"""The door for requests."""

import asyncio

import pytest

from bot.intake import Intake


async def test_nobody_inside_is_nothing_to_wait_for() -> None:
    assert await Intake().emptied(60)


async def test_it_is_open_until_it_is_closed() -> None:
    intake = Intake()
    before = intake.closed
    intake.close()
    assert (before, intake.closed) == (False, True)


async def test_the_last_one_out_ends_the_wait() -> None:
    intake = Intake()
    with intake.entry():
        with intake.entry():
            waiting = asyncio.create_task(intake.emptied(60))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert not waiting.done()
    assert await waiting


async def test_the_wait_is_bounded() -> None:
    intake = Intake()
    with intake.entry():
        assert not await intake.emptied(0.001)


async def test_somebody_who_fails_is_outside_again() -> None:
    intake = Intake()
    with pytest.raises(ZeroDivisionError), intake.entry():
        _ = 1 / 0
    assert await intake.emptied(60)
