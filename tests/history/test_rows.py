"""Rows that can't be read: each costs only itself, is said once, and leaves as it stands."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.history import Entry, History, Outcome, RecordUnreadable, Unreadable
from bot.history.export import BYTE_ORDER_MARK
from bot.maintenance import export_history
from tests.clocks import ShiftedClock
from tests.history.support import BEN, create, edit, item, opened, record, rows
from tests.logs import caught_log

THEN = "2026-01-01T00:00:00+00:00"
DECIMALS = "0." + "1" * 40

ODD: dict[str, dict[str, Any]] = {
    "half a JSON": {"before": "{"},
    "no JSON at all": {"sent": "Café"},
    "JSON of another shape": {"before": "[1]"},
    "an item without a number": {"before": '{"name": "Café", "unit_price": "1"}'},
    "40 decimals before": {"before": json.dumps({"id": 7, "name": "Café", "unit_price": DECIMALS})},
    "40 decimals sent": {"sent": json.dumps({"name": "Café", "unit_price": DECIMALS})},
    "a price that fills the memory": {"sent": '{"name": "Café", "unit_price": "1E+999999"}'},
    "a NUL in the JSON": {"before": '{"id": 7\0}'},
    "an unknown action": {"action": "rename"},
    "an action in another case": {"action": "EDIT"},
    "a time without a zone": {"at": "2026-01-01T00:00:00"},
    "no time": {"at": "yesterday"},
    "a time that no sum can be made with": {"at": "9999-12-31T23:59:59+00:00"},
    "a time before all zones": {"at": "0001-01-01T00:00:00+14:00"},
    "a person who is none": {"person": "Ben"},
    "bytes for a name": {"name": b"\xff\xfe"},
    "text that is no UTF-8": {"name": "CAST(x'436166c3' AS TEXT)"},
    "a text for a number": {"item": "seven"},
    "a half number": {"item": 7.5},
    "bytes for JSON": {"before": b"{}"},
}
OUTCOMES: dict[str, dict[str, Any]] = {
    "an unknown outcome": {"outcome": "perhaps"},
    "an end without a zone": {"at": "2026-01-01T00:00:00", "outcome": "succeeded"},
    "half a JSON after": {"outcome": "succeeded", "after": '{"id":'},
    "bytes after": {"outcome": "succeeded", "after": b"\0"},
}


def insert(connection: sqlite3.Connection, table: str, **values: Any) -> None:
    """Insert a row; a value that begins with CAST is SQL."""
    marks = [value if isinstance(value, str) and value.startswith("CAST(") else "?" for value in values.values()]
    given = [value for value, mark in zip(values.values(), marks, strict=True) if mark == "?"]
    with connection:
        connection.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join(marks)})", given)  # noqa: S608 - ours


INTENT: dict[str, Any] = {"at": THEN, "person": BEN, "action": "edit", "item": 7, "name": "Café", "folded": "cafe"}
BOTH = {"before": item().model_dump_json(), "sent": item().draft().model_dump_json()}


def put(path: Path, reference: str = "odd", outcome: dict[str, Any] | None = None, **odd: Any) -> None:
    """Write an intent of an edit of item 7, with something odd about it, and maybe an outcome."""
    intent = {"reference": reference, **INTENT, **BOTH, "undoes": "", **odd}
    with closing(sqlite3.connect(path)) as connection:
        insert(connection, "intents", **intent)
        if outcome is not None:
            insert(connection, "outcomes", **{"reference": intent["reference"], "at": THEN, **outcome})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "records.db"


@pytest.fixture
def clock() -> ShiftedClock:
    return ShiftedClock()


@pytest.fixture
async def history(path: Path, clock: ShiftedClock) -> AsyncIterator[History]:
    async with opened(path, clock, keep_days=3650) as living:
        await record(living, edit("before", item(8)))
        yield living


async def all_goes_on(history: History) -> None:
    """Do everything that the history is there for, with other items."""
    await record(history, create("r1", "Chá"), Outcome.UNKNOWN)
    await record(history, edit("r2", item(9, "Chá")))
    tea = await history.find("r1")
    assert tea is not None
    assert await history.first_seen(tea) == item(9, "Chá")
    assert tea in await history.unsettled()
    await history.settle(tea, Outcome.SUCCEEDED, item(9, "Chá"))
    await record(history, edit("r3", item(8)))
    entries, total = await history.newest(limit=10)
    assert {entry.reference for entry in entries} >= {"before", "r1", "r2", "r3"}
    assert total == len(entries)
    assert await history.claim("form", "r4", BEN)
    history.let_go("r4")
    assert [promise.reference for promise in await history.promises()] == ["r4"]
    await history.tidy()
    last = await history.last_of_item(8)
    assert last is not None
    assert last.reference == "r3"


@pytest.mark.parametrize("odd", ODD)
async def test_an_open_row_that_cannot_be_read_costs_only_itself(path: Path, history: History, odd: str) -> None:
    put(path, **ODD[odd])
    with caught_log() as log:
        await all_goes_on(history)
        await history.unsettled()
    [line] = log.events("a record can't be read")
    assert set(line) >= {"number", "column"}
    assert "Caf" not in log.text.split("a record can't be read")[1].partition("\n")[0]
    [row] = [found for found in await history.unsettled() if isinstance(found, Unreadable)]
    assert row.column == ("name" if odd.startswith(("bytes for a name", "text that")) else next(iter(ODD[odd])))
    with pytest.raises(RecordUnreadable):
        await history.find("odd")


@pytest.mark.parametrize("odd", OUTCOMES)
async def test_an_outcome_that_cannot_be_read_costs_only_its_write(path: Path, history: History, odd: str) -> None:
    put(path, outcome=OUTCOMES[odd])
    await all_goes_on(history)
    assert await history.last_of_item(7) is None
    assert not [found for found in await history.unsettled() if isinstance(found, Unreadable)]


async def test_a_reference_of_bytes_costs_only_itself(path: Path, history: History) -> None:
    put(path, reference=b"\x00\xff")  # type: ignore[arg-type]
    await all_goes_on(history)
    [row] = [found for found in await history.unsettled() if isinstance(found, Unreadable)]
    assert (row.reference, row.column) == ("x'00ff'", "reference")
    await history.give_up(row)
    assert [found for found in await history.unsettled() if isinstance(found, Unreadable)] == []


async def test_what_is_given_up_stays_as_it_stands(path: Path, history: History, clock: ShiftedClock) -> None:
    put(path, before="{")
    [row] = [found for found in await history.unsettled() if isinstance(found, Unreadable)]
    assert history.seen_for(row).total_seconds() < 60
    clock.shift(120)
    assert history.seen_for(row).total_seconds() > 119
    await history.give_up(row)
    assert await history.unsettled() == ()
    [outcome] = [found for found in rows(path, "outcomes") if found["reference"] == "odd"]
    assert (outcome["outcome"], outcome["final"], outcome["item"]) == ("unknown", 1, 7)
    assert [found["before"] for found in rows(path, "intents") if found["reference"] == "odd"] == ["{"]


@pytest.mark.parametrize(
    ("odd", "item_id", "name", "is_create"),
    [
        ({"before": "{"}, 7, "Café", False),
        ({"item": "seven"}, None, "Café", False),
        ({"item": None, "action": "create", "sent": "{"}, None, "Café", True),
        ({"name": b"\xff", "item": b"7"}, None, "", False),
    ],
)
async def test_as_much_as_can_be_read_tells_what_it_concerns(
    path: Path, history: History, odd: dict[str, Any], item_id: int | None, name: str, *, is_create: bool
) -> None:
    put(path, **odd)
    [row] = [found for found in await history.unsettled() if isinstance(found, Unreadable)]
    assert (row.item_id, row.name, row.is_create) == (item_id, name, is_create)


async def test_promises_that_cannot_be_read_leave_the_others(path: Path, history: History) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for reference, person, at in (("a", BEN, "soon"), ("b", "Ben", THEN), ("c", BEN, THEN.removesuffix("+00:00"))):
            insert(connection, "promises", reference=reference, person=person, at=at)
        insert(connection, "promises", reference="CAST(x'ff' AS TEXT)", person=BEN, at=THEN)
    with caught_log() as log:
        await history.claim("form", "r9", BEN)
        history.let_go("r9")
        for _ in range(2):
            assert [promise.reference for promise in await history.promises()] == ["r9"]
    assert log.the("a record can't be read")["promises"] == 4


async def test_rows_that_cannot_be_read_are_exported_as_they_stand(path: Path, history: History) -> None:
    put(path, before="{", name="=1;=2", sent=b"\xff\0")
    put(path, reference="naive", at="2026-01-01T00:00:00", outcome={"outcome": "perhaps\u2028"})
    put(path, reference="latin", name="CAST(x'436166e9' AS TEXT)")
    lines, table = (path.parent / "lines", path.parent / "table")
    for form, file in (("jsonl", lines), ("csv", table)):
        with file.open("w", encoding="utf-8", newline="") as target:
            export_history(path.parent, form, target)  # type: ignore[arg-type]
    fine, odd, naive, latin = (json.loads(line) for line in lines.read_text("utf-8").splitlines())
    assert "unreadable" not in fine
    assert (odd["unreadable"], odd["before"], odd["sent"], odd["item"]) == ("before", "{", "x'ff00'", 7)
    assert (naive["unreadable"], naive["at"], naive["outcome"]) == ("at", "2026-01-01T00:00:00", "perhaps\u2028")
    assert latin["name"] == "Caf\udce9", "what was no UTF-8 can be told from what was"
    text = table.read_text("utf-8").removeprefix(BYTE_ORDER_MARK)
    assert text.count("\n") == 5
    assert "'=1;'=2" in text
    assert "x'ff00'" in text


async def test_a_last_write_that_cannot_be_read_is_not_passed_over(path: Path, history: History) -> None:
    await record(history, edit("r1"))
    put(path, outcome={"outcome": "succeeded"}, before="{")
    assert await history.last_of_item(7) is None
    found = await history.find("r1")
    assert isinstance(found, Entry)
