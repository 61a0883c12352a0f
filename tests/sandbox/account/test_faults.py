"""What can be made to go wrong with one request."""

import asyncio
import logging
from decimal import Decimal

import httpx
import pytest

from bot.sandbox.account import Account, Quirks

from .hand_clock import HandClock

BODY = {"item": {"name": "Garoto", "unit_price": "1"}}


async def test_another_answer_comes_as_often_as_it_was_told_to(account: Account, ask: httpx.AsyncClient) -> None:
    fault = account.faults.answer(429, headers={"Retry-After": "7"}, times=2)
    answers = [await ask.post("/items.json", json=BODY) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [429, 429, 201]
    assert (answers[0].headers["retry-after"], answers[0].content) == ("7", b"")
    assert (fault.hits, len(account.writes)) == (2, 1)


async def test_another_answer_may_be_any(account: Account, ask: httpx.AsyncClient) -> None:
    fault = account.faults.answer(530, "<html>530</html>", content_type="text/html")
    answer = await ask.get("/items.json")
    assert (answer.status_code, answer.text, answer.headers["content-type"]) == (530, "<html>530</html>", "text/html")
    account.faults.remove(fault)
    account.faults.remove(fault)
    assert (await ask.get("/items.json")).status_code == 200
    account.faults.answer(200)
    assert (await ask.get("/items.json")).content == b""
    account.faults.clear()
    assert (await ask.get("/items.json")).content != b""


async def test_a_fault_keeps_to_its_method_and_path(account: Account, ask: httpx.AsyncClient) -> None:
    item = account.add_item("Galão")
    account.faults.answer(500, method="PUT", path="/items/*")
    assert (await ask.get(f"/items/{item.id}.json")).status_code == 200
    assert (await ask.put(f"/items/{item.id}.json", json=BODY)).status_code == 500
    assert (await ask.post("/items.json", json=BODY)).status_code == 201


async def test_another_answer_can_come_after_the_write(account: Account, ask: httpx.AsyncClient) -> None:
    account.faults.answer(502, after=True)
    assert (await ask.post("/items.json", json=BODY)).status_code == 502
    assert account.items()[0].name == "Garoto"


async def test_the_first_of_two_answers_counts(account: Account, ask: httpx.AsyncClient) -> None:
    account.faults.answer(502)
    account.faults.answer(503)
    assert (await ask.get("/items.json")).status_code == 502


async def test_a_connection_cut_before_the_write_loses_it(account: Account, ask: httpx.AsyncClient) -> None:
    account.faults.cut(method="POST", times=1)
    with pytest.raises(httpx.RemoteProtocolError):
        await ask.post("/items.json", json=BODY)
    assert account.items() == ()
    assert account.requests[-1].status is None
    assert (await ask.post("/items.json", json=BODY)).status_code == 201


async def test_a_connection_cut_after_the_write_keeps_it(account: Account, ask: httpx.AsyncClient) -> None:
    account.faults.cut("after")
    with pytest.raises(httpx.RemoteProtocolError):
        await ask.post("/items.json", json=BODY)
    assert account.items()[0].name == "Garoto"


async def test_a_connection_cut_half_way_sends_half_of_the_answer(account: Account, ask: httpx.AsyncClient) -> None:
    account.faults.cut("half-way")
    with pytest.raises(httpx.RemoteProtocolError, match=r"received 5\d bytes, expected 11\d"):
        await ask.post("/items.json", json=BODY)
    assert account.items()[0].name == "Garoto"


async def test_an_empty_answer_has_no_half(account: Account, ask: httpx.AsyncClient) -> None:
    account.quirks = Quirks(write_body="")
    item = account.add_item("Galão")
    account.faults.cut("half-way")
    with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
        await ask.delete(f"/items/{item.id}.json")
    assert account.items() == ()


async def test_a_slow_request_waits_on_the_clock(account: Account, ask: httpx.AsyncClient, clock: HandClock) -> None:
    account.faults.slow(30, times=1)
    asked = asyncio.create_task(ask.post("/items.json", json=BODY))
    await clock.sleepers(1)
    clock.advance(29)
    assert account.items() == ()
    clock.advance(1)
    assert (await asked).status_code == 201


async def test_a_slow_answer_comes_after_the_write(account: Account, ask: httpx.AsyncClient, clock: HandClock) -> None:
    account.faults.slow(30, after=True)
    asked = asyncio.create_task(ask.post("/items.json", json=BODY))
    await clock.sleepers(1)
    assert account.items()[0].unit_price == Decimal(1)
    clock.advance(30)
    assert (await asked).status_code == 201


async def test_a_request_is_held_until_it_is_released(account: Account, ask: httpx.AsyncClient) -> None:
    items = [account.add_item(name) for name in ("Galão", "Bica")]
    async with account.faults.holding("PUT", "/items/*") as hold:
        asked = [
            asyncio.create_task(ask.put(f"/items/{item.id}.json", json={"item": {"unit_price": 5}})) for item in items
        ]
        await hold.arrived(2)
        assert hold.count == 2
        assert (await ask.get("/items.json")).status_code == 200
        assert [item.unit_price for item in account.items()] == [10, 10]
    assert [answer.status_code for answer in await asyncio.gather(*asked)] == [200, 200]
    assert [item.unit_price for item in account.items()] == [5, 5]
    assert (await ask.put(f"/items/{items[0].id}.json", json=BODY)).status_code == 200


async def test_an_answer_is_held_after_the_write(account: Account, ask: httpx.AsyncClient) -> None:
    async with account.faults.holding("POST", after=True, times=1) as hold:
        asked = asyncio.create_task(ask.post("/items.json", json=BODY))
        await hold.arrived()
        assert account.items()[0].name == "Garoto"
        hold.release()
        assert (await asked).status_code == 201


async def test_clearing_releases_what_is_held(account: Account, ask: httpx.AsyncClient) -> None:
    async with account.faults.holding(times=1) as hold:
        asked = asyncio.create_task(ask.get("/items.json"))
        await hold.arrived()
        account.faults.clear()
        assert (await asked).status_code == 200


async def test_a_caller_that_has_gone_is_cut_without_a_word(
    account: Account, ask: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    async with account.faults.holding(after=True, times=1) as hold:
        account.faults.cut("half-way", times=1)
        asked = asyncio.create_task(ask.post("/items.json", json=BODY))
        await hold.arrived()
        asked.cancel()
        await asyncio.wait([asked])
    # The next answer shows that the server is well, and gives the former one the time to end.
    assert (await ask.get("/items.json")).status_code == 200
    assert account.items()[0].name == "Garoto"
    assert [record.status for record in account.requests] == [None, 200]
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


@pytest.mark.parametrize("retry_after", [True, False])
async def test_the_limit_counts_the_requests_of_the_last_minute(
    account: Account, ask: httpx.AsyncClient, clock: HandClock, *, retry_after: bool
) -> None:
    account.quirks = Quirks(retry_after=retry_after)
    account.faults.switch(limit_per_minute=2)
    assert (await ask.get("/items.json")).status_code == 200
    clock.advance(20.5)
    assert (await ask.get("/items.json")).status_code == 200
    limited = await ask.get("/items.json")
    assert limited.status_code == 429
    assert limited.headers.get("retry-after") == ("40" if retry_after else None)
    clock.advance(39.5)
    assert (await ask.get("/items.json")).status_code == 200
    assert (await ask.get("/items.json")).status_code == 429


async def test_a_limit_of_none_at_all_serves_nobody(account: Account, ask: httpx.AsyncClient) -> None:
    account.quirks = Quirks(retry_after=True)
    account.faults.switch(limit_per_minute=0)
    answer = await ask.get("/items.json")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")


async def test_a_service_that_is_down_shows_a_page(account: Account, ask: httpx.AsyncClient) -> None:
    account.faults.switch(down=True)
    answer = await ask.post("/items.json", json=BODY)
    assert answer.status_code == 503
    assert "<html>" in answer.text
    assert account.items() == ()
    account.faults.switch(down=False)
    assert (await ask.post("/items.json", json=BODY)).status_code == 201


async def test_a_slow_service_makes_every_request_wait(
    account: Account, ask: httpx.AsyncClient, clock: HandClock
) -> None:
    account.faults.switch(slow=3.5)
    asked = asyncio.create_task(ask.get("/items.json"))
    await clock.sleepers(1)
    clock.advance(3.5)
    assert (await asked).status_code == 200


async def test_a_refusing_service_refuses_creates_and_updates(account: Account, ask: httpx.AsyncClient) -> None:
    item = account.add_item("Galão")
    account.faults.switch(refusing=True)
    for answer in (
        await ask.post("/items.json", json=BODY),
        await ask.put(f"/items/{item.id}.json", json=BODY),
    ):
        assert (answer.status_code, answer.json()) == (422, {"errors": [{"error": "Nome não é válido"}]})
    assert (await ask.get("/items.json")).status_code == 200
    assert (await ask.delete(f"/items/{item.id}.json")).status_code == 200
