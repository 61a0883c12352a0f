"""The commands that look after the data: what they do, beside a running bot too, and what they say where they can't."""

from __future__ import annotations

import csv
import io
import json
import signal
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import maintenance
from bot.config import read_settings
from bot.errors import SettingsError, StartFailed
from bot.history import History
from bot.history.export import Span
from bot.lock import locked
from bot.sandbox.account import Account, serve_account
from tests.clocks import ShiftedClock
from tests.disks import full_disk
from tests.history.killed import killed
from tests.history.support import create, edit, item, opened, record, rows
from tests.history.test_rows import put
from tests.test_main import Program, program, settings, until

__all__ = ["program", "settings"]

BEN_IN_SLACK = "U0BEN00001"


@pytest.fixture
async def account() -> AsyncIterator[Account]:
    async with serve_account() as served:
        yield served


def environ(account: Account, data_dir: Path, **more: str) -> dict[str, str]:
    return {
        "INVOICEXPRESS_URL": account.url,
        "INVOICEXPRESS_API_KEY": account.api_key,
        "INVOICEXPRESS_REQUESTS_PER_MINUTE": "60000",
        "DATA_DIR": str(data_dir),
        **more,
    }


async def written(data_dir: Path) -> Path:
    """Record two writes and return the database."""
    async with opened(data_dir / "records.db", ShiftedClock()) as history:
        await record(history, create("r1", "Pão de Ló"))
        await record(history, edit("r2", item(7, "Pão de Ló"), sent={"description": "=1+1"}))
    return data_dir / "records.db"


def names(directory: Path) -> set[str]:
    return {found.name for found in directory.iterdir()}


# What each needs


@pytest.mark.parametrize(
    ("values", "with_account", "missing"),
    [
        ({}, False, []),
        ({}, True, ["INVOICEXPRESS_API_KEY", "INVOICEXPRESS_ACCOUNT"]),
        ({"INVOICEXPRESS_ACCOUNT": "acme", "INVOICEXPRESS_API_KEY": "k"}, True, []),
        ({"SLACK_BOT_TOKEN": "nonsense", "HISTORY_DAYS": "many"}, False, ["HISTORY_DAYS"]),
    ],
)
def test_only_what_concerns_a_command_stands_in_its_way(
    values: dict[str, str],
    with_account: bool,  # noqa: FBT001 - a column
    missing: list[str],
) -> None:
    reading = read_settings(None, values)
    if not missing:
        maintenance.require(reading, account=with_account)
        return
    with pytest.raises(SettingsError) as refused:
        maintenance.require(reading, account=with_account)
    assert [problem.variable for problem in refused.value.problems] == missing


# sync


async def test_sync_reads_the_account_into_the_copy_with_a_bar(
    account: Account, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reading = read_settings(None, environ(account, tmp_path))
    told = await maintenance.sync(reading)
    items, clients = len(account.items()), len(account.clients())
    assert told == (
        "The local copy is up to date "
        f"(items: {items} new, 0 changed, 0 gone; clients: {clients} new, 0 changed, 0 gone)."
    )
    bars = capsys.readouterr().err
    assert "items" in bars
    assert "clients" in bars
    assert bars.count("100%") == 2
    account.remove_item(account.items()[0].id)
    assert "items: 0 new, 0 changed, 1 gone" in await maintenance.sync(reading)
    assert capsys.readouterr().err.count("100%") == 2


@pytest.mark.parametrize("where", ["disk", "memory"])
async def test_sync_keeps_clients_off_the_disk_where_that_is_wanted(
    account: Account, tmp_path: Path, where: str
) -> None:
    await maintenance.sync(read_settings(None, environ(account, tmp_path, CATALOG_CLIENTS=where)))
    written_down = (tmp_path / "catalog.db").read_bytes()
    assert account.items()[0].name.encode() in written_down
    assert (account.clients()[0].name.encode() in written_down) == (where == "disk")


async def test_sync_without_an_account_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="INVOICEXPRESS_API_KEY is missing"):
        await maintenance.sync(read_settings(None, {"DATA_DIR": str(tmp_path)}))


async def test_sync_says_why_the_account_cannot_be_read(account: Account, tmp_path: Path) -> None:
    account.faults.answer(401, path="/items.json")
    with pytest.raises(StartFailed, match="InvoiceXpress refuses our key"):
        await maintenance.sync(read_settings(None, environ(account, tmp_path)))
    with locked(tmp_path):
        pass


async def test_sync_says_of_each_kind_what_became_of_it(account: Account, tmp_path: Path) -> None:
    account.faults.answer(200, "null", path="/items.json")
    lost, *others = account.clients()
    account.faults.alter_records(without_id, only=lambda record: record["id"] == lost.id, path="/clients.json")
    with pytest.raises(StartFailed) as failed:
        await maintenance.sync(read_settings(None, environ(account, tmp_path)))
    told = str(failed.value)
    assert told.startswith("The local copy is not up to date (items: not read: ")
    assert told.endswith(f"; clients: {len(others)} new, 0 changed, 0 gone, 1 unreadable).")


