"""What stands between a caller and the network, in one order.

1. The door: so many operations may be inside; the next one is refused (`Overloaded`).
2. The retries, around everything that follows: each attempt passes the breaker, waits for its turn and spends budget.
3. The breaker: a service that is down is spared, and its callers are told at once (`Unavailable`).
4. The turn: people before walks before background work, within the budget, so many at once (`turns`).

What is tried again: whatever was answered by a 429 or never reached the service; after a failure of the service, a
time-out or a broken connection only what can be repeated without harm; after 401, 404, 422 and 530 nothing. A write
that timed out, here or at a proxy (504), may still be carried out, so it is not sent again either. Whoever writes may
have a look at the account before anything is sent again.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, NoReturn, Protocol

import stamina
import structlog

from bot.invoicexpress.answers import ACCOUNT_UNKNOWN, is_failure, is_miss, retry_after
from bot.invoicexpress.errors import AccountError, OutcomeUnknown, Overloaded, Unavailable
from bot.invoicexpress.pacing import Breaker
from bot.invoicexpress.turns import Lane, Turns
from bot.invoicexpress.wire import Answer, Kind, NoAnswer, Request

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from datetime import datetime

    from bot.clock import Clock
    from bot.invoicexpress.pacing import Limits

log = structlog.get_logger(__name__)

_SETTLED: Final = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY})
"""What tells, of a write whose first answer was lost, that it was not carried out: it would be refused each time."""
_LATELY: Final = timedelta(hours=1)
_STILL_AT_IT: Final = frozenset({HTTPStatus.GATEWAY_TIMEOUT, 524})
"""What a proxy answers when it gave up waiting (524 is Cloudflare's): the service behind it may go on."""


class Look(Protocol):
    """Asks the account what it holds, before a write is sent again."""

    async def __call__(self, *, lost: bool) -> bool:
        """Return whether the write has been carried out already; False lets it be sent.

        Args:
            lost: whether an attempt may have been carried out.

        Raises:
            Exception: it must not be sent.
        """
        ...


class _Trouble(Exception):
    """An attempt that brought no usable answer."""

    def __init__(self, reason: str, *, again: bool, answer: Answer | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.again = again
        self.answer = answer


@dataclass(slots=True)
class _Errand:
    """One operation on its way."""

    request: Request
    lane: Lane
    started: float
    look: Look | None
    pause: float = 0.0
    reason: str = ""
    lost: bool = False
    """Whether an attempt may have been carried out without our knowing."""
    late: bool = False
    """Whether one of these may still be going on."""
    doubted: bool = False
    """Whether the service failed where that can mean that no record matches."""


def _spared() -> _Trouble:
    return _Trouble("spared", again=False)


def _conclude(errand: _Errand, answer: Answer | None) -> Answer:
    """Say what became of an operation whose last answer, if any, is this one."""
    settled = answer is not None and (answer.status < HTTPStatus.MULTIPLE_CHOICES or answer.status in _SETTLED)
    if errand.lost and not settled:
        raise OutcomeUnknown(late=errand.late)
    if answer is None:
        raise Unavailable
    if errand.lost and errand.request.method == "DELETE" and answer.status == HTTPStatus.NOT_FOUND:
        return Answer(HTTPStatus.OK)
    return answer


class Traffic:
    """Carries requests to the service and brings back answers.

    Args:
        send: makes one attempt; raises `NoAnswer`.
        limits: how patient we are.
        requests_per_minute: the budget.
        clock: the time; every wait is on it.
    """

    def __init__(
        self, send: Callable[[Request], Awaitable[Answer]], *, limits: Limits, requests_per_minute: int, clock: Clock
    ) -> None:
        self._send = send
        self._limits = limits
        self._clock = clock
        self._inside: Counter[Lane] = Counter()
        self._of_one: Counter[str] = Counter()
        self._turns = Turns(clock, requests_per_minute=requests_per_minute, at_once=limits.at_once)
        self._breaker = Breaker(limits.failures, limits.rest)
        self.last_answer: datetime | None = None
        self.down_since: datetime | None = None

    async def carry(self, request: Request, lane: Lane, look: Look | None = None) -> Answer:
        """Return the answer to a request: a success, a miss, or an error for `answers.check` to read.

        A delete whose answer was lost and which then finds nothing to delete has done it: that is a success.

        Args:
            request: what is asked.
            lane: on whose behalf.
            look: asked before each further attempt; what it raises ends the operation.

        Raises:
            Overloaded: too many operations are inside; nothing was sent.
            Unavailable: no answer, and nothing was written.
            OutcomeUnknown: no answer, and something may have been written.
        """
        errand = _Errand(request, lane, self._clock.monotonic(), look)
        with self._admitted(lane):
            try:
                answer: Answer | None = await self._try_and_try_again(errand)
            except _Trouble as trouble:
                answer = trouble.answer
        return _conclude(errand, answer)

    def close(self) -> None:
        """Send away whoever still waits for a turn."""
        self._turns.dismiss(_spared)

    @contextlib.contextmanager
    def _admitted(self, lane: Lane) -> Iterator[None]:
        person = str(structlog.contextvars.get_contextvars().get("person", ""))
        if self._inside[lane] >= self._limits.inside or (person and self._of_one[person] >= self._limits.of_one):
            raise Overloaded
        self._inside[lane] += 1
        self._of_one[person] += 1
        try:
            yield
        finally:
            self._inside[lane] -= 1
            self._of_one[person] -= 1
            if not self._of_one[person]:
                del self._of_one[person]

    async def _try_and_try_again(self, errand: _Errand) -> Answer:
        """Let stamina count the attempts and compute the pauses; they are slept on our clock, which tests can move."""
        limits = self._limits
        attempts = stamina.retry_context(
            on=lambda error: 0.0 if isinstance(error, _Trouble) and error.again else False,
            attempts=limits.attempts,
            timeout=None,
            wait_initial=limits.first_pause,
            wait_max=limits.longest_pause,
            wait_jitter=0,
        )
        async for attempt in attempts:  # pragma: no branch - it ends by returning or raising
            with attempt:
                if attempt.num > 1 and await self._done_meanwhile(errand, attempt.num):
                    return Answer(HTTPStatus.OK)
                return await self._attempt(errand, attempt.next_wait)
        raise AssertionError("unreachable")  # pragma: no cover - stamina reraises the last attempt's error

    async def _done_meanwhile(self, errand: _Errand, number: int) -> bool:
        """Pause before a further attempt; return whether it turns out that there is nothing left to do."""
        request = errand.request
        log.warning(
            "invoicexpress.retry",
            method=request.method,
            path=request.path,
            reason=errand.reason,
            attempt=number,
            pause=errand.pause,
        )
        await self._clock.sleep(errand.pause)
        if errand.look is None:
            return False
        try:
            done = await errand.look(lost=errand.lost)
        except AccountError:
            if errand.lost:
                raise OutcomeUnknown(late=errand.late) from None
            raise
        errand.lost = False
        return done

    async def _attempt(self, errand: _Errand, next_pause: float) -> Answer:
        harmless = errand.request.kind is not Kind.CREATE
        try:
            answer = await self._once(errand)
        except NoAnswer as nothing:
            writes = errand.request.kind is not Kind.READ
            errand.lost |= writes and nothing.reached
            errand.late |= writes and nothing.waiting
            repeatable = not nothing.reached or (harmless and not errand.late)
            self._trouble(errand, nothing.reason, next_pause, repeatable=repeatable)
        if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
            self._turns.spend_all()
            self._trouble(errand, "429", next_pause, repeatable=True, answer=answer)
        if is_miss(errand.request, answer) and is_failure(answer.status):
            first, errand.doubted = not errand.doubted, True
            self._trouble(errand, str(answer.status), next_pause, repeatable=first, answer=answer)
        if is_failure(answer.status):
            writes = errand.request.kind is not Kind.READ
            errand.lost |= writes
            errand.late |= writes and answer.status in _STILL_AT_IT
            repeatable = harmless and not errand.late
            self._trouble(errand, str(answer.status), next_pause, repeatable=repeatable, answer=answer)
        return answer

    def _trouble(
        self, errand: _Errand, reason: str, next_pause: float, *, repeatable: bool, answer: Answer | None = None
    ) -> NoReturn:
        """Decide whether to try again, and when."""
        asked = None if answer is None else retry_after(answer, self._clock.now())
        limits = self._limits
        errand.reason = reason
        errand.pause = min(limits.longest_pause, max(next_pause, asked or 0.0))
        patience = limits.patience if errand.lane is Lane.PEOPLE else limits.patience_behind
        in_time = self._clock.monotonic() - errand.started + errand.pause <= patience
        raise _Trouble(reason, again=repeatable and in_time, answer=answer)

    async def _once(self, errand: _Errand) -> Answer:
        """Pass the breaker, wait for a turn, send."""
        if self._breaker.is_open(self._clock.monotonic()):
            raise _spared()
        async with self._turns.turn(errand.lane):
            if not self._breaker.permits(self._clock.monotonic()):
                raise _spared()
            try:
                answer = await self._send(errand.request)
            except NoAnswer:
                self._failed()
                raise
            except BaseException:
                self._breaker.abandoned()
                raise
            answer = self._plausible(answer)
            self._note(errand.request, answer)
            return answer

    def _plausible(self, answer: Answer) -> Answer:
        """Read "no such account" as trouble at the service where there was one lately: what stands before it fails."""
        if answer.status != ACCOUNT_UNKNOWN or self.last_answer is None:
            return answer
        answered_lately = self._clock.now() - self.last_answer <= _LATELY
        return Answer(HTTPStatus.SERVICE_UNAVAILABLE) if answered_lately else answer

    def _note(self, request: Request, answer: Answer) -> None:
        """Remember whether the service is well; 429 and 530 are answers, a failure that may be a miss says nothing."""
        if not is_failure(answer.status):
            self._breaker.answered()
            if answer.status != ACCOUNT_UNKNOWN:
                self.last_answer = self._clock.now()
            self.down_since = None
        elif is_miss(request, answer):
            self._breaker.abandoned()
        else:
            self._failed()

    def _failed(self) -> None:
        now = self._clock.monotonic()
        self._breaker.failed(now)
        self.down_since = self.down_since or self._clock.now()
        if self._breaker.is_open(now):
            self._turns.dismiss(_spared)
