"""The first walk of an account: until it is over, everything answers soon from what is there, and says how much."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from bot.catalog import KindName
from bot.catalog.catalog import PATIENCE_SECONDS
from bot.clock import SystemClock
from bot.sandbox.account import Account, ClientRecord
from bot.sandbox.account.answers import Answer
from bot.sandbox.slack import Actor, View
from tests.flows.items.shop import QUICK, TAXES, item, walked
from tests.flows.world import World, living_world

FIRST = 1001
UNREAD = "something may be missing here"


class HastyClock(SystemClock):
    """The machine's own time, on which a look-up does not wait for the first walk as long as people do."""

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0.1 if 1 < seconds <= PATIENCE_SECONDS else seconds)


class Unturned:
    """Holds the pages of a list that begin with some ids."""

    def __init__(self, kind: KindName, first: int, end: int) -> None:
        self._kind = kind
        self._held = range(first, end)
        self._released = asyncio.Event()

    async def act(self, answer: Answer | None, /) -> None:
        listed = json.loads(answer.text)[self._kind] if answer else []
        if listed and listed[0]["id"] in self._held:
            await self._released.wait()

    def release(self) -> None:
        self._released.set()


@contextmanager
def held_from(account: Account, first: int, end: int, kind: KindName = "items") -> Iterator[None]:
    """Hold the pages that begin with these ids within the block."""
    unturned = Unturned(kind, first, end)
    fault = account.faults.add(unturned, method="GET", path=f"/{kind}.json", after=True)
    try:
        yield
    finally:
        account.faults.remove(fault)
        unturned.release()


@asynccontextmanager
async def half_read(folder: Path, count: int, read: int, end: int | None = None) -> AsyncIterator[World]:
    """Start with so many items, of which the first walk gets so far: the pages from there are held, up to an end."""

    def stock(account: Account) -> None:
        items = [item(FIRST + number, f"Peça {number:04}", tax="IVA23") for number in range(count)]
        account.stock(items=items, clients=[ClientRecord(id=501, name="Padaria Oliveira")], taxes=TAXES)
        held.enter_context(held_from(account, FIRST + read, FIRST + (end or count)))

    options: dict[str, Any] = {"samples": False, "limits": QUICK, "invoicexpress_requests_per_minute": 100_000}
    with ExitStack() as held:
        async with living_world(folder, clock=HastyClock(), stock=stock, **options) as world:
            async with asyncio.timeout(30):
                while not is_told(world, read):  # noqa: ASYNC110 - the bot tells nobody how far it is
                    await asyncio.sleep(0.01)
            yield world
            held.close()


def is_told(world: World, read: int) -> bool:
    status = world.bot.copy.kinds
    running = status["items"].running
    return running is not None and running.done == read and status["clients"].synced_at is not None


async def estimated(world: World) -> None:
    """Return when the bot knows about how long the list is that it reads."""
    async with asyncio.timeout(10):
        while not ((running := world.bot.copy.kinds["items"].running) and running.share):  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.01)


async def finder(person: Actor, command: str) -> View:
    await person.command(command)
    return await person.modal(callback_id="items.pick")


async def test_every_answer_says_how_much_has_been_read(tmp_path: Path) -> None:
    async with half_read(tmp_path, 2_400, 2_100, end=2_250) as world:
        await estimated(world)
        ben, share = world.ben, "InvoiceXpress is being read for the first time, 87% so far"
        await ben.command("/items")
        await ben.sees("1 to 10 of", share)
        await ben.command("/items peça 0007")
        await ben.sees("Peça 0007", "Item no. 1008.", share)
        await ben.command("/items chá")
        none = await ben.sees("No item matches “chá” so far.", share)
        assert "Create it" not in none.plain, "it may be among the rest"
        await ben.command("/items edit peça 0007")
        await ben.modal("Peça 0007", share, callback_id="items.pick")
        await ben.close()
        await ben.command("/items edit chá")
        await ben.modal("Nothing was found.", share, callback_id="items.pick")
        await ben.close()
        view = await finder(ben, "/items find")
        assert share in str(view.blocks)
        [group] = (await ben.suggestions("items.pick", "peça", view))["option_groups"]
        assert group["label"]["text"].startswith("100 of ")
        assert group["label"]["text"].endswith(", keep typing · 87% read so far")
        [group] = (await ben.suggestions("items.pick", "peça 0007", view))["option_groups"]
        assert group["label"]["text"] == "87% read so far"


