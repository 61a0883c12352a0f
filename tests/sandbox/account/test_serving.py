"""Starting and stopping an account."""

import asyncio
import logging
import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from bot.sandbox.account import Quirks, serve_account

from .conftest import asking


async def test_a_new_account_holds_samples_and_listens_on_loopback() -> None:
    async with serve_account() as account:
        assert account.url.startswith("http://127.0.0.1:")
        assert (len(account.items()), len(account.clients()), len(account.taxes())) == (320, 180, 11)
        assert account.writes == ()
        async with asking(account) as ask:
            item = (await ask.get("/items/402322.json")).json()["item"]
    assert (item["name"], item["unit_price"]) == ("Large", 24.3902)


async def test_data_survives_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "account.db"
    async with serve_account(database=path) as account:
        account.remove_item(402321)
        account.add_item("Novo", "1.23456")
        items, clients, taxes, writes = account.items(), account.clients(), account.taxes(), account.writes
    async with serve_account(database=path) as account:
        assert (account.items(), account.clients()) == (items, clients)
        assert (account.taxes(), account.writes) == (taxes, writes)


async def test_the_file_of_an_earlier_version_is_read(tmp_path: Path) -> None:
    path = tmp_path / "account.db"
    async with serve_account(database=path) as account:
        items, writes = account.items(), account.writes
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("ALTER TABLE items DROP COLUMN discount")
    async with serve_account(database=path) as account:
        assert (account.items(), account.writes) == (items, writes)
        account.add_item("Novo", "1.2")


async def test_a_file_that_is_no_database_is_said_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "account.db"
    path.write_text("A letter to somebody. " * 100)
    with pytest.raises(sqlite3.DatabaseError, match="not a database"):
        async with serve_account(database=path):
            pytest.fail("It listens.")
    assert path.read_text().startswith("A letter")


async def test_samples_fill_an_empty_account_only(tmp_path: Path) -> None:
    path = tmp_path / "account.db"
    async with serve_account(database=path, samples=False) as account:
        account.add_client("João")
    async with serve_account(database=path) as account:
        assert account.items() == ()


async def test_an_account_is_made_as_it_is_asked_for() -> None:
    quirks = Quirks(default_per_page=20)
    async with serve_account(samples=False, api_key="k" * 40, language="en", quirks=quirks) as account:
        assert (account.api_key, account.language, account.quirks) == ("k" * 40, "en", quirks)


async def test_each_account_has_a_key_of_its_own() -> None:
    async with serve_account(samples=False) as first, serve_account(samples=False) as second:
        assert len(first.api_key) == 40
        assert first.api_key != second.api_key


@pytest.mark.parametrize("host", ["0.0.0.0", "localhost", "192.168.1.1", "::"])  # noqa: S104 - it is refused
async def test_an_account_refuses_to_listen_elsewhere(host: str) -> None:
    with pytest.raises(ValueError, match=host):
        async with serve_account(host=host):
            pytest.fail("It listens.")


async def test_an_account_can_listen_on_the_other_loopback() -> None:
    try:
        async with serve_account(host="::1", samples=False) as account, asking(account) as ask:
            assert account.url.startswith("http://[::1]:")
            assert (await ask.get("/items.json")).status_code == 200
    except OSError:
        pytest.skip("This machine has no IPv6.")


async def test_a_port_that_is_taken_is_said() -> None:
    async with serve_account(samples=False) as account:
        port = int(account.url.rsplit(":", 1)[1])
        with pytest.raises(OSError, match="in use"):
            async with serve_account(samples=False, port=port):
                pytest.fail("It listens.")


async def test_stopping_releases_what_is_held() -> None:
    async with serve_account(samples=False) as account, asking(account) as ask:
        async with account.faults.holding() as hold:
            asked = asyncio.create_task(ask.get("/items.json"))
            await hold.arrived()
        assert (await asked).status_code == 200


async def test_the_key_is_never_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        async with serve_account(samples=False) as account:
            account.faults.cut(times=1)
            reader, writer = await asyncio.open_connection("127.0.0.1", int(account.url.rsplit(":", 1)[1]))
            writer.write(f"GET /items.json?api_key={account.api_key} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert await reader.read() == b""
            writer.close()
            await writer.wait_closed()
            assert account.requests[-1].status is None
    assert account.api_key not in caplog.text


async def test_a_body_that_is_too_large_is_refused() -> None:
    async with serve_account(samples=False) as account, asking(account) as ask:
        assert (await ask.post("/items.json", content=b" " * 1_100_000)).status_code == 413
        assert (await ask.get("/items.json")).status_code == httpx.codes.OK