async def test_sync_says_it_where_the_taxes_were_not_read(account: Account, tmp_path: Path) -> None:
    account.faults.answer(401, path="/taxes.json")
    with pytest.raises(
        StartFailed, match=r"not up to date \(items: .*; taxes: not read: InvoiceXpress refuses our key"
    ):
        await maintenance.sync(read_settings(None, environ(account, tmp_path)))


def without_id(record: dict[str, Any]) -> dict[str, Any]:
    return {**record, "id": None}


async def test_sync_waits_for_no_bot(account: Account, tmp_path: Path) -> None:
    with locked(tmp_path), pytest.raises(StartFailed, match="Another process already works with"):
        await maintenance.sync(read_settings(None, environ(account, tmp_path)))
    assert len(account.requests) == 0


async def test_sync_does_not_say_that_it_kept_what_it_could_not_keep(account: Account, tmp_path: Path) -> None:
    (tmp_path / "catalog.db").mkdir()
    with pytest.raises(StartFailed, match=r"was read, but .*catalog\.db cannot be written to"):
        await maintenance.sync(read_settings(None, environ(account, tmp_path)))


# purge


async def test_purge_removes_the_copy_and_nothing_else(account: Account, tmp_path: Path) -> None:
    await maintenance.sync(read_settings(None, environ(account, tmp_path)))
    await written(tmp_path)
    maintenance.backup(tmp_path)
    for suffix in ("-wal", "-shm", "-journal"):
        (tmp_path / f"catalog.db{suffix}").touch()
    (tmp_path / "catalog.db.mine").touch()
    before = names(tmp_path)
    assert maintenance.purge(tmp_path) == f"The local copy in {tmp_path} is removed."
    gone = {"catalog.db", "catalog.db-wal", "catalog.db-shm", "catalog.db-journal"}
    assert names(tmp_path) == before - gone
    assert maintenance.purge(tmp_path) == f"There is no local copy in {tmp_path}."
    assert len(rows(tmp_path / "records.db", "intents")) == 2


def test_purge_makes_nothing_where_nothing_is(tmp_path: Path) -> None:
    assert maintenance.purge(tmp_path / "none").startswith("There is no local copy")
    assert list(tmp_path.iterdir()) == []


async def test_purge_leaves_the_copy_of_a_running_bot(tmp_path: Path) -> None:
    (tmp_path / "catalog.db").touch()
    with locked(tmp_path), pytest.raises(StartFailed, match="stop it first"):
        maintenance.purge(tmp_path)
    assert (tmp_path / "catalog.db").exists()


def test_purge_says_why_it_cannot(tmp_path: Path) -> None:
    (tmp_path / "catalog.db").mkdir()
    with pytest.raises(StartFailed, match=r"catalog\.db cannot be removed: Is a directory"):
        maintenance.purge(tmp_path)


# backup and history


async def test_backup_says_where_the_copy_is(tmp_path: Path) -> None:
    await written(tmp_path)
    told = maintenance.backup(tmp_path)
    [copy] = (tmp_path / "backups").iterdir()
    assert told == f"The history is copied to {copy}."
    assert len(rows(copy, "intents")) == 2


async def test_backup_says_why_it_cannot(tmp_path: Path) -> None:
    with pytest.raises(StartFailed, match=r"There is no history in .* yet"):
        maintenance.backup(tmp_path)
    await written(tmp_path)
    with full_disk(), pytest.raises(StartFailed, match="cannot be copied: disk I/O error"):
        maintenance.backup(tmp_path)
    (tmp_path / "backups").touch()
    with pytest.raises(StartFailed, match="cannot be copied: File exists"):
        maintenance.backup(tmp_path)


async def test_the_history_is_exported_while_a_bot_writes(tmp_path: Path) -> None:
    async with opened(tmp_path / "records.db", ShiftedClock()) as history:
        await record(history, create("r1", "Pão de Ló"))
        lines, table = io.StringIO(), io.StringIO(newline="")
        maintenance.export_history(tmp_path, "jsonl", lines)
        await record(history, edit("r2"))
        maintenance.export_history(tmp_path, "csv", table)
    assert [json.loads(line)["name"] for line in lines.getvalue().splitlines()] == ["Pão de Ló"]
    read = csv.DictReader(io.StringIO(table.getvalue(), newline=""), delimiter=";")
    assert [row["name"] for row in read] == ["Pão de Ló", "Café"]


