from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
import structlog

from bot.invoicexpress.client import InvoiceXpress, Limits
from bot.invoicexpress.errors import (
    AccountError,
    AccountUnknown,
    CredentialsRejected,
    NotFound,
    OutcomeUnknown,
    Overloaded,
    RateLimited,
    Rejected,
    Unavailable,
)
from bot.invoicexpress.models import Item, ItemDraft
from tests.invoicexpress.support import (
    CUT,
    START,
    Reply,
    Service,
    StillClock,
    SwiftClock,
    account_at,
    account_of,
    answered,
    settle,
)

DRAFT = ItemDraft(name="Café", unit_price=Decimal("1.2"))
ITEM = answered(200, {"item": {"id": 1, "name": "Café", "unit_price": "1.2"}})
CREATED = answered(201, {"item": {"id": 1, "name": "Café", "unit_price": "1.2"}})
DONE = Reply(200, b" ")
PATIENT = Limits(failures=100)

Operation = Callable[[InvoiceXpress], Awaitable[Any]]


def get(account: InvoiceXpress) -> Awaitable[Any]:
    return account.get_item(1)


def create(account: InvoiceXpress) -> Awaitable[Any]:
    return account.create_item(DRAFT)


def update(account: InvoiceXpress) -> Awaitable[Any]:
    return account.update_item(1, DRAFT)


def delete(account: InvoiceXpress) -> Awaitable[Any]:
    return account.delete_item(1)


async def run(operation: Operation, *replies: Reply, limits: Limits = PATIENT) -> tuple[int, list[float], type | None]:
    """Return how many requests were made, the pauses between them, and the error if any."""
    service, clock = Service(*replies), SwiftClock()
    error = None
    async with account_of(service, clock=clock, limits=limits) as account:
        try:
            await operation(account)
        except AccountError as caught:
            error = type(caught)
    return len(service.received), clock.slept, error


@pytest.mark.parametrize("trouble", [answered(500), answered(502, None), answered(503), CUT])
@pytest.mark.parametrize(("operation", "good"), [(get, ITEM), (update, DONE), (delete, DONE)])
async def test_what_can_be_repeated_is_tried_again(operation: Operation, good: Reply, trouble: Reply) -> None:
    assert await run(operation, trouble, trouble, good) == (3, [0.5, 1.0], None)


@pytest.mark.parametrize("trouble", [answered(500), answered(502), answered(503, retry_after="1"), CUT])
async def test_a_create_is_never_sent_twice(trouble: Reply) -> None:
    assert await run(create, trouble, CREATED) == (1, [], OutcomeUnknown)


@pytest.mark.parametrize(("operation", "good"), [(get, ITEM), (update, DONE), (delete, DONE), (create, CREATED)])
async def test_a_refusal_for_haste_is_tried_again_for_every_verb(operation: Operation, good: Reply) -> None:
    limited = [answered(429), Reply(429, b"<html>slow down</html>"), answered(429, {"error": "x"})]
    requests, _, error = await run(operation, *limited, good)
    assert (requests, error) == (4, None)


@pytest.mark.parametrize("status", [504, 524])
async def test_a_write_at_which_the_service_may_still_be_is_not_sent_again(status: int) -> None:
    assert await run(get, answered(status, None), ITEM) == (2, [0.5], None)
    for operation in (update, delete, create):
        service = Service(answered(status, None), DONE)
        async with account_of(service) as account:
            with pytest.raises(OutcomeUnknown) as raised:
                await operation(account)
        assert (len(service.received), raised.value.late) == (1, True)


@pytest.mark.parametrize("operation", [get, update, delete, create])
@pytest.mark.parametrize(
    ("status", "error"), [(401, CredentialsRejected), (404, AccountError), (422, Rejected), (530, AccountUnknown)]
)
async def test_what_another_try_would_not_change_is_not_tried_again(
    operation: Operation, status: int, error: type[AccountError]
) -> None:
    requests, pauses, raised = await run(operation, answered(status), ITEM)
    assert (requests, pauses) == (1, [])
    assert raised is not None
    assert issubclass(raised, error)


