"""What goes wrong, arranged with the account and with Slack."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from bot.sandbox.account import Account, Hold
from bot.sandbox.account.effects import Aside
from bot.sandbox.slack import Workspace
from tests.faults.plans import Deed, SlackTrouble, Trouble

_MANY: Final = 1000
_PAGE: Final = "<!DOCTYPE html><html><head><title>Trouble</title></head><body><h1>Trouble</h1></body></html>"
_HTML: Final = "text/html; charset=utf-8"
_REFUSAL: Final = '{"errors":[{"error":"Nome não está disponível"}]}'
_ODDS: Final = {
    "limited": 0.08,
    "limited-retry-after": 0.04,
    "server-error": 0.06,
    "server-error-after": 0.06,
    "bad-gateway": 0.04,
    "bad-gateway-after": 0.04,
    "unavailable": 0.04,
    "cut": 0.06,
    "cut-after": 0.06,
    "cut-half-way": 0.06,
}

METHODS: Final = {Deed.CREATE: "POST", Deed.EDIT: "PUT", Deed.DELETE: "DELETE"}


def trouble_the_account(account: Account, trouble: Trouble, method: str, seed: int) -> None:
    """Let something go wrong with the next write. What is silent is held: see `silence`."""
    faults = account.faults

    def stop_reading() -> None:
        faults.answer(503, _PAGE, content_type=_HTML, method="GET", path="/items*")

    arrangements: dict[Trouble, Callable[[], object]] = {
        Trouble.LIMITED: lambda: faults.answer(429, method=method, times=1),
        Trouble.LIMITED_WITH_TIME: lambda: faults.answer(429, headers={"Retry-After": "2"}, method=method, times=2),
        Trouble.LIMITED_FOR_LONG: lambda: faults.answer(429, method=method),
        Trouble.REFUSED: lambda: faults.answer(422, _REFUSAL, method=method, times=1),
        Trouble.FAILS_BEFORE: lambda: faults.answer(500, _PAGE, content_type=_HTML, method=method, times=1),
        Trouble.FAILS_AFTER: lambda: faults.answer(502, _PAGE, content_type=_HTML, method=method, times=1, after=True),
        Trouble.DOWN: lambda: faults.answer(503, _PAGE, content_type=_HTML, method=method),
        Trouble.CUT_BEFORE: lambda: faults.cut("before", method=method, times=1),
        Trouble.CUT_AFTER: lambda: faults.cut("after", method=method, times=1),
        Trouble.CUT_HALF_WAY: lambda: faults.cut("half-way", method=method, times=1),
        Trouble.UNREADABLE: lambda: faults.add(Aside(stop_reading), method=method, times=1, after=True),
        Trouble.STORM: lambda: faults.by_chance(seed, _ODDS),
    }
    if trouble is Trouble.CUT_AND_UNREADABLE:
        faults.add(Aside(stop_reading), method=method, times=1, after=True)
        faults.cut("after", method=method, times=1)
    elif trouble in arrangements:
        arrangements[trouble]()


@asynccontextmanager
async def silence(account: Account, trouble: Trouble, method: str) -> AsyncIterator[Hold | None]:
    """Hold the next write within the block where the account is to be silent."""
    if trouble not in (Trouble.SILENT_BEFORE, Trouble.SILENT_AFTER):
        yield None
        return
    async with account.faults.holding(method, times=1, after=trouble is Trouble.SILENT_AFTER) as hold:
        yield hold


def trouble_slack(workspace: Workspace, trouble: SlackTrouble, method: str) -> None:
    """Let something go wrong with what is told next, by a method of Slack's."""
    if trouble is SlackTrouble.VIEW_REFUSED:
        workspace.faults.next(method, error="internal_error")
    elif trouble is SlackTrouble.VIEW_LOST:
        workspace.faults.next(method, cut=True, done=True, times=2)  # a broken connection is tried once more
    elif trouble is SlackTrouble.LIMITED:
        workspace.faults.next(method, retry_after=1)
    elif trouble is SlackTrouble.SILENT:
        workspace.faults.next("*", error="internal_error", times=_MANY)