async def test_it_is_said_in_portuguese(tmp_path: Path) -> None:
    async with half_read(tmp_path, 2_400, 2_100, end=2_250) as world:
        await estimated(world)
        ana, share = world.ana, "O InvoiceXpress está a ser lido pela primeira vez, 87% até agora: pode faltar algo"
        await ana.command("/artigos chá")
        none = await ana.sees("Até agora, nenhum artigo corresponde a «chá».", share)
        assert "Criar" not in none.plain
        view = await finder(ana, "/artigos procurar")
        assert share in str(view.blocks)
        [group] = (await ana.suggestions("items.pick", "peça 0007", view))["option_groups"]
        assert group["label"]["text"] == "87% lido até agora"


async def test_an_item_is_had_by_its_number_wherever_the_walk_is(tmp_path: Path) -> None:
    async with half_read(tmp_path, 95, 30) as world:
        await world.ben.command(f"/items {FIRST + 80}")
        await world.ben.sees("Peça 0080", f"Item no. {FIRST + 80}.", "30 records so far")
        await world.ben.command("/items edit " + str(FIRST + 81))
        await world.ben.modal("Edit item", "Peça 0081")


async def test_where_the_length_is_not_known_it_says_how_many_there_are_so_far(tmp_path: Path) -> None:
    async with half_read(tmp_path, 95, 30) as world:
        await world.ben.command("/items 404404")
        none = await world.ben.sees("No item matches “404404” so far.", "30 records so far: " + UNREAD)
        assert "Create it" not in none.plain
        view = await finder(world.ben, "/items find")
        assert await world.ben.suggestions("items.pick", "chá", view) == {"options": []}


async def test_before_the_first_page_nothing_is_taken_for_none(tmp_path: Path) -> None:
    async with half_read(tmp_path, 95, 0) as world:
        await world.ben.command("/items")
        none = await world.ben.sees("No item has been read from InvoiceXpress yet.", "0 records so far: " + UNREAD)
        assert "Create it" not in none.plain
        await world.ben.command("/clients oliveira")
        await world.ben.sees("Padaria Oliveira", "Client no. 501.")
        await world.ben.command("/items new Chá")
        await world.ben.modal("New item", "IVA23")


async def test_clients_say_it_too(tmp_path: Path) -> None:
    def stock(account: Account) -> None:
        account.stock(clients=[ClientRecord(id=number, name=f"Cliente {number}") for number in range(1, 96)])
        account.faults.alter(total_of_200, path="/clients.json")
        held.enter_context(held_from(account, 61, 200, "clients"))

    with ExitStack() as held:
        async with living_world(tmp_path, samples=False, limits=QUICK, clock=HastyClock(), stock=stock) as world:
            async with asyncio.timeout(10):
                while (running := world.bot.copy.kinds["clients"].running) and running.done < 60:  # noqa: ASYNC110 - as above
                    await asyncio.sleep(0.01)
            await world.ben.command("/clients xyzzy")
            await world.ben.sees("No client matches “xyzzy” so far.", "for the first time, 30% so far: " + UNREAD)
            await world.ben.command("/clients")
            await world.ben.sees("for the first time, 30% so far")
            held.close()


def total_of_200(answer: Any) -> Any:
    return {**answer, "pagination": {**answer["pagination"], "total_entries": 200}}


async def test_when_all_is_read_nothing_of_it_is_said_any_more(tmp_path: Path) -> None:
    def stock(account: Account) -> None:
        account.stock(items=[item(FIRST + number, f"Peça {number:04}") for number in range(95)], taxes=TAXES)
        held.enter_context(held_from(account, FIRST + 30, FIRST + 95))

    with ExitStack() as held:
        async with living_world(tmp_path, samples=False, limits=QUICK, stock=stock, clock=HastyClock()) as world:
            await world.ben.command("/items chá")
            await world.ben.sees("so far")
            held.close()
            await walked(world)
            await world.ben.command("/items chá")
            none = await world.ben.sees("No item matches “chá”.", "Create it")
            assert "so far" not in none.plain