@pytest.mark.parametrize(
    ("operation", "error"),
    [(get, Unavailable), (update, OutcomeUnknown), (delete, OutcomeUnknown)],
)
@pytest.mark.parametrize("trouble", [answered(500), CUT])
async def test_tries_are_bounded_for_people_by_time(
    operation: Operation, trouble: Reply, error: type[AccountError]
) -> None:
    assert await run(operation, trouble) == (6, [0.5, 1, 2, 4, 8], error)


async def test_tries_are_bounded_by_number() -> None:
    assert await run(get, CUT, limits=Limits(failures=100, attempts=3)) == (3, [0.5, 1], Unavailable)


@pytest.mark.parametrize("operation", [get, update, delete, create])
async def test_haste_that_waiting_does_not_cure_is_told(operation: Operation) -> None:
    requests, _, error = await run(operation, answered(429))
    assert (requests, error) == (6, RateLimited)


async def test_background_work_waits_out_a_minute() -> None:
    async def refresh(account: InvoiceXpress) -> None:
        await account.get_item(1, background=True)

    requests, pauses, error = await run(refresh, *[answered(503)] * 7, ITEM)
    assert (requests, pauses, error) == (8, [0.5, 1, 2, 4, 8, 16, 30], None)


@pytest.mark.parametrize("trouble", [429, 503])
@pytest.mark.parametrize(
    ("header", "pause"), [("7", 7.0), ("Mon, 02 Mar 2026 09:00:09 GMT", 9.0), ("0", 0.5), ("soon", 0.5)]
)
async def test_the_service_says_how_long_to_wait(trouble: int, header: str, pause: float) -> None:
    requests, pauses, error = await run(get, answered(trouble, retry_after=header), ITEM)
    assert (requests, error) == (2, None)
    assert pauses[0] == pause


async def test_people_are_not_kept_waiting_longer_than_they_would_wait() -> None:
    assert await run(get, answered(429, retry_after="26"), ITEM) == (1, [], RateLimited)


async def test_background_work_follows_a_long_wait_up_to_a_limit() -> None:
    async def refresh(account: InvoiceXpress) -> None:
        await account.get_item(1, background=True)

    requests, pauses, error = await run(refresh, answered(429, retry_after="3600"), ITEM)
    assert (requests, pauses, error) == (2, [30], None)


async def test_a_refusal_for_haste_slows_everybody_down() -> None:
    clock = SwiftClock()
    async with account_of(Service(answered(429), ITEM), clock=clock, requests_per_minute=60) as account:
        await account.get_item(1)
        await account.get_item(1)
    assert clock.slept == [0.5, pytest.approx(1.5), 2]


@pytest.mark.parametrize("last", [401, 403, 429, 530, 302])
@pytest.mark.parametrize("operation", [update, delete])
async def test_a_write_that_was_lost_stays_unknown_until_an_answer_settles_it(operation: Operation, last: int) -> None:
    requests, _, error = await run(operation, CUT, answered(last))
    assert error is OutcomeUnknown
    assert requests >= 2


async def test_a_write_that_was_lost_is_settled_by_a_refusal() -> None:
    assert (await run(update, CUT, answered(422)))[2] is Rejected
    assert (await run(update, CUT, answered(404)))[2] is NotFound
    assert (await run(delete, answered(500), answered(422)))[2] is Rejected


async def test_a_delete_that_finds_nothing_after_its_answer_was_lost_has_done_it() -> None:
    assert await run(delete, CUT, answered(404)) == (2, [0.5], None)
    assert (await run(delete, answered(429), answered(404)))[2] is NotFound


