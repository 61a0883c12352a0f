"""A file that SQLite takes for sound, and that holds what nobody stored."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.catalog import Catalog
from bot.catalog.copy import Copy
from bot.catalog.damage import is_damage
from bot.catalog.kinds import ITEMS
from bot.catalog.model import Tally
from tests.catalog.conftest import FIRST_ID, World
from tests.catalog.support import item

DAMAGE = {
    "a record that is no JSON": "UPDATE items SET body = replace(body, '{', '[')",
    "a record that lacks a field": "UPDATE items SET body = '{}'",
    "a record that is no UTF-8": "UPDATE items SET body = CAST(x'7bff7d' AS TEXT)",
    "a record that is no text": "UPDATE items SET body = x'00'",
    "words that are no UTF-8": "UPDATE items SET rest = CAST(x'61ff61' AS TEXT)",
    "words that are no text": "UPDATE items SET rest = CAST(rest AS BLOB)",
    "a count that is no number": "UPDATE items_begun SET records = 'many'",
    "a vocabulary that is no UTF-8": "UPDATE items_spoken SET word = CAST(x'61ff' || id AS TEXT)",
    "a vocabulary without words": (
        "DROP TABLE items_spoken; CREATE TABLE items_spoken (id INTEGER PRIMARY KEY, word TEXT UNIQUE);"
        "INSERT INTO items_spoken (word) VALUES (NULL)"
    ),
    "no such date": "UPDATE about SET value = '2026-13-45' WHERE name = 'items'",
    "no date": "UPDATE about SET value = x'00' WHERE name = 'items'",
    "a date without a zone": "UPDATE about SET value = '2026-03-02T09:00:00' WHERE name = 'items'",
    "no such count": "UPDATE about SET value = 'x' WHERE name = 'items unreadable'",
    "taxes that are no JSON": "UPDATE about SET value = '[' WHERE name = 'taxes'",
    "taxes read nobody knows when": """UPDATE about SET value = '["2026-03-02T09:00:00", []]' WHERE name = 'taxes'""",
    "no table of keys": "DROP TABLE items_key",
    "no table of what is known": "DROP TABLE about",
    "an empty index": "DELETE FROM items_text_data",
}


def spoil(path: Path, damage: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(damage)


async def use(catalog: Catalog, world: World) -> None:
    """Do whatever is done with a copy, so that nothing in it goes unread."""
    name = world.account.item(FIRST_ID).name
    for text in (name, name.split()[0][1:], "nada", "cafe curto", "cfae"):
        await catalog.search_items(text, limit=100)
    await catalog.search_items("c", limit=1)
    await catalog.page_items(limit=100, offset=0)
    await catalog.item(FIRST_ID)
    await catalog.taxes()
    for record in world.account.items():
        world.account.change_item(record.id, unit_price=Decimal(7))
    await catalog.refresh()


async def is_whole(catalog: Catalog, world: World) -> bool:
    assert catalog.status.on_disk
    assert catalog.status.complete
    assert len(await catalog.taxes()) == len(world.account.taxes())
    hits = await catalog.search_items(world.account.item(FIRST_ID).name, limit=1)
    assert [record.id for record in hits.records] == [FIRST_ID]
    return await world.is_copied_by(catalog)


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
@pytest.mark.parametrize("running", [True, False])
async def test_whatever_the_file_holds_nobody_notices_and_it_is_built_anew(
    world: World, damage: str, *, running: bool
) -> None:
    world.stock(items=40, clients=3)
    catalog = await world.catalog(world.path)
    await catalog.refresh()
    if not running:
        await catalog.aclose()
    spoil(world.path, damage)
    if not running:
        catalog = await world.catalog(world.path)
    await use(catalog, world)
    await catalog.aclose()

    healed = await world.catalog(world.path)
    await healed.refresh()
    assert await is_whole(healed, world)
    await healed.aclose()
    with capture_logs() as logs:
        again = await world.catalog(world.path)
        assert await is_whole(again, world)
    assert logs == []


async def opened(path: Path) -> Copy:
    copy = Copy(path, clients_on_disk=True, owner="https://acme.example", busy_seconds=0.02, glance_seconds=1)
    await copy.open()
    return copy


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "catalog.db"


async def test_damage_that_was_carried_into_memory_is_lost_there(path: Path) -> None:
    copy = await opened(path)
    await copy.put(ITEMS, [item(1, "Copo"), item(2, "Prato")])
    spoil(path, "UPDATE items SET body = '' WHERE id = 1")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert await copy.put(ITEMS, [item(3, "Taça")]) == Tally(new=1)
    assert not copy.on_disk
    assert await copy.get(ITEMS, 2) == item(2, "Prato")
    assert await copy.get(ITEMS, 1) is None
    assert copy.losses == 1
    assert copy.counts["items"] == 0
    await copy.aclose()


async def test_a_file_that_says_it_is_read_only_is_damaged_if_it_says_so_in_memory_too(path: Path) -> None:
    copy = await opened(path)
    await copy.put(ITEMS, [item(1, "Copo")])
    await copy.aclose()
    with path.open("r+b") as file:
        file.seek(18)  # the version that is needed to write; SQLite's documentation, "Database File Format", 1.3.3
        file.write(b"\x03")
    copy = await opened(path)
    assert await copy.get(ITEMS, 1) == item(1, "Copo")
    assert await copy.put(ITEMS, [item(2, "Prato")]) == Tally(new=1)
    assert copy.losses == 1
    assert copy.on_disk
    await copy.aclose()


async def test_a_mistake_of_our_own_is_not_put_down_to_the_file(path: Path) -> None:
    copy = await opened(path)
    await copy.put(ITEMS, [item(1, "Copo")])
    with capture_logs() as logs, pytest.raises((TypeError, AttributeError)):
        await copy.find(ITEMS, None, 10, 0)  # type: ignore[arg-type]  # the mistake
    assert logs == []
    assert await copy.get(ITEMS, 1) == item(1, "Copo")
    assert copy.losses == 0
    await copy.aclose()


async def test_the_log_does_not_quote_the_file(path: Path) -> None:
    copy = await opened(path)
    await copy.put(ITEMS, [item(1, "Copo")])
    spoil(path, "UPDATE items SET body = CAST(x'436f706fff' AS TEXT)")
    with capture_logs() as logs:
        assert await copy.get(ITEMS, 1) is None
    assert "Could not decode to UTF-8" in logs[0]["reason"]
    assert "Copo" not in logs[0]["reason"]
    await copy.aclose()


@pytest.mark.parametrize(
    ("code", "damaged"),
    [
        (sqlite3.SQLITE_CORRUPT, True),
        (sqlite3.SQLITE_CORRUPT_VTAB, True),
        (sqlite3.SQLITE_NOTADB, True),
        (sqlite3.SQLITE_ERROR, True),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, False),
        (sqlite3.SQLITE_IOERR_WRITE, False),
        (sqlite3.SQLITE_READONLY_DIRECTORY, False),
        (sqlite3.SQLITE_CANTOPEN_ISDIR, False),
        (sqlite3.SQLITE_FULL, False),
    ],
)
def test_the_disk_and_other_processes_do_no_damage(code: int, *, damaged: bool) -> None:
    error = sqlite3.OperationalError("as it may be")
    error.sqlite_errorcode = code
    assert is_damage(error) is damaged


async def test_what_comes_to_light_at_the_end_of_a_walk_makes_it_walk_again(world: World) -> None:
    world.stock(items=40, clients=3)
    catalog = await world.catalog(world.path)
    await catalog.refresh()
    world.account.remove_item(FIRST_ID)
    spoil(world.path, "UPDATE items SET body = '{}' WHERE id = (SELECT min(id) FROM items)")
    await catalog.refresh()
    assert await world.is_copied_by(catalog)
    assert catalog.status.complete
