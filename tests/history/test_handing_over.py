"""A process that is about to end: what was begun is recorded, nothing new is, and another takes the file over."""

from __future__ import annotations

import asyncio
import shutil
from contextlib import ExitStack
from pathlib import Path

import pytest

from bot.errors import Restarting
from bot.history import History, NotRecorded
from tests.clocks import ShiftedClock
from tests.disks import full_disk
from tests.history.support import edit, opened, record, rows


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "records.db"


async def test_no_claim_is_given_any_more_but_those_that_were_go_on(path: Path) -> None:
    async with opened(path, ShiftedClock()) as history:
        assert await history.claim("form 1", "r1", "U0BEN")
        assert not history.is_quiet
        history.refuse_more()
        with pytest.raises(Restarting):
            await history.claim("form 2", "r2", "U0BEN")
        with pytest.raises(Restarting), history.in_hand("r3"):
            pytest.fail("in hand")  # pragma: no cover - reached only where it is
        assert await history.claim("undo r0", "r1", "U0BEN"), "a second one of the same request"
        await record(history, edit("r1"))
        history.let_go("r1")
        assert history.is_quiet


async def test_it_is_not_quiet_while_an_outcome_is_to_come(path: Path) -> None:
    async with opened(path, ShiftedClock()) as history:
        async with history.recording(edit("r1")):
            assert not history.is_quiet
        assert history.is_quiet


async def test_what_is_owed_is_written_first_and_then_nothing_any_more(path: Path) -> None:
    async with opened(path, ShiftedClock()) as history:
        with ExitStack() as disk:
            async with history.recording(edit("r1")):
                disk.enter_context(full_disk())
            assert not history.is_quiet, "its outcome is owed"
        await history.end_writing()
        assert [row["outcome"] for row in rows(path, "outcomes")] == ["succeeded"]
        with pytest.raises(NotRecorded):
            await record(history, edit("r2"))
        entries, _ = await history.newest(limit=9)
        assert [entry.reference for entry in entries] == ["r1"]


async def test_the_next_process_writes_while_the_last_one_still_reads(path: Path, tmp_path: Path) -> None:
    async with opened(path, ShiftedClock()) as old:
        await record(old, edit("r1"))
        await old.end_writing()
        copy = tmp_path / "copied by hand" / path.name
        copy.parent.mkdir()
        shutil.copyfile(path, copy)
        async with opened(path, ShiftedClock()) as new:
            await record(new, edit("r2"))
            assert {entry.reference for entry in (await old.newest(limit=9))[0]} == {"r1", "r2"}
            await old.aclose()
            await record(new, edit("r3"))
    assert len(rows(path, "outcomes")) == 3
    assert len(rows(copy, "outcomes")) == 1, "all of it was in the file itself"


async def test_a_stop_waits_for_an_outcome_that_is_being_written(path: Path) -> None:
    history = History(path, ShiftedClock())
    assert await history.open()
    entered, leave = asyncio.Event(), asyncio.Event()

    async def write() -> None:
        async with history.recording(edit("r1")):
            entered.set()
            await leave.wait()

    writing = asyncio.create_task(write())
    await entered.wait()
    writing.cancel()
    await asyncio.sleep(0)
    await history.end_writing()
    await asyncio.gather(writing, return_exceptions=True)
    await history.aclose()
    assert [row["outcome"] for row in rows(path, "outcomes")] == ["unknown"]