async def test_the_answer_after_a_lost_read_is_simply_the_answer() -> None:
    assert (await run(get, CUT, answered(404)))[2] is NotFound
    assert (await run(get, CUT, answered(401)))[2] is CredentialsRejected


class Unreachable(httpx.AsyncBaseTransport):
    """Nothing gets through, so many times."""

    def __init__(self, error: Exception, times: int, service: Service) -> None:
        self.error = error
        self.times = times
        self.service = service

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.times > 0:
            self.times -= 1
            raise self.error
        return await self.service.handle(request)


@pytest.mark.parametrize(
    "error", [httpx.ConnectError(""), httpx.ConnectTimeout(""), httpx.PoolTimeout(""), httpx.ProxyError("")]
)
@pytest.mark.parametrize(("operation", "good"), [(get, ITEM), (update, DONE), (delete, DONE), (create, CREATED)])
async def test_what_never_left_is_tried_again_for_every_verb(
    operation: Operation, good: Reply, error: Exception
) -> None:
    async with account_at(transport=Unreachable(error, 2, Service(good))) as account:
        await operation(account)
    async with account_at(transport=Unreachable(error, 99, Service(good))) as account:
        with pytest.raises(Unavailable):
            await operation(account)


@pytest.mark.parametrize(
    "error", [httpx.ReadTimeout(""), httpx.WriteTimeout(""), httpx.WriteError(""), httpx.ReadError(""), OSError()]
)
async def test_what_may_have_arrived_is_not_created_twice(error: Exception) -> None:
    service = Service(CREATED)
    async with account_at(transport=Unreachable(error, 1, service)) as account:
        with pytest.raises(OutcomeUnknown):
            await account.create_item(DRAFT)
    assert service.received == []


async def test_a_delete_that_never_left_and_finds_nothing_found_nothing() -> None:
    async with account_at(transport=Unreachable(httpx.ConnectError(""), 1, Service(answered(404)))) as account:
        with pytest.raises(NotFound):
            await account.delete_item(1)


async def test_a_service_that_is_down_is_spared_and_tried_again_by_one() -> None:
    service, clock = Service(answered(500)), SwiftClock()
    async with account_of(service, clock=clock, limits=Limits(failures=3)) as account:
        with pytest.raises(Unavailable):
            await account.get_item(1)
        assert len(service.received) == 3
        with pytest.raises(Unavailable):
            await account.get_item(1)
        with pytest.raises(Unavailable):
            await account.create_item(DRAFT)
        assert len(service.received) == 3
        clock.seconds += 10
        held = asyncio.Event()
        service.replies = [Reply(200, ITEM.body, gate=held), ITEM]
        tries = [asyncio.create_task(account.get_item(1)) for _ in range(3)]
        await settle()
        assert len(service.received) == 4
        held.set()
        outcomes = await asyncio.gather(*tries, return_exceptions=True)
        assert [type(outcome).__name__ for outcome in outcomes] == ["Item", "Unavailable", "Unavailable"]
        await account.get_item(1)


async def test_of_those_who_try_a_spared_service_at_once_one_gets_through() -> None:
    service, clock = Service(answered(500)), StillClock()
    limits = Limits(failures=1, at_once=1, attempts=1)
    async with account_of(service, clock=clock, limits=limits) as account:
        held = asyncio.Event()
        service.replies = [Reply(404, gate=held), answered(500), Reply(200, ITEM.body, gate=held), ITEM]
        first = asyncio.create_task(account.get_item(1))
        await settle()
        tries = [asyncio.create_task(account.get_item(1)) for _ in range(3)]
        await settle()
        held.set()
        outcomes = await asyncio.gather(first, *tries, return_exceptions=True)
    assert [type(outcome).__name__ for outcome in outcomes] == ["NotFound", *["Unavailable"] * 3]
    assert len(service.received) == 2


