from __future__ import annotations

import asyncio
import contextlib
import random
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.invoicexpress.client import InvoiceXpress, Limits
from bot.invoicexpress.errors import AccountError, CredentialsRejected, Unavailable, UnexpectedAnswer
from tests.invoicexpress.support import Received, Reply, Service, account_of, answered, settle


def record(number: int) -> dict[str, Any]:
    return {"id": number, "name": f"Item {number}", "unit_price": "1.0"}


@dataclass
class Listing(Service):
    """A list of records that is served in one of many ways.

    `clamp` is the most that a page holds; `beyond` is what comes after the last page; `shift` inserts a record in
    front of the others before so many of the requests; `total` is what the pagination claims.
    """

    records: list[Any]
    clamp: int = 30
    beyond: str = "empty"
    total: object = None
    shift: frozenset[int] = frozenset()
    resource: str = "items"
    received: list[Received] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)

    def reply(self, request: Received) -> Reply:
        self.received.append(request)
        if len(self.received) in self.shift:
            self.records.insert(0, record(10_000 + len(self.received)))
        page, size = int(request.query["page"]), min(self.clamp, int(request.query["per_page"]))
        self.pages.append(page)
        body: dict[str, Any] = {self.resource: self.page(page, size)}
        if self.total is not None:
            body["pagination"] = {"total_pages": self.total, "total_entries": self.total}
        return answered(200, body)

    def page(self, number: int, size: int) -> list[Any]:
        last = max(1, -(-len(self.records) // size))
        if number > last:
            match self.beyond:
                case "last":
                    number = last
                case "first":
                    number = 1
                case "wrapped":
                    number = (number - 1) % last + 1
                case "random":
                    dice = random.Random(number)  # noqa: S311 - repeatable, not secret
                    return dice.sample(self.records, min(size, len(self.records)))
                case "invented":
                    return [record(100_000 * number + offset) for offset in range(size)]
                case "unreadable":
                    return [{"id": "none"}] * size
        return self.records[(number - 1) * size : number * size]


async def walked(account: InvoiceXpress, **options: Any) -> list[int]:
    return [item.id async for page in account.walk_items(**options) for item in page.records]


async def pages_and_error(account: InvoiceXpress, **options: Any) -> tuple[list[int], AccountError | None]:
    """Return the pages that came and the error that ended the walk."""
    pages = []
    try:
        async for page in account.walk_items(**options):
            pages.append(page.number)  # noqa: PERF401 - a comprehension would lose what came before the error
    except AccountError as error:
        return pages, error
    return pages, None


ends = st.sampled_from(["empty", "last", "first", "wrapped", "random", "unreadable"])
claims = st.none() | st.integers(min_value=-2, max_value=50) | st.sampled_from(["3", "many", 10**9, [], 1.5])


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 60), st.integers(1, 40), ends, claims, st.integers(0, 12))
async def test_whatever_the_service_does_at_the_end_each_record_comes_once_and_in_order(
    count: int, clamp: int, beyond: str, total: object, concurrency: int
) -> None:
    service = Listing([record(number) for number in range(1, count + 1)], clamp, beyond, total)
    async with account_of(service) as account:
        assert await walked(account, concurrency=concurrency) == list(range(1, count + 1))


@settings(max_examples=50, deadline=None)
@given(
    st.integers(0, 90),
    st.integers(1, 40),
    ends,
    claims,
    st.integers(1, 8),
    st.frozensets(st.integers(1, 30), max_size=30),
    st.integers(0, 3),
)
async def test_a_walk_ends_and_repeats_nothing_while_others_edit(  # noqa: PLR0917 - hypothesis draws them in this order
    count: int, clamp: int, beyond: str, total: object, concurrency: int, shift: frozenset[int], gaps: int
) -> None:
    records: list[Any] = [record(number) for number in range(1, count + 1)]
    records[:: gaps + 2] = [{"id": None}] * len(records[:: gaps + 2])
    service = Listing(records, clamp, beyond, total, shift)
    async with account_of(service) as account:
        ids = await walked(account, concurrency=concurrency)
    assert len(ids) == len(set(ids))


async def test_a_list_that_never_ends_is_given_up() -> None:
    service = Listing([record(1)], beyond="invented")
    async with account_of(service, limits=Limits(pages=7)) as account:
        pages, error = await pages_and_error(account, concurrency=3)
    assert pages == [1, 2, 3, 4, 5, 6, 7]
    assert isinstance(error, UnexpectedAnswer)


async def test_pages_are_asked_for_in_order_and_with_their_size() -> None:
    service = Listing([record(number) for number in range(1, 71)])
    async with account_of(service) as account:
        numbers = [page.number async for page in account.walk_items()]
    assert numbers == [1, 2, 3]
    assert service.pages == [1, 2, 3, 4]
    assert {request.query["per_page"] for request in service.received} == {"30"}


async def test_a_walk_can_begin_further_on() -> None:
    service = Listing([record(number) for number in range(1, 71)])
    async with account_of(service) as account:
        assert await walked(account, first_page=3) == list(range(61, 71))
        assert await walked(account, first_page=9) == []
    assert service.pages == [3, 4, 9]


async def test_clients_are_walked_by_what_comes_and_not_by_what_is_claimed() -> None:
    clients = [{"id": str(number), "name": "A"} for number in range(1, 71)]
    for total in (1, 3, 99, "3", None, 0):
        service = Listing(list(clients), total=total, resource="clients")
        async with account_of(service) as account:
            found = [client.id async for page in account.walk_clients(concurrency=4) for client in page.records]
        assert found == list(range(1, 71))


