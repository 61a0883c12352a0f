"""Looking after the data directory: sync, purge, history, backup."""

from __future__ import annotations

import io
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.config import SettingsError, read_settings
from bot.errors import StartFailed
from bot.history.records import everything
from bot.lock import locked
from bot.maintenance import CATALOG, RECORDS, backup, export_history, purge, require, sync
from bot.sandbox.account import Account, serve_account
from tests.history.support import create, edit, opened, record
from tests.test_main import Program

HELP_FILES = ("catalog.db", "catalog.db-wal", "catalog.db-shm", "catalog.db-journal")


def environ(account: Account, data_dir: Path) -> dict[str, str]:
    return {"INVOICEXPRESS_URL": account.url, "INVOICEXPRESS_API_KEY": account.api_key, "DATA_DIR": str(data_dir)}


async def some_history(data_dir: Path) -> None:
    async with opened(data_dir / RECORDS, SystemClock()) as history:
        await record(history, create("1"))
        await record(history, edit("2"))


async def test_sync_reads_the_whole_account(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with serve_account() as account:
        reading = read_settings(None, environ(account, tmp_path))
        told = await sync(reading)
    assert told == (
        "The local copy is up to date (items: 320 new, 0 changed, 0 gone; clients: 180 new, 0 changed, 0 gone)."
    )
    assert (tmp_path / CATALOG).stat().st_mode & 0o077 == 0
    assert "items" in capsys.readouterr().err


async def test_a_sync_that_fails_says_why(tmp_path: Path) -> None:
    async with serve_account(samples=False) as account:
        settings = environ(account, tmp_path) | {"INVOICEXPRESS_API_KEY": "wrong"}
        with pytest.raises(StartFailed, match="refuses our key"):
            await sync(read_settings(None, settings))


async def test_a_sync_without_an_account_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="INVOICEXPRESS_API_KEY is missing"):
        await sync(read_settings(None, {"DATA_DIR": str(tmp_path)}))


def test_purge_removes_the_copy_and_nothing_else(tmp_path: Path) -> None:
    kept = ("records.db", "records.db-wal", "backups", "catalog.db.txt")
    for name in (*HELP_FILES, *kept):
        (tmp_path / name).write_text("x", encoding="utf-8")
    assert purge(tmp_path) == f"The local copy in {tmp_path} is removed."
    assert {path.name for path in tmp_path.iterdir()} - {"lock"} == set(kept)
    assert purge(tmp_path) == f"There is no local copy in {tmp_path}."


def test_purge_creates_no_directory(tmp_path: Path) -> None:
    assert purge(tmp_path / "none") == f"There is no local copy in {tmp_path / 'none'}."
    assert not (tmp_path / "none").exists()


def test_purge_waits_for_no_bot(tmp_path: Path) -> None:
    with locked(tmp_path), pytest.raises(StartFailed, match=str(tmp_path)):
        purge(tmp_path)


def test_a_copy_that_cannot_be_removed_is_said(tmp_path: Path) -> None:
    (tmp_path / CATALOG).mkdir()
    with pytest.raises(StartFailed, match="cannot be removed"):
        purge(tmp_path)


async def test_a_backup_is_whole(tmp_path: Path) -> None:
    await some_history(tmp_path)
    told = backup(tmp_path)
    (copy,) = (tmp_path / "backups").iterdir()
    assert told == f"The history is copied to {copy}."
    with closing(sqlite3.connect(copy)) as connection:
        assert [entry.reference for entry in everything(connection)] == ["1", "2"]


def test_without_a_history_there_is_nothing_to_copy_or_print(tmp_path: Path) -> None:
    with pytest.raises(StartFailed, match="There is no history"):
        backup(tmp_path)
    with pytest.raises(StartFailed, match="There is no history"):
        export_history(tmp_path, "jsonl", io.StringIO())


def test_a_history_that_is_none_is_said(tmp_path: Path) -> None:
    (tmp_path / RECORDS).write_text("no database, but longer than a page's head" * 200, encoding="utf-8")
    with pytest.raises(StartFailed, match="cannot be copied"):
        backup(tmp_path)
    with pytest.raises(StartFailed, match="cannot be read"):
        export_history(tmp_path, "csv", io.StringIO())


async def test_the_history_is_printed_while_a_bot_writes(tmp_path: Path) -> None:
    async with opened(tmp_path / RECORDS, SystemClock()) as history:
        await record(history, create("1"))
        lines, table = io.StringIO(), io.StringIO()
        export_history(tmp_path, "jsonl", lines)
        export_history(tmp_path, "csv", table)
    assert [json.loads(line)["reference"] for line in lines.getvalue().splitlines()] == ["1"]
    assert table.getvalue().removeprefix("\ufeff").startswith("reference,at,")


def test_only_what_concerns_a_command_is_asked_for() -> None:
    reading = read_settings(None, {})
    require(reading, account=False)
    with pytest.raises(SettingsError) as refusal:
        require(reading, account=True)
    assert {problem.variable for problem in refusal.value.problems} == {
        "INVOICEXPRESS_ACCOUNT",
        "INVOICEXPRESS_API_KEY",
    }


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("purge",), 0, "There is no local copy"),
        (("backup",), 1, "There is no history"),
        (("history",), 1, "There is no history"),
        (("history", "--csv"), 1, "There is no history"),
        (("sync",), 2, "INVOICEXPRESS_API_KEY is missing"),
    ],
)
async def test_a_command_says_how_it_ended(tmp_path: Path, arguments: tuple[str, ...], status: int, said: str) -> None:
    ended, out, err = await Program(tmp_path).run(*arguments)
    assert ended == status
    assert said in out + err
    assert "Traceback" not in err


async def test_the_history_as_a_command(tmp_path: Path) -> None:
    await some_history(tmp_path)
    ended, out, _ = await Program(tmp_path).run("history", "--csv")
    assert (ended, len(out.splitlines())) == (0, 3)