async def test_a_try_that_is_cancelled_leaves_it_to_the_next_one() -> None:
    service, clock = Service(answered(500)), StillClock()
    async with account_of(service, clock=clock, limits=Limits(failures=1, attempts=1)) as account:
        with pytest.raises(Unavailable):
            await account.get_item(1)
        clock.seconds += 10
        service.replies = [Reply(gate=asyncio.Event()), ITEM]
        task = asyncio.create_task(account.get_item(1))
        await settle()
        task.cancel()
        await asyncio.wait([task])
        await account.get_item(1)


async def test_two_who_wait_for_one_turn_do_not_both_try_a_spared_service() -> None:
    service, clock = Service(answered(500)), StillClock()
    async with account_of(
        service, clock=clock, limits=Limits(failures=1, attempts=1), requests_per_minute=1
    ) as account:
        with pytest.raises(Unavailable):
            await account.get_item(1)
        clock.seconds += 20
        tries = [asyncio.create_task(account.get_item(1)) for _ in range(2)]
        await settle()
        service.replies = [Reply(200, ITEM.body, gate=asyncio.Event())]
        await clock.move(41)
        await clock.move(61)
        assert len(service.received) == 2
        assert [task.done() for task in tries] == [False, True]
        assert isinstance(tries[1].exception(), Unavailable)
        tries[0].cancel()
        await asyncio.wait(tries)


async def test_a_write_that_was_lost_before_the_service_was_spared_is_unknown() -> None:
    assert (await run(update, CUT, limits=Limits(failures=1)))[2] is OutcomeUnknown


async def test_whoever_waits_when_the_service_is_found_down_is_told_at_once() -> None:
    held = asyncio.Event()
    service, limits = Service(Reply(500, gate=held)), Limits(failures=2, attempts=1)
    async with account_of(service, clock=StillClock(), limits=limits, requests_per_minute=4) as account:
        tasks = [asyncio.create_task(account.get_item(1)) for _ in range(10)]
        await settle()
        held.set()
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        assert {type(outcome) for outcome in outcomes} == {Unavailable}
        with pytest.raises(Unavailable):
            await account.get_item(1)
        assert len(service.received) == 2


@pytest.mark.parametrize("answer", [answered(429), answered(401), answered(404), answered(422)])
async def test_a_refusal_is_no_sign_of_trouble(answer: Reply) -> None:
    service = Service(answer)
    async with account_of(service, limits=Limits(failures=1, attempts=1)) as account:
        for _ in range(3):
            with pytest.raises(AccountError):
                await account.get_item(1)
        assert len(service.received) == 3
        assert account.down_since is None
        assert account.last_answer is not None


async def test_an_unknown_account_is_no_sign_of_trouble_before_it_has_answered() -> None:
    async with account_of(Service(answered(530)), limits=Limits(failures=1, attempts=1)) as account:
        for _ in range(3):
            with pytest.raises(AccountUnknown):
                await account.get_item(1)
        assert account.down_since is None


async def test_an_account_that_answered_lately_is_not_unknown() -> None:
    service, clock = Service(ITEM, answered(530)), SwiftClock()
    async with account_of(service, clock=clock, limits=Limits(failures=9, attempts=1)) as account:
        await account.get_item(1)
        await clock.sleep(3600)
        with pytest.raises(Unavailable):
            await account.get_item(1)
        assert account.down_since is not None
        await clock.sleep(1)
        with pytest.raises(AccountUnknown):
            await account.get_item(1)


async def test_one_person_leaves_room_for_the_others() -> None:
    service = Service(ITEM)

    async def ask(person: str) -> object:
        with structlog.contextvars.bound_contextvars(person=person):
            return await account.get_item(1)

    async with account_of(service, limits=Limits(of_one=2)) as account:
        outcomes = await asyncio.gather(
            *(ask("U1") for _ in range(3)), ask("U2"), account.get_item(1), return_exceptions=True
        )
        assert [isinstance(outcome, Overloaded) for outcome in outcomes] == [False, False, True, False, False]
        assert isinstance(await ask("U1"), Item)