async def test_what_is_announced_saves_requests() -> None:
    service = Listing([record(number) for number in range(1, 71)], total=3)
    async with account_of(service) as account:
        await walked(account, concurrency=16)
    assert sorted(service.pages) == [1, 2, 3, 4]


async def test_a_small_account_costs_two_requests() -> None:
    service = Listing([record(1)])
    async with account_of(service) as account:
        await walked(account, concurrency=16)
    assert service.pages == [1, 2]


async def test_records_that_come_again_are_left_out() -> None:
    records = [record(number) for number in range(1, 61)]
    service = Listing(records, shift=frozenset({2}))
    async with account_of(service) as account:
        pages = [page async for page in account.walk_items()]
    assert [len(page.records) for page in pages] == [30, 29, 1]


async def test_a_page_of_unreadable_records_is_no_end() -> None:
    broken = [{"id": -number, "unit_price": "1.0"} for number in range(31, 61)]
    records = [*map(record, range(1, 31)), *broken, *map(record, range(61, 66))]
    for beyond in ("empty", "last"):
        async with account_of(Listing(list(records), beyond=beyond)) as account:
            pages = [page async for page in account.walk_items(concurrency=2)]
        assert [(len(page.records), page.unreadable) for page in pages] == [(30, 0), (0, 30), (5, 0)]


async def test_an_unreadable_page_that_repeats_is_the_end() -> None:
    service = Listing([{"id": "none"}] * 5, beyond="last")
    async with account_of(service) as account:
        pages = [page async for page in account.walk_items()]
    assert [page.unreadable for page in pages] == [5]


class Held(Listing):
    """A listing of which some pages are held back."""

    def reply(self, request: Received) -> Reply:
        reply = super().reply(request)
        return Reply(reply.status, reply.body, gate=self.gates.get(self.pages[-1]))

    gates: dict[int, asyncio.Event]


def held(count: int, *pages: int) -> Held:
    service = Held([record(number) for number in range(1, count + 1)])
    service.gates = {page: asyncio.Event() for page in pages}
    return service


async def test_pages_are_read_ahead_and_no_further() -> None:
    service = held(3000, 2)
    async with account_of(service) as account:
        walk = account.walk_items(concurrency=4)
        await anext(walk)
        second = asyncio.ensure_future(anext(walk))
        await settle()
        assert sorted(service.pages) == [1, 2, 3, 4, 5, 6, 7, 8]
        service.gates[2].set()
        assert (await second).number == 2
        assert (await anext(walk)).number == 3
        await walk.aclose()


async def test_nothing_is_asked_for_beyond_an_empty_page() -> None:
    service = held(60, 2)
    async with account_of(service) as account:
        walk = asyncio.create_task(walked(account, concurrency=8))
        await settle()
        service.gates[2].set()
        assert len(await walk) == 60
    assert sorted(service.pages) == [1, 2, 3, 4, 5, 6, 7, 8, 9]


async def test_a_walk_that_is_left_early_leaves_nothing_behind() -> None:
    service = held(3000, 3, 4, 5)
    async with account_of(service, limits=Limits(at_once=3, inside=3)) as account:
        async with contextlib.aclosing(account.walk_items(concurrency=3)) as walk:
            async for page in walk:
                if page.number == 2:
                    break
            await settle()
        service.gates.clear()
        assert len(await walked(account)) == 3000


async def test_a_walk_that_is_cancelled_leaves_nothing_behind() -> None:
    service = held(3000, 2, 3, 4)
    async with account_of(service, limits=Limits(at_once=3, inside=3)) as account:
        task = asyncio.create_task(walked(account, concurrency=3))
        await settle()
        assert sorted(service.pages) == [1, 2, 3, 4]
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        service.gates.clear()
        assert len(await walked(account)) == 3000


async def test_a_walk_that_fails_half_way_has_yielded_what_came_before() -> None:
    class Failing(Listing):
        def reply(self, request: Received) -> Reply:
            return answered(401) if request.query["page"] == "3" else super().reply(request)

    service = Failing([record(number) for number in range(1, 301)])
    async with account_of(service) as account:
        pages, error = await pages_and_error(account, concurrency=5)
    assert pages == [1, 2]
    assert isinstance(error, CredentialsRejected)


async def test_a_walk_goes_behind_people_and_background_walks_are_slower() -> None:
    service = held(300, 2, 3)
    async with account_of(service, limits=Limits(at_once=2)) as account:
        walk = asyncio.create_task(walked(account, concurrency=9))
        await settle()
        person = asyncio.create_task(account.list_items(9))
        await settle()
        assert 9 not in service.pages
        service.gates[2].set()
        await person
        assert service.pages[3] == 9
        service.gates[3].set()
        assert len(await walk) == 300
    async with account_of(Listing([record(number) for number in range(1, 301)]), requests_per_minute=40) as account:
        assert len(await walked(account, background=True)) == 300


async def test_a_refused_page_in_mid_walk_is_asked_for_again() -> None:
    class Busy(Listing):
        def reply(self, request: Received) -> Reply:
            reply = super().reply(request)
            return answered(429) if self.pages.count(self.pages[-1]) == 1 else reply

    service = Busy([record(number) for number in range(1, 101)])
    async with account_of(service) as account:
        assert len(await walked(account, concurrency=3)) == 100


async def test_a_service_that_goes_down_in_mid_walk_is_told() -> None:
    class Dying(Listing):
        def reply(self, request: Received) -> Reply:
            reply = super().reply(request)
            return answered(503) if len(self.pages) > 3 else reply

    async with account_of(Dying([record(number) for number in range(1, 301)])) as account:
        with pytest.raises(Unavailable):
            await walked(account, concurrency=3)
