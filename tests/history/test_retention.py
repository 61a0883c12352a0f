"""How long records are kept, and what a clock that is wrong must not do to them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.history import Outcome
from bot.history.retention import FAR
from tests.clocks import ShiftedClock
from tests.disks import full_disk
from tests.history.support import BEN, edit, item, opened, record, rows
from tests.history.test_rows import put
from tests.logs import caught_log

DAY = 86400.0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "records.db"


@pytest.fixture
def clock() -> ShiftedClock:
    return ShiftedClock()


def copies(path: Path) -> list[Path]:
    return sorted(path.parent.glob("backups/records-before-trim-*.db"))


async def written(path: Path, clock: ShiftedClock, many: int, prefix: str = "r") -> None:
    """Record so many writes, and one claim."""
    async with opened(path, clock) as history:
        for number in range(many):
            await record(history, edit(f"{prefix}{number}"))
        await history.claim(f"form {prefix}", f"{prefix}0", BEN)


async def started(path: Path, clock: ShiftedClock, keep_days: int | None = 30) -> None:
    async with opened(path, clock, keep_days=keep_days):
        pass


def held(path: Path) -> int:
    return len(rows(path, "intents"))


@pytest.mark.parametrize("ahead", [73 * 365, 365, 41])
async def test_a_clock_far_ahead_drops_nothing(path: Path, clock: ShiftedClock, ahead: int) -> None:
    await written(path, clock, 20)
    clock.shift(ahead * DAY)
    with caught_log() as log:
        await started(path, clock)
    assert held(path) == 20
    assert (len(rows(path, "claims")), len(rows(path, "promises"))) == (1, 1)
    assert log.the("nothing is dropped: the clock is far beyond the newest record")["days"] == ahead
    clock.shift(-ahead * DAY)
    await started(path, clock)
    assert held(path) == 20


async def test_how_far_is_far_to_the_moment(path: Path, clock: ShiftedClock) -> None:
    await written(path, clock, 1)
    clock.shift(FAR.total_seconds() - 60)
    async with opened(path, clock, keep_days=30) as history:
        assert held(path) == 0, "a clock that is that much ahead may be right"
        await record(history, edit("next"))
    clock.shift(FAR.total_seconds() + 60)
    await started(path, clock)
    assert held(path) == 1


async def test_a_write_under_a_wrong_clock_costs_a_copy_at_most(path: Path, clock: ShiftedClock) -> None:
    await written(path, clock, 20)
    clock.shift(73 * 365 * DAY)
    async with opened(path, clock, keep_days=30) as history:
        await record(history, edit("far"))
        clock.shift(2 * 3600)
        with caught_log() as log:
            await history.tidy()
    [copy] = copies(path)
    assert log.the("history copied before it is trimmed")["copy"] == str(copy)
    assert len(rows(copy, "intents")) == 21
    assert copy.stat().st_mode & 0o777 == 0o600


async def test_a_row_from_a_wrong_hour_is_not_the_newest_for_ever(path: Path, clock: ShiftedClock) -> None:
    await written(path, clock, 5)
    clock.shift(73 * 365 * DAY)
    await written(path, clock, 1, "far")
    clock.shift(-73 * 365 * DAY)
    await written(path, clock, 5, "back")
    clock.shift(73 * 365 * DAY)
    await started(path, clock)
    assert held(path) == 11


async def test_a_clock_put_back_drops_nothing_and_stops_no_tidying(path: Path, clock: ShiftedClock) -> None:
    await written(path, clock, 5)
    clock.shift(-3650 * DAY)
    async with opened(path, clock, keep_days=30) as history:
        assert held(path) == 5
        await record(history, edit("then"))
        clock.shift(31 * DAY)  # the shift moves the monotonic time as well: more than an hour has passed
        await history.tidy()
        assert [row["reference"] for row in rows(path, "intents")] == [f"r{number}" for number in range(5)]


async def test_where_the_copy_fails_nothing_is_dropped(path: Path, clock: ShiftedClock) -> None:
    await written(path, clock, 5)
    (path.parent / "backups").write_text("no directory")
    clock.shift(35 * DAY)
    with caught_log():
        await started(path, clock)
    assert held(path) == 5
    (path.parent / "backups").unlink()
    await started(path, clock)
    assert held(path) == 0
    assert len(copies(path)) == 1


@pytest.mark.parametrize(
    ("old", "new", "copied"),
    [(101, 400, True), (100, 400, False), (26, 74, True), (25, 75, False), (1, 0, True), (1, 3, False)],
)
async def test_before_much_is_dropped_it_is_copied(
    path: Path, clock: ShiftedClock, old: int, new: int, *, copied: bool
) -> None:
    await started(path, clock)
    for many, at in ((old, clock.now() - timedelta(days=31)), (new, clock.now())):
        with closing(sqlite3.connect(path)) as connection, connection:
            for number in range(many):
                values = (f"{many} {number}", at.isoformat())
                connection.execute(
                    "INSERT INTO intents (reference, at, person, action, item, name, folded, undoes)"
                    " VALUES (?, ?, 'U1', 'delete', 7, '', '', '')",
                    values,
                )
                connection.execute("INSERT INTO outcomes (reference, at, outcome) VALUES (?, ?, 'failed')", values)
    await started(path, clock)
    assert held(path) == new
    assert [len(rows(copy, "intents")) for copy in copies(path)] == ([old + new] if copied else [])


async def test_only_the_last_copies_of_trims_stay(path: Path, clock: ShiftedClock) -> None:
    (path.parent / "backups").mkdir()
    for kept in ("records-v1.db", "records-20260101-000000-000000.db"):
        (path.parent / "backups" / kept).touch()
    for number in range(5):
        await written(path, clock, 1, f"round{number} ")
        clock.shift(31 * DAY)
        await started(path, clock)
    found = copies(path)
    assert [rows(copy, "intents")[0]["reference"] for copy in found] == ["round2 0", "round3 0", "round4 0"]
    assert len(list((path.parent / "backups").iterdir())) == 5


@pytest.mark.parametrize("days", [1, 30])
async def test_retention_to_the_minute(path: Path, clock: ShiftedClock, days: int) -> None:
    await written(path, clock, 1)
    clock.shift(days * DAY - 60)
    async with opened(path, clock, keep_days=days) as history:
        await history.release("r0")
        await history.told("r0")
        assert held(path) == 1
        clock.shift(120)
        await history.tidy()
        assert held(path) == 1, "it is looked at once an hour"
        clock.shift(3600)
        await history.tidy()
        assert held(path) == 0


async def test_promises_and_claims_to_the_minute(path: Path, clock: ShiftedClock) -> None:
    async with opened(path, clock) as history:
        await history.claim("form", "r0", BEN)
        clock.shift(30 * DAY - 60)
        await record(history, edit("r1"))
        await history.tidy()
        assert (len(rows(path, "claims")), len(rows(path, "promises"))) == (1, 1)
        clock.shift(3661)
        await history.tidy()
        assert (len(rows(path, "claims")), len(rows(path, "promises"))) == (0, 0)


async def test_a_row_whose_time_cannot_be_read_is_never_old(path: Path, clock: ShiftedClock) -> None:
    await started(path, clock)
    for reference, at in (("a", "0"), ("b", "1999"), ("c", "2001-01-01T00:00:00"), ("d", "2001-01-01T00:00:00+00:00")):
        put(path, reference=reference, at=at, outcome={"outcome": "failed"})
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO claims (key, at) VALUES ('a', '0')")
    async with opened(path, clock, keep_days=30) as history:
        await record(history, edit("new", item(8)), Outcome.REFUSED)
        clock.shift(2 * 3600)
        await history.tidy()
    assert [row["reference"] for row in rows(path, "intents")] == ["a", "b", "c", "new"]
    assert len(rows(path, "claims")) == 1


async def test_what_was_dropped_stands_nowhere_any_more(path: Path, clock: ShiftedClock) -> None:
    async with opened(path, clock, keep_days=30) as history:
        await record(history, edit("r0", sent={"description": "Segredo da casa"}))
        for number in range(1, 5):
            await record(history, edit(f"r{number}"))
        clock.shift(20 * DAY)
        for number in range(5, 30):
            await record(history, edit(f"r{number}"))
        clock.shift(11 * DAY)
        await history.tidy()
        assert held(path) == 25
        for file in path.parent.glob("records.db*"):
            assert b"Segredo da casa" not in file.read_bytes(), file.name
        async with history.recording(edit("probe")):
            pass


async def test_a_full_disk_drops_nothing(path: Path, clock: ShiftedClock) -> None:
    async with opened(path, clock, keep_days=30) as history:
        await record(history, edit("r0"))
        clock.shift(31 * DAY)
        with full_disk():
            await history.tidy()
        assert held(path) == 1


async def test_an_intent_is_as_good_a_sign_of_the_time_as_an_outcome(path: Path, clock: ShiftedClock) -> None:
    await written(path, clock, 1)
    clock.shift(50 * DAY)
    put(path, reference="open", at=clock.now().isoformat())
    await started(path, clock)
    assert [row["reference"] for row in rows(path, "intents")] == ["open"]


async def test_claims_alone_are_kept_from_a_wrong_clock_too(path: Path, clock: ShiftedClock) -> None:
    async with opened(path, clock) as history:
        await history.claim("form", "r0", BEN)
    clock.shift(73 * 365 * DAY)
    async with opened(path, clock) as history:
        assert [promise.reference for promise in await history.promises()] == ["r0"]
