"""Faults that come by chance."""

import asyncio

import httpx
import pytest

from bot.sandbox.account import Account
from bot.sandbox.account.chances import KINDS

from .hand_clock import HandClock


async def outcome(ask: httpx.AsyncClient, method: str = "GET") -> int | str:
    try:
        return (await ask.request(method, "/items.json", json={"item": {"name": "x"}})).status_code
    except httpx.RemoteProtocolError as problem:
        return str(problem)


async def outcomes(account: Account, ask: httpx.AsyncClient, seed: int) -> list[int | str]:
    account.faults.by_chance(seed, {"limited": 0.2, "server-error": 0.2, "unavailable": 0.2}, path="/items*")
    return [await outcome(ask) for _ in range(20)]


async def test_the_same_seed_brings_the_same_faults(account: Account, ask: httpx.AsyncClient) -> None:
    first = await outcomes(account, ask, 7)
    assert set(first) == {200, 429, 500, 503}
    assert await outcomes(account, ask, 7) == first
    assert await outcomes(account, ask, 8) != first
    assert (await ask.get("/taxes.json")).status_code == 200
    account.faults.clear()
    assert {await outcome(ask) for _ in range(20)} == {200}


@pytest.mark.parametrize(
    ("kind", "status", "after"),
    [
        ("limited", 429, False),
        ("limited-retry-after", 429, False),
        ("server-error", 500, False),
        ("server-error-after", 500, True),
        ("bad-gateway", 502, False),
        ("bad-gateway-after", 502, True),
        ("unavailable", 503, False),
        ("cut", "disconnected", False),
        ("cut-after", "disconnected", True),
        ("cut-half-way", "received 0 bytes", True),
    ],
)
async def test_each_kind_comes_before_the_write_or_after(
    account: Account, ask: httpx.AsyncClient, kind: str, status: int | str, *, after: bool
) -> None:
    item = account.add_item("Galão")
    account.faults.by_chance(1, {kind: 1.0}, method="DELETE")
    try:
        answer = await ask.delete(f"/items/{item.id}.json")
        assert answer.status_code == status
        assert answer.headers.get("retry-after") == ("1" if kind == "limited-retry-after" else None)
    except httpx.RemoteProtocolError as problem:
        assert str(status) in str(problem)  # noqa: PT017 - the text tells the two ways of cutting apart
    assert account.has_item(item.id) is not after
    assert (await ask.get("/items.json")).status_code == 200


async def test_a_slow_request_waits_on_the_clock(account: Account, ask: httpx.AsyncClient, clock: HandClock) -> None:
    account.faults.by_chance(1, {"slow": 1}, slow=4)
    asked = asyncio.create_task(ask.get("/items.json"))
    await clock.sleepers(1)
    clock.advance(4)
    assert (await asked).status_code == 200


async def test_odds_that_make_no_sense_are_refused(account: Account) -> None:
    with pytest.raises(ValueError, match="No such kind of fault: fire; there are slow, limited"):
        account.faults.by_chance(1, {"fire": 0.1})
    for odds in ({"cut": -0.1}, {"cut": 0.6, "limited": 0.6}):
        with pytest.raises(ValueError, match="Probabilities"):
            account.faults.by_chance(1, odds)
    account.faults.by_chance(1, {})
    assert "cut-half-way" in KINDS
