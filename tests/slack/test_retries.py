"""Which calls are made again, and after what wait."""

from __future__ import annotations

import pytest
from slack_sdk.errors import SlackApiError

from tests.flows.platform.clocks import HastyClock
from tests.slack.canned import Canned, client_of, serve

FINE = Canned('{"ok": true}')
SLOW_DOWN = '{"ok": false, "error": "ratelimited"}'


def limited(**headers: str) -> Canned:
    return Canned(SLOW_DOWN, status=429, headers={name.replace("_", "-"): value for name, value in headers.items()})


@pytest.mark.parametrize(
    ("answers", "waits"),
    [
        ([FINE], []),
        ([limited(Retry_After="7"), FINE], [7.0]),
        ([limited(retry_after="7"), limited(RETRY_AFTER="2"), FINE], [7.0, 2.0]),
        ([limited(), FINE], [1.0]),
        ([limited(Retry_After="soon"), FINE], [1.0]),
        ([limited(Retry_After="-3"), FINE], [1.0]),
        ([Canned(status=0), FINE], [0.2]),
        ([Canned(status=0), limited(Retry_After="3"), FINE], [0.2, 3.0]),
    ],
)
async def test_a_call_that_gets_there(answers: list[Canned], waits: list[float]) -> None:
    clock = HastyClock()
    async with serve(*answers) as server, client_of(server, clock) as client:
        await client.chat_postMessage(channel="C1", text="x")
        assert clock.waits == waits
        assert len(server.asked) == len(waits) + 1


@pytest.mark.parametrize(
    ("answer", "waits"),
    [
        (limited(Retry_After="4"), [4.0, 4.0]),
        (limited(Retry_After="31"), []),
        (limited(Retry_After="86400"), []),
        (Canned("{}", status=500), []),
        (Canned('{"ok": false, "error": "not_in_channel"}'), []),
    ],
)
async def test_a_call_that_is_given_up(answer: Canned, waits: list[float]) -> None:
    clock = HastyClock()
    async with serve(answer) as server, client_of(server, clock) as client:
        with pytest.raises(SlackApiError):
            await client.chat_postMessage(channel="C1", text="x")
        assert clock.waits == waits
