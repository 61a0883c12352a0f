"""Records in trouble, as people meet them: what can't be done is said, and all else goes on."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.clocks import ShiftedClock
from tests.flows.dying import Rounds
from tests.flows.items.shop import LARGE, MEDIUM, QUICK, confirmation, edit_form, held
from tests.flows.test_dying import standing
from tests.flows.world import Place, World
from tests.history.support import opened, rows
from tests.history.test_rows import insert, put
from tests.logs import caught_log

BEN = "U0BEN00001"


async def edit_price(world: World, item_id: int, price: str) -> None:
    """Edit an item's price, up to the submission's end."""
    await edit_form(world, world.ben, item_id)
    await world.ben.fill({"Unit price": price})
    await world.ben.submit()


async def begun(place: Place) -> Path:
    """Return the records of a bot that worked here once."""
    path = place.settings.data_dir / "records.db"
    async with opened(path, ShiftedClock()):
        pass
    return path


@pytest.mark.parametrize(
    "odd",
    [
        {"before": "{"},
        {"action": "rename"},
        {"at": "2026-01-01T00:00:00"},
        {"sent": '{"name": "Large", "unit_price": "0.' + "1" * 40 + '"}'},
        {"person": b"\xff"},
    ],
)
async def test_an_open_row_that_cannot_be_read_blocks_its_own_item_and_no_other(
    tmp_path: Path, odd: dict[str, Any]
) -> None:
    clock = Rounds()
    async with standing(tmp_path) as place:
        path = await begun(place)
        put(path, **{"item": LARGE, "name": "Large", **odd})
        with closing(sqlite3.connect(path)) as connection:
            insert(connection, "promises", reference="odd", person=BEN, at=clock.now().isoformat())
        with caught_log() as log:
            async with place.with_bot(clock=clock, limits=QUICK) as world:
                await world.ben.sees("The record of it can't be read", channel="dm", ever=True)
                await edit_price(world, MEDIUM, "25")
                await world.ben.modal("Medium was saved.")
                await world.ben.command("/items history")
                await world.ben.sees("A change stands here whose record can't be read", "Medium", "of 2")
                await edit_price(world, LARGE, "101")
                await world.ben.modal("Nothing was sent", "101")
                clock.shift(121)
                await world.ben.submit()
                await world.ben.modal("Large was saved.")
        assert len(log.events("a record can't be read")) == 1
        assert held(world, LARGE).unit_price == 101
        assert [row["reference"] for row in rows(path, "promises")] == []
        assert ("odd", "unknown", 1) in [
            (row["reference"], row["outcome"], row["final"]) for row in rows(path, "outcomes")
        ]


async def test_an_open_row_of_a_clock_that_was_ahead_blocks_its_item_for_two_minutes(tmp_path: Path) -> None:
    clock = Rounds()
    async with standing(tmp_path) as place:
        put(await begun(place), item=LARGE, name="Large", at="2099-01-01T00:00:00+00:00")
        async with place.with_bot(clock=clock, limits=QUICK) as world:
            await edit_price(world, LARGE, "101")
            await world.ben.modal("Nothing was sent")
            clock.shift(121)
            await world.ben.submit()
            await world.ben.modal("Large was saved.")


async def test_an_undo_of_a_change_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    async with standing(tmp_path) as place, place.with_bot(limits=QUICK) as world:
        await edit_price(world, LARGE, "101")
        await world.ben.modal("Large was saved.", "Undo")
        with closing(sqlite3.connect(tmp_path / "records.db")) as connection, connection:
            connection.execute("DROP TRIGGER intents_stay")
            connection.execute("UPDATE intents SET before = '{'")
        await world.ben.click(None, "Undo")
        await world.ben.modal("The record of this change can't be read, so nothing was done.")
        assert len(world.account.writes) == 1


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def spoilt(path: Path) -> None:
    path.write_bytes(b"\xff" * 8192)


@pytest.mark.parametrize(
    ("spoil", "english", "portuguese"),
    [
        (newer, "written by a newer version of the bot", "escritos por uma versão mais recente do bot"),
        (emptied, "The bot's records are missing", "Faltam os registos do bot"),
        (Path.unlink, "The bot's records are missing", "Faltam os registos do bot"),
        (spoilt, "The bot's records are damaged", "Os registos do bot estão danificados"),
    ],
)
async def test_records_that_cannot_be_used_refuse_writes_with_their_reason_and_nothing_else(
    tmp_path: Path, spoil: Any, english: str, portuguese: str
) -> None:
    async with standing(tmp_path) as place:
        async with place.with_bot(limits=QUICK) as world:
            await edit_price(world, LARGE, "101")
            await world.ben.modal("Large was saved.")
        path = tmp_path / "records.db"
        spoil(path)
        before = path.read_bytes() if path.exists() else b""
        with caught_log() as log:
            async with place.with_bot(limits=QUICK) as world:
                [said] = log.events("history unusable")
                assert said["level"] == "error"
                await world.ben.command("/items large")
                await world.ben.sees("Large", "€101.00")
                await edit_price(world, LARGE, "102")
                await world.ben.modal(english, "102")
                await confirmation(world, world.ana, LARGE)
                await world.ana.submit()
                await world.ana.modal(portuguese)
                await world.ben.command("/items history")
                await world.ben.sees(english)
        assert (path.read_bytes() if path.exists() else b"") == before
        assert [write.what for write in place.account.writes] == ["update"]


async def test_a_first_start_and_one_after_a_purge_just_work(tmp_path: Path) -> None:
    async with standing(tmp_path) as place:
        for price in ("101", "102"):
            async with place.with_bot(limits=QUICK) as world:
                await edit_price(world, LARGE, price)
                await world.ben.modal("Large was saved.")
            await asyncio.to_thread((tmp_path / "catalog.db").unlink)
            if price == "101":
                await asyncio.to_thread((tmp_path / "records.db").unlink)