async def test_since_when_the_service_is_down() -> None:
    service, clock = Service(ITEM, CUT), SwiftClock()
    async with account_of(service, clock=clock, limits=Limits(failures=2, attempts=1)) as account:
        assert (account.last_answer, account.down_since) == (None, None)
        await account.get_item(1)
        for _ in range(3):
            clock.seconds += 100
            with pytest.raises(Unavailable):
                await account.get_item(1)
        assert (account.last_answer, account.down_since) == (START, START + timedelta(seconds=100))
        service.replies = [answered(404)]
        clock.seconds += 100
        with pytest.raises(NotFound):
            await account.get_item(1)
        assert (account.last_answer, account.down_since) == (START + timedelta(seconds=400), None)


async def test_the_house_is_full() -> None:
    held = asyncio.Event()
    service = Service(Reply(200, ITEM.body, gate=held))
    async with account_of(service, clock=StillClock(), limits=Limits(inside=3, at_once=1)) as account:
        tasks = [asyncio.create_task(account.get_item(1)) for _ in range(3)]
        await settle()
        with pytest.raises(Overloaded):
            await account.create_item(DRAFT)
        behind = asyncio.create_task(account.get_item(1, background=True))
        tasks[0].cancel()
        await settle()
        held.set()
        await asyncio.gather(behind, *tasks[1:])
        await account.get_item(1)
    assert {request.method for request in service.received} == {"GET"}


async def test_no_more_than_so_many_at_once() -> None:
    held = asyncio.Event()
    service = Service(Reply(200, ITEM.body, gate=held))
    async with account_of(service) as account:
        tasks = [asyncio.create_task(account.get_item(1)) for _ in range(40)]
        await settle()
        assert len(service.received) == 16
        held.set()
        await asyncio.gather(*tasks)
    assert len(service.received) == 40


@pytest.mark.parametrize("answer", [Reply(200, gate=asyncio.Event()), answered(503, retry_after="20")])
async def test_whoever_is_cancelled_leaves_nothing_behind(answer: Reply) -> None:
    service, clock = Service(answer), StillClock()
    async with account_of(service, clock=clock, limits=Limits(at_once=1, inside=1, failures=1)) as account:
        for _ in range(3):
            service.replies = [answer]
            task = asyncio.create_task(account.get_item(1, background=True))
            await settle()
            assert not task.done()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await clock.move(60)
        service.replies = [ITEM]
        await account.get_item(1)


async def test_whoever_still_waits_at_the_end_is_told() -> None:
    held = asyncio.Event()
    async with account_of(Service(Reply(200, ITEM.body, gate=held)), limits=Limits(at_once=1)) as account:
        tasks = [asyncio.create_task(account.get_item(1)) for _ in range(2)]
        await settle()
        await account.aclose()
        with pytest.raises(Unavailable):
            await tasks[1]
        held.set()
        await tasks[0]


async def test_each_attempt_and_each_retry_is_in_the_log() -> None:
    with structlog.testing.capture_logs() as lines:
        await run(get, CUT, answered(503, retry_after="3"), ITEM)
    ours = [line for line in lines if line["event"].startswith("invoicexpress.")]
    assert [(line["event"], line["log_level"]) for line in ours] == [
        ("invoicexpress.attempt", "debug"),
        ("invoicexpress.retry", "warning"),
        ("invoicexpress.attempt", "debug"),
        ("invoicexpress.retry", "warning"),
        ("invoicexpress.attempt", "debug"),
    ]
    assert [line["outcome"] for line in ours[::2]] == ["RemoteProtocolError", 503, 200]
    assert [(line["reason"], line["attempt"], line["pause"]) for line in ours[1::2]] == [
        ("RemoteProtocolError", 2, 0.5),
        ("503", 3, 3.0),
    ]
    assert {(line["method"], line["path"]) for line in ours} == {("GET", "/items/1.json")}
