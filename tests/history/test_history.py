"""What is recorded of a write: its intent before, its outcome after, neither ever changed, and nothing done twice."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.history import Entry, History, NotRecorded, Outcome
from bot.invoicexpress.errors import NotFound, OutcomeUnknown, Rejected, Unavailable
from tests.clocks import ManualClock, ShiftedClock
from tests.history.support import ANA, BEN, create, delete, edit, item, opened, record, rows


@pytest.fixture
def clock() -> ShiftedClock:
    return ShiftedClock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "records.db"


@pytest.fixture
async def history(path: Path, clock: ShiftedClock) -> AsyncIterator[History]:
    async with opened(path, clock) as living:
        yield living


async def test_the_intent_is_on_disk_before_anything_is_sent(history: History, path: Path) -> None:
    async with history.recording(edit("r1")):
        [intent] = rows(path, "intents")
        assert (intent["reference"], intent["person"], intent["action"], intent["item"]) == ("r1", BEN, "edit", 7)
        assert '"unit_price":"12"' in intent["before"]
        assert '"unit_price":"12.5"' in intent["sent"]
        assert rows(path, "outcomes") == []
    assert [row["outcome"] for row in rows(path, "outcomes")] == ["succeeded"]
    assert rows(path, "intents") == [intent]


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (Rejected(), "refused"),
        (Unavailable(), "failed"),
        (NotFound(), "failed"),
        (OutcomeUnknown(), "unknown"),
        (ZeroDivisionError(), "unknown"),
        (asyncio.CancelledError(), "unknown"),
        (KeyboardInterrupt(), "unknown"),
    ],
)
async def test_every_end_is_two_rows(history: History, path: Path, error: BaseException, outcome: str) -> None:
    with pytest.raises(type(error)):
        async with history.recording(edit("r1")):
            raise error
    assert [row["reference"] for row in rows(path, "intents")] == ["r1"]
    assert [(row["reference"], row["outcome"], row["after"]) for row in rows(path, "outcomes")] == [
        ("r1", outcome, None)
    ]


async def test_an_entry_holds_all_that_was_recorded(history: History) -> None:
    write = create("r1", "Pão & «Bôla»\n=1+1")
    async with history.recording(write):
        write.item_id, write.after = 9, item(9, write.name, "12.0000")
    entry = await history.find("r1")
    assert entry is not None
    assert (entry.person, entry.action, entry.item_id, entry.name) == (BEN, "create", 9, "Pão & «Bôla»\n=1+1")
    assert (entry.before, entry.sent, entry.after) == (None, write.sent, write.after)
    assert str(entry.after and entry.after.unit_price) == "12.0000"
    assert (entry.outcome, entry.undoes, entry.undone, entry.is_settled) == (Outcome.SUCCEEDED, "", False, True)
    assert entry.ended_at is not None
    assert entry.at <= entry.ended_at
    assert await history.find("r2") is None


async def test_what_was_recorded_is_never_changed(history: History, path: Path) -> None:
    await record(history, edit("r1"))
    with closing(sqlite3.connect(path)) as connection:
        for statement, words in (
            ("UPDATE intents SET person = 'U0EVIL'", "what was intended is never changed"),
            ("UPDATE outcomes SET outcome = 'failed'", "how it ended is never changed"),
        ):
            with pytest.raises(sqlite3.IntegrityError, match=words):
                connection.execute(statement)


async def test_a_write_of_the_same_reference_is_not_recorded_over_another(history: History, path: Path) -> None:
    await record(history, edit("r1"))
    with pytest.raises(NotRecorded):
        await record(history, delete("r1"))
    assert len(rows(path, "intents")) == 1


async def test_the_last_write_to_an_item_is_found_whatever_it_was(history: History) -> None:
    await record(history, create("r1"))
    await record(history, edit("r2", to="13"))
    await record(history, edit("r3", to="14"), Outcome.REFUSED)
    await record(history, edit("r4", item(70)))
    found = await history.last_of_item(7)
    assert found is not None
    assert found.reference == "r2"
    creation = await history.creation_of(7)
    assert creation is not None
    assert creation.reference == "r1"
    assert await history.last_of_item(8) is None
    assert await history.creation_of(70) is None


async def test_the_newest_come_first_page_by_page(history: History) -> None:
    for number in range(5):
        await record(history, edit(f"r{number}", person=ANA if number == 3 else BEN))
    entries, total = await history.newest(limit=2, offset=1)
    assert ([entry.reference for entry in entries], total) == (["r3", "r2"], 5)
    entries, total = await history.newest(person=ANA, limit=2)
    assert ([entry.reference for entry in entries], total) == (["r3"], 1)
    assert await history.newest(limit=2, offset=10) == ((), 5)


@pytest.mark.parametrize(
    ("text", "references"),
    [
        ("cafe", {"r1", "r2"}),
        ("CAFÉ du", {"r2"}),
        ("galão", {"r2", "r3"}),
        (" 7 ", {"r1", "r2"}),
        ("2024", {"r4"}),
        ("%", set()),
        ("' OR 1=1 --", set()),
        ("", {"r1", "r2", "r3", "r4"}),
    ],
)
async def test_a_text_finds_names_before_and_after_and_numbers(
    history: History, text: str, references: set[str]
) -> None:
    await record(history, create("r1", "Café"))
    await record(history, edit("r2", item(7, "Café Duplo"), sent={"name": "Galão"}))
    await record(history, delete("r3", item(8, "Galão escuro")))
    await record(history, delete("r4", item(9, "Agenda 2024")))
    entries, total = await history.newest(text, limit=10)
    assert {entry.reference for entry in entries} == references
    assert total == len(references)


# Once


async def test_a_claim_is_kept_for_good(path: Path, clock: ShiftedClock) -> None:
    async with opened(path, clock) as history:
        assert await history.claim("form V1 0", "r1", BEN)
        assert not await history.claim("form V1 0", "r2", BEN)
        assert await history.claim("form V1 1", "r3", BEN)
    async with opened(path, clock) as history:
        assert not await history.claim("form V1 0", "r4", BEN)


async def test_a_claim_that_is_given_back_can_be_made_again(history: History) -> None:
    assert await history.claim("button 1", "r1", BEN)
    assert await history.claim("undo r0", "r1", BEN)
    await history.release("r1")
    assert await history.claim("button 1", "r2", BEN)
    assert await history.claim("undo r0", "r2", BEN)


async def test_claims_and_promises_are_forgotten_after_a_month(path: Path, clock: ShiftedClock) -> None:
    async with opened(path, clock) as history:
        await history.claim("form V1 0", "r1", BEN)
        await record(history, edit("r1"))
        clock.shift(29 * 86400)
        await history.tidy()
        assert (len(rows(path, "claims")), len(rows(path, "promises"))) == (1, 1)
        clock.shift(2 * 86400)
        await history.tidy()
        assert rows(path, "claims") == rows(path, "promises") == []
        assert len(rows(path, "intents")) == 1


async def test_a_promise_stands_until_it_is_kept(path: Path, clock: ShiftedClock) -> None:
    async with opened(path, clock) as history:
        await history.claim("form V1 0", "r1", BEN)
        await history.claim("undo r0", "r1", BEN)
        await history.claim("form V2 0", "r2", ANA)
        assert await history.promises() == (), "both are in hand"
        await history.told("r2")
        history.let_go("r1")
        history.let_go("r2")
        [promise] = await history.promises()
        assert (promise.reference, promise.person) == ("r1", BEN)
        assert clock.now() - promise.at < timedelta(minutes=1)
    async with opened(path, clock) as history:
        assert [promise.reference for promise in await history.promises()] == ["r1"]


async def test_a_claim_that_was_not_had_promises_nothing(history: History) -> None:
    await history.claim("form V1 0", "r1", BEN)
    await history.claim("form V1 0", "r2", BEN)
    history.let_go("r1")
    assert [promise.reference for promise in await history.promises()] == ["r1"]


async def test_what_is_let_go_of_while_it_is_read_is_left_to_the_next_look(history: History) -> None:
    await history.claim("form V1 0", "r1", BEN)
    looking = asyncio.create_task(history.promises())
    await asyncio.sleep(0)
    history.let_go("r1")
    assert await looking == (), "its person may have been told since"
    assert [promise.reference for promise in await history.promises()] == ["r1"]


async def test_a_second_claim_that_was_not_had_leaves_the_request_in_hand(history: History) -> None:
    await history.claim("undo r0", "r1", ANA)
    history.let_go("r1")
    await history.claim("button 1", "r2", BEN)
    assert not await history.claim("undo r0", "r2", BEN)
    assert [promise.reference for promise in await history.promises()] == ["r1"], "whoever has r2 in hand tells"
    history.let_go("r2")
    assert {promise.reference for promise in await history.promises()} == {"r1", "r2"}


@pytest.mark.parametrize(
    ("outcome", "undone"),
    [(Outcome.SUCCEEDED, True), (Outcome.UNKNOWN, True), (Outcome.REFUSED, False), (Outcome.FAILED, False)],
)
async def test_an_undone_write_knows_it(history: History, outcome: Outcome, undone: bool) -> None:  # noqa: FBT001 - by pytest, by name
    await record(history, edit("r1"))
    await record(history, edit("r2", undoes="r1"), outcome)
    found, _ = await history.newest(limit=9)
    entries = {entry.reference: entry for entry in found if isinstance(entry, Entry)}
    assert (entries["r1"].undone, entries["r2"].undone) == (undone, False)


# What is still to be learnt


async def open_ends(history: History) -> list[str]:
    return [entry.reference for entry in await history.unsettled()]


async def test_what_is_known_is_settled(history: History) -> None:
    for outcome in Outcome:
        await record(history, edit(outcome.value), outcome)
    assert await open_ends(history) == ["unknown"]


async def test_what_is_under_way_is_not_asked_about(path: Path, clock: ShiftedClock) -> None:
    async with opened(path, clock) as history:
        async with history.recording(edit("r1")):
            assert await open_ends(history) == []
        assert await open_ends(history) == []


async def test_what_becomes_known_is_appended(history: History, path: Path) -> None:
    seen: list[Entry] = []
    history.listen(seen.append)
    await record(history, create("r1"), Outcome.UNKNOWN)
    [entry] = await history.unsettled()
    assert isinstance(entry, Entry)
    assert not entry.is_settled
    await history.settle(entry, Outcome.SUCCEEDED, item(9))
    known = await history.find("r1")
    assert known is not None
    assert (known.outcome, known.item_id, known.after, known.is_settled) == (Outcome.SUCCEEDED, 9, item(9), True)
    assert [row["outcome"] for row in rows(path, "outcomes")] == ["unknown", "succeeded"]
    assert await open_ends(history) == []
    assert [(one.reference, one.outcome) for one in seen] == [("r1", Outcome.UNKNOWN), ("r1", Outcome.SUCCEEDED)]
    assert seen[1] == known


async def test_what_will_never_be_known_is_settled_as_that(history: History) -> None:
    await record(history, edit("r1"), Outcome.UNKNOWN)
    [entry] = await history.unsettled()
    assert isinstance(entry, Entry)
    await history.settle(entry, Outcome.UNKNOWN, item())
    known = await history.find("r1")
    assert known is not None
    assert (known.outcome, known.after, known.item_id, known.is_settled) == (Outcome.UNKNOWN, None, 7, True)
    assert await open_ends(history) == []


async def test_what_may_be_another_s_item_is_not_recorded_as_ours(history: History) -> None:
    await record(history, create("r1"), Outcome.UNKNOWN)
    [entry] = await history.unsettled()
    assert isinstance(entry, Entry)
    await history.settle(entry, Outcome.UNKNOWN, item(9))
    known = await history.find("r1")
    assert known is not None
    assert known.item_id is None
    assert await history.creation_of(9) is None


async def test_whether_a_write_may_go_on_is_kept(history: History) -> None:
    for late in (True, False):
        with pytest.raises(OutcomeUnknown):
            async with history.recording(edit(f"late {late}")):
                raise OutcomeUnknown(late=late)
    assert {entry.reference: entry.late for entry in await history.unsettled() if isinstance(entry, Entry)} == {
        "late True": True,
        "late False": False,
    }


async def test_who_created_an_item_and_what_was_next_seen_of_it(history: History) -> None:
    await record(history, create("r1", "Chá"), Outcome.UNKNOWN)
    await record(history, edit("other", item(8, "Cacau", "3")))
    await record(history, edit("r2", item(9, "Chá", "3")))
    await record(history, edit("r3", item(9, "Chá", "4")))
    first = await history.find("r1")
    assert first is not None
    assert await history.first_seen(first) == item(9, "Chá", "3")
    last = await history.find("r3")
    assert last is not None
    assert await history.first_seen(last) is None
    created = await history.last_create("Chá", BEN)
    assert created is not None
    assert created.reference == "r1"
    assert await history.last_create("Chá", ANA) is None


async def test_whoever_listens_hears_of_each_end(history: History) -> None:
    seen: list[Entry] = []
    history.listen(seen.append)
    await record(history, edit("r1"))
    [heard] = seen
    assert (heard.reference, heard.outcome, heard.before, heard.item_id) == ("r1", Outcome.SUCCEEDED, item(), 7)


# How long it is kept


async def test_whole_old_writes_are_dropped_and_nothing_else(path: Path) -> None:
    clock = ShiftedClock()
    async with opened(path, clock, keep_days=10) as history:
        await record(history, create("old"), Outcome.UNKNOWN)
        [entry] = await history.unsettled()
        assert isinstance(entry, Entry)
        clock.shift(9.9 * 86400)
        await history.settle(entry, Outcome.SUCCEEDED, item(9))
        await record(history, edit("new"))
        await history.tidy()
        assert len(rows(path, "intents")) == 2
        clock.shift(0.2 * 86400)
        await history.tidy()
        assert [row["reference"] for row in rows(path, "intents")] == ["new"]
        assert [row["reference"] for row in rows(path, "outcomes")] == ["new"]


async def test_old_writes_are_dropped_at_the_start_and_every_hour(path: Path) -> None:
    clock = ShiftedClock()
    async with opened(path, clock) as history:
        await record(history, edit("old"))
    clock.shift(5 * 86400)
    async with opened(path, clock, keep_days=5) as history:
        assert rows(path, "intents") == []
        await record(history, edit("new"))
        clock.shift(5 * 86400 - 1800)
        await history.tidy()
        clock.shift(1801)
        await history.tidy()
        assert len(rows(path, "intents")) == 1, "half an hour after the last time"
        clock.shift(1800)
        await history.tidy()
        assert rows(path, "intents") == []


async def test_what_is_still_to_be_settled_or_told_is_not_dropped(path: Path) -> None:
    clock = ShiftedClock()
    async with opened(path, clock, keep_days=1) as history:
        await record(history, edit("unsettled"), Outcome.UNKNOWN)
        assert await history.claim("form", "untold", BEN)
        await record(history, edit("untold"))
        await record(history, edit("over"))
        history.let_go("untold")
        clock.shift(2 * 86400)
        await history.tidy()
        assert [row["reference"] for row in rows(path, "intents")] == ["unsettled", "untold"]
        [entry] = await history.unsettled()
        assert isinstance(entry, Entry)
        await history.settle(entry, Outcome.UNKNOWN, None)
        await history.told("untold")
        clock.shift(3601)
        await history.tidy()
        assert rows(path, "intents") == rows(path, "outcomes") == []


async def test_without_a_setting_everything_is_kept(path: Path) -> None:
    clock = ShiftedClock()
    async with opened(path, clock) as history:
        await record(history, edit("old"))
        clock.shift(40 * 365 * 86400)
        await history.tidy()
        assert len(rows(path, "intents")) == 1


async def test_what_is_ending_is_recorded_before_it_closes(path: Path) -> None:
    async with opened(path, ManualClock()) as history:
        begun = asyncio.Event()

        async def writing() -> None:
            async with history.recording(edit("r1")):
                begun.set()
                await asyncio.Event().wait()

        task = asyncio.create_task(writing())
        await begun.wait()
        task.cancel()
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.sleep(0)
    assert [row["outcome"] for row in rows(path, "outcomes")] == ["unknown"]
    await asyncio.gather(task, return_exceptions=True)