def test_a_history_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    with pytest.raises(StartFailed, match=r"There is no history in .* yet"):
        maintenance.export_history(tmp_path, "csv", io.StringIO())
    (tmp_path / "records.db").write_bytes(b"rubbish" * 999)
    with pytest.raises(
        StartFailed, match=r"cannot be read: records\.db is damaged: file is not a database\..* a new history\.$"
    ):
        maintenance.export_history(tmp_path, "csv", io.StringIO())


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (None, None, ["odd", "new"]),
        ("now", None, ["odd", "new"]),
        ("later", None, ["odd"]),
        (None, "now", ["odd"]),
        (None, "later", ["odd", "new"]),
    ],
)
async def test_a_span_of_the_history(tmp_path: Path, since: str | None, until: str | None, expected: list[str]) -> None:
    clock = ShiftedClock()
    async with opened(tmp_path / "records.db", clock) as history:
        put(tmp_path / "records.db", at="once")
        await record(history, create("new"))
        entry = await history.find("new")
    assert entry is not None
    moments = {None: None, "now": entry.at, "later": entry.at + timedelta(microseconds=1)}
    lines = io.StringIO()
    maintenance.export_history(tmp_path, "jsonl", lines, Span(moments[since], moments[until]))
    assert [json.loads(line)["reference"] for line in lines.getvalue().splitlines()] == expected


# restore


async def test_restore_says_what_it_did(tmp_path: Path) -> None:
    await written(tmp_path)
    maintenance.backup(tmp_path)
    [copy] = (tmp_path / "backups").iterdir()
    told = maintenance.restore(tmp_path, copy)
    kept = next(found for found in (tmp_path / "backups").iterdir() if "replaced" in found.name)
    assert told == f"The history is the one of {copy}. Changes in it: 2. The one before is kept as {kept}."
    put(kept, before="{")
    kept = kept.rename(tmp_path / "by-hand.db")
    told = maintenance.restore(tmp_path, kept)
    assert told.startswith(
        f"The history is the one of {kept}. Changes in it: 3. Of these, can't be read: 1. "
        "It was not copied by `python -m bot backup`: what was written just before may be missing. The one before is"
    )


async def test_restore_says_why_it_cannot(tmp_path: Path) -> None:
    path = await written(tmp_path)
    with pytest.raises(StartFailed, match=r"Nothing was changed: .*none can't be restored, because it is no file\."):
        maintenance.restore(tmp_path, tmp_path / "none")
    maintenance.backup(tmp_path)
    [copy] = (tmp_path / "backups").iterdir()
    with (
        full_disk(),
        pytest.raises(StartFailed, match=r"can't be restored: File too large\. The history is as it was\."),
    ):
        maintenance.restore(tmp_path, copy)
    copy = copy.rename(tmp_path / "copy.db")
    (tmp_path / "backups").rmdir()
    (tmp_path / "backups").touch()
    with pytest.raises(StartFailed, match=r"No new history can be begun: File exists\. The history is as it was\."):
        maintenance.begin_anew(tmp_path)
    with locked(tmp_path), pytest.raises(StartFailed, match="stop it first"):
        maintenance.restore(tmp_path, copy)
    with locked(tmp_path), pytest.raises(StartFailed, match="stop it first"):
        maintenance.begin_anew(tmp_path)
    assert len(rows(path, "intents")) == 2


async def test_a_new_history_that_finds_no_room_says_where_the_old_one_is(tmp_path: Path) -> None:
    await written(tmp_path)
    with full_disk(), pytest.raises(StartFailed, match=r"The history from before lies in .*backups: run this again"):
        maintenance.begin_anew(tmp_path)
    assert maintenance.begin_anew(tmp_path) == "A new history is begun."


async def test_after_sync_the_first_start_is_no_loss(account: Account, tmp_path: Path) -> None:
    await maintenance.sync(read_settings(None, environ(account, tmp_path)))
    history = History(tmp_path / "records.db", ShiftedClock(), beside=tmp_path / "catalog.db")
    assert await history.open()
    await history.aclose()
    (tmp_path / "records.db").unlink()
    await maintenance.sync(read_settings(None, environ(account, tmp_path)))
    assert not (tmp_path / "records.db").exists(), "a loss is for people to see"


# As programs


async def test_restore_and_new_as_programs(program: Program) -> None:
    await killed(program.directory / "records.db", "r1", "r2")
    status, out, err = await program.run("backup")
    assert (status, err) == (0, "")
    copy = next((program.directory / "backups").iterdir())
    copy = copy.rename(program.directory / "copy.db")
    status, out, err = await program.run("restore", "copy.db")
    assert (status, err) == (0, "")
    assert out.startswith("The history is the one of copy.db. Changes in it: 2. The one before is kept as ")
    status, out, err = await program.run("restore", "--new")
    assert (status, err) == (0, "")
    assert out.startswith("A new history is begun. The one before is kept as ")
    for wrong in ((), ("--new", "copy.db")):
        status, out, err = await program.run("restore", *wrong)
        assert (status, out) == (2, "")


