"""Whether both services answered lately."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from pydantic import SecretStr

from bot.clock import Clock
from bot.health import Service
from bot.invoicexpress.client import InvoiceXpress, Limits
from bot.pulse import Pulse
from bot.sandbox.account import Account, serve_account
from tests.clocks import ShiftedClock
from tests.logs import caught_log
from tests.slack.canned import Canned, Server, client_of, serve

FINE = Canned('{"ok": true}')


@asynccontextmanager
async def watched(clock: Clock) -> AsyncIterator[tuple[Pulse, Server, Account]]:
    """Return a pulse with its two services."""
    async with serve_account(samples=False) as account, serve(FINE) as slack, client_of(slack) as client:
        limits = Limits(attempts=1, failures=1000)
        invoicexpress = InvoiceXpress(account.url, SecretStr(account.api_key), clock=clock, limits=limits)
        try:
            yield Pulse(client, invoicexpress, clock), slack, account
        finally:
            await invoicexpress.aclose()


async def test_both_are_asked() -> None:
    async with watched(ShiftedClock()) as (pulse, _, _):
        assert pulse.services == {"slack": Service(), "invoicexpress": Service()}
        await pulse.beat()
        assert all(service.last_answer and not service.down_since for service in pulse.services.values())


async def test_what_is_down_is_so_since_its_first_failure_and_no_longer_once_it_answers() -> None:
    clock = ShiftedClock()
    async with watched(clock) as (pulse, slack, account):
        await pulse.beat()
        slack.answers = [Canned("<html>")]
        account.faults.switch(down=True)
        clock.shift(60)
        await pulse.beat()
        first = {name: service.down_since for name, service in pulse.services.items()}
        clock.shift(60)
        await pulse.beat()
        for name, service in pulse.services.items():
            assert service.last_answer is not None
            assert service.down_since is not None
            assert service.down_since > service.last_answer
            assert service.down_since == first[name]
        slack.answers = [FINE]
        account.faults.switch(down=False)
        clock.shift(600)
        await pulse.beat()
        assert [service.down_since for service in pulse.services.values()] == [None, None]


async def test_an_account_that_answered_somebody_just_now_is_left_alone() -> None:
    clock = ShiftedClock()
    async with watched(clock) as (pulse, _, account):
        await pulse.beat()
        clock.shift(29)
        await pulse.beat()
        assert len(account.requests) == 1
        clock.shift(2)
        await pulse.beat()
        assert len(account.requests) == 2


@pytest.mark.parametrize("answer", [Canned('{"ok": false, "error": "invalid_auth"}'), Canned("<html>"), Canned("[]")])
async def test_slack_s_silence_is_reported(answer: Canned) -> None:
    async with watched(ShiftedClock()) as (pulse, slack, _):
        slack.answers = [answer]
        with caught_log() as log:
            await pulse.beat()
        assert log.the("slack does not answer")["reason"]
        assert pulse.services["slack"].down_since
        assert not pulse.services["invoicexpress"].down_since


async def test_the_account_s_silence_is_reported() -> None:
    async with watched(ShiftedClock()) as (pulse, _, account):
        account.faults.switch(down=True)
        with caught_log() as log:
            await pulse.beat()
        assert log.the("invoicexpress does not answer")["error"] == "Unavailable"
        assert pulse.services["invoicexpress"].down_since
        assert not pulse.services["slack"].down_since
