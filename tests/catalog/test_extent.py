"""About how long a list is that does not say so."""

from __future__ import annotations

import asyncio
import json
from decimal import Decimal

import pytest
from structlog.testing import capture_logs

from bot.catalog import Progress
from bot.catalog.extent import FROM_PAGE
from bot.sandbox.account import Quirks
from bot.sandbox.account.answers import Answer
from tests.catalog.conftest import World

ITEMS = "/items.json"
MANY = 4_500


class BeyondTheEnd:
    """Answers something else in the place of an empty list."""

    def __init__(self, status: int, body: str) -> None:
        self._answer = Answer(status, body)

    async def act(self, answer: Answer | None, /) -> Answer | None:
        return self._answer if answer is not None and json.loads(answer.text) == {"items": []} else None


async def shares_of(world: World) -> list[float | None]:
    """Walk, and return what is told of how much of the items has been read."""
    catalog = await world.catalog(account=world.client(requests_per_minute=1_000_000))
    shares: list[float | None] = []

    async def listen(progress: Progress) -> None:
        if progress.kind == "items":
            shares.append(progress.share)
            is_measuring = progress.share is None and len(shares) >= FROM_PAGE
            await asyncio.sleep(0.05 if is_measuring else 0)  # a service is slower than this one

    await catalog.refresh(listen)
    assert (await catalog.page_items(limit=1, offset=0)).total == MANY
    return shares


@pytest.mark.parametrize(
    ("quirks", "beyond"),
    [
        (Quirks(), None),
        (Quirks(repeat_last_page=True), None),
        (Quirks(), BeyondTheEnd(200, '{"items": null}')),
        (Quirks(), BeyondTheEnd(404, "")),
    ],
    ids=["an empty page", "the last page again", "null", "404"],
)
async def test_a_long_list_is_measured_whatever_stands_behind_its_end(
    world: World, quirks: Quirks, beyond: BeyondTheEnd | None
) -> None:
    world.stock(items=MANY)
    world.account.quirks = quirks
    if beyond is not None:
        world.account.faults.add(beyond, path=ITEMS, after=True, times=None)
    shares = await shares_of(world)
    known = [share for share in shares if share is not None]
    assert None not in shares[-len(known) :], "once it is measured, it is said with each page"
    assert abs(known[0] - shares.index(known[0]) / (MANY / 30)) < 0.1
    assert known == sorted(known)
    assert known[-1] == Decimal("0.99") or known[-1] > 0.94


async def test_a_short_list_costs_no_request_more(world: World) -> None:
    world.stock(items=(FROM_PAGE - 1) * 30)
    catalog = await world.catalog()
    await catalog.refresh()
    pages = [int(request.query["page"]) for request in world.account.requests.matching("GET", ITEMS)]
    assert max(pages) <= FROM_PAGE + 10


async def test_a_measure_costs_some_fifteen_requests(world: World) -> None:
    world.stock(items=MANY)
    await shares_of(world)
    pages = [int(request.query["page"]) for request in world.account.requests.matching("GET", ITEMS)]
    assert len(pages) - len(set(pages)) <= 20, "those and the pages that are looked at again"


async def test_a_measure_that_fails_is_logged_and_leaves_the_walk_alone(world: World) -> None:
    world.stock(items=MANY)
    world.account.faults.add(FarPage(401), path=ITEMS, after=True)
    with capture_logs() as log:
        assert set(await shares_of(world)) == {None}
    [line] = [line for line in log if line["event"] == "catalog.not_measured"]
    assert (line["log_level"], line["exc_info"]) == ("warning", None)


async def test_a_far_page_that_is_refused_is_taken_for_one_behind_the_end(world: World) -> None:
    world.stock(items=MANY)
    world.account.faults.add(FarPage(400), path=ITEMS, after=True)
    shares = await shares_of(world)
    assert shares[-1] is not None
    assert shares[-1] > 0.94


class FarPage:
    """Answers with an error to the first request for a page behind the end, which is one far behind it."""

    def __init__(self, status: int) -> None:
        self._status = status
        self._done = False

    async def act(self, answer: Answer | None, /) -> Answer | None:
        if self._done or answer is None or json.loads(answer.text) != {"items": []}:
            return None
        self._done = True
        return Answer(self._status)