async def test_days_on_the_command_line(program: Program) -> None:
    await written(program.directory)
    put(program.directory / "records.db", reference="old", at="2026-01-31T23:30:00+00:00")
    for given, zone, found in (
        (("--until", "2026-01-31"), "UTC", 1),
        (("--until", "2026-01-31"), "Europe/Madrid", 0),
        (("--since", "2026-02-01", "--until", "2026-02-01"), "Europe/Madrid", 1),
        (("--since", "2026-01-31T23:31"), "UTC", 2),
    ):
        status, out, err = await program.run("history", *given, environ={"TZ": zone})
        assert (status, err) == (0, "")
        assert len(out.splitlines()) == found
    for wrong in ("31/01/2026", "9999-12-31", "0001-01-01", "2026-02-30"):
        for option in ("--since", "--until"):
            status, out, err = await program.run("history", option, wrong, environ={"TZ": "Europe/Lisbon"})
            assert status in ((2,) if "/" in wrong or wrong.endswith("30") else (0, 2))
            assert "Traceback" not in err


async def test_the_table_names_people_as_slack_does(program: Program, settings: dict[str, str]) -> None:
    async with opened(program.directory / "records.db", ShiftedClock()) as history:
        await record(history, create("r1", person=BEN_IN_SLACK))
        await record(history, create("r2", person="U0GONE0001"))
    status, out, err = await program.run("history", "--csv", environ={**settings, "TZ": "Europe/Lisbon"})
    assert (status, err) == (0, "")
    ben, gone = csv.DictReader(io.StringIO(out.removeprefix("\ufeff")), delimiter=";")
    assert (ben["person"], ben["person_name"]) == (BEN_IN_SLACK, "Ben Carter")
    assert (gone["person"], gone["person_name"]) == ("U0GONE0001", "U0GONE0001")
    settings["SLACK_API_URL"] = "http://127.0.0.1:9/api/"
    status, out, err = await program.run("history", "--csv", environ=settings)
    assert status == 0
    assert err.startswith("Slack did not tell what everybody is called (")
    assert [row["person_name"] for row in csv.DictReader(io.StringIO(out), delimiter=";")] == [
        BEN_IN_SLACK,
        "U0GONE0001",
    ]


async def test_the_history_is_printed_in_utf_8_wherever_it_runs(program: Program) -> None:
    await written(program.directory)
    for form, words in (("", '"name": "Pão de Ló"'), ("--csv", "Pão de Ló")):
        status, out, err = await program.run("history", *form.split(), environ={"PYTHONIOENCODING": "ascii"})
        assert (status, err) == (0, "")
        assert words in out
        assert "'=1+1" in out or not form


async def test_whoever_has_read_enough_of_the_history_may_go(program: Program) -> None:
    async with opened(program.directory / "records.db", ShiftedClock()) as history:
        for number in range(60):
            await record(history, edit(f"r{number}", sent={"description": "x" * 2000}))
    async with program.started("-m", "bot", "history", environ={}) as process:
        assert process.stdout is not None
        await process.stdout.readline()
        process.stdout._transport.close()  # type: ignore[attr-defined]  # the reading end of the pipe
        assert process.stderr is not None
        err = await process.stderr.read()
        assert (await process.wait(), err) == (0, b"")


async def test_what_is_missing_is_said(program: Program) -> None:
    status, out, err = await program.run("backup")
    assert (status, out) == (1, "")
    assert err.startswith("There is no history in")


async def test_a_running_bot_keeps_its_copy_and_lets_its_history_be_copied(
    program: Program, settings: dict[str, str]
) -> None:
    async with program.started("-m", "bot", "run", environ=settings) as running:
        await until(running.stderr, "listening on")
        status, out, err = await program.run("purge", environ=settings)
        assert (status, out) == (1, "")
        assert err.startswith("Another process already works with")
        assert maintenance.backup(program.directory).startswith("The history is copied to")
        running.send_signal(signal.SIGTERM)
        await running.wait()
    assert maintenance.purge(program.directory) == f"The local copy in {program.directory} is removed."


async def test_sync_as_a_program(program: Program, settings: dict[str, str]) -> None:
    status, out, err = await program.run("sync", environ=settings)
    assert status == 0
    assert out.startswith("The local copy is up to date (items:")
    assert "items" in err


async def test_sync_without_settings_is_misused(program: Program) -> None:
    status, out, err = await program.run("sync")
    assert (status, out) == (2, "")
    assert [line.partition(" is missing")[0] for line in err.splitlines()] == [
        "INVOICEXPRESS_API_KEY",
        "INVOICEXPRESS_ACCOUNT",
    ]
