"""The account over HTTP: records what comes in, lets the faults act, and sends the answers."""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from fnmatch import fnmatchcase
from itertools import count
from typing import Final, overload

from aiohttp import web

from bot.clock import Clock

from .answers import Answer, Problem, refused
from .control import CONTROL_PATH, control
from .effects import ConnectionCut, Otherwise
from .faults import Fault, Faults
from .records import Exchange, RequestRecord
from .service import respond
from .state import Call, State
from .wire import parse

_KEPT_REQUESTS: Final = 100_000
_MASK: Final = "***"
_LINK: Final = re.compile(r'("open_account_link": ")[^"]*')


class RequestLog(Sequence[RequestRecord]):
    """The requests that were answered or cut, in the order in which they ended; the latest hundred thousand."""

    def __init__(self) -> None:
        self._records: deque[RequestRecord] = deque(maxlen=_KEPT_REQUESTS)

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[RequestRecord]:
        return iter(self._records)

    @overload
    def __getitem__(self, index: int) -> RequestRecord: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[RequestRecord, ...]: ...
    def __getitem__(self, index: int | slice) -> RequestRecord | tuple[RequestRecord, ...]:
        return tuple(self._records)[index] if isinstance(index, slice) else self._records[index]

    def matching(self, method: str = "*", path: str = "*") -> tuple[RequestRecord, ...]:
        """Return the requests of a method to a path; both may hold `*`."""
        return tuple(record for record in self if fnmatchcase(record.method, method) and fnmatchcase(record.path, path))

    def add(self, record: RequestRecord) -> None:
        """Append a request."""
        self._records.append(record)

    def clear(self) -> None:
        """Forget them all. The sequence numbers go on."""
        self._records.clear()


class Server:
    """Answers the requests of one account.

    Attributes:
        requests: what came in, without the key.
        on_exchange: is called with each exchange when it is over.
    """

    def __init__(self, state: State, faults: Faults, clock: Clock) -> None:
        self.requests = RequestLog()
        self.on_exchange: Callable[[Exchange], object] | None = None
        self._state = state
        self._faults = faults
        self._clock = clock
        self._numbers = count(1)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request, as the faults allow."""
        if request.path == CONTROL_PATH:
            return await control(request, self._faults)
        started, began = self._clock.now(), self._clock.monotonic()
        call = await _read(request, next(self._numbers))
        answer: Answer | None = None
        try:
            answer = await self._answer(call)
            return await _sent(request, answer)
        except ConnectionCut as cut:
            return await _cut(request, cut.answer)
        finally:
            record = _record(call, answer)
            self.requests.add(record)
            if self.on_exchange is not None:
                self.on_exchange(
                    Exchange(
                        request=record,
                        address=_masked_address(request),
                        sent=call.body,
                        answer=_LINK.sub(rf"\1{_MASK}", answer.text) if answer else "",
                        started=started,
                        seconds=self._clock.monotonic() - began,
                    )
                )

    async def _answer(self, call: Call) -> Answer:
        closed = self._faults.closed(retry_after=self._state.quirks.retry_after)
        if closed is not None:
            return closed
        await self._faults.linger()
        if self._faults.switches.refusing and call.method in {"POST", "PUT"}:
            return refused([Problem("name", "invalid")], self._state.quirks, self._state.language)
        faults = self._faults.take(call.method, call.path)
        for fault in faults:
            if not fault.after and (instead := await fault.effect.act(None)):
                return instead
        answer = respond(_as_it_is_now(self._state, faults), call)
        for fault in faults:
            if fault.after:
                answer = await fault.effect.act(answer) or answer
        return answer


def _as_it_is_now(state: State, faults: Sequence[Fault]) -> State:
    for fault in faults:
        if isinstance(fault.effect, Otherwise):
            state = fault.effect.change(state)
    return state


async def _read(request: web.Request, sequence: int) -> Call:
    body = (await request.read()).decode(errors="replace")
    readable, parsed = True, None
    if body:
        try:
            parsed = parse(body)
        except ValueError:
            readable = False
    return Call(
        method=request.method,
        path=request.path,
        query=dict(request.query),
        body=body,
        json=parsed,
        readable=readable,
        sequence=sequence,
    )


def _record(call: Call, answer: Answer | None) -> RequestRecord:
    return RequestRecord(
        sequence=call.sequence,
        method=call.method,
        path=call.path,
        query={name: value for name, value in call.query.items() if name != "api_key"},
        json=call.json,
        status=answer.status if answer else None,
    )


def _masked_address(request: web.Request) -> str:
    query = {name: _MASK if name == "api_key" else value for name, value in request.query.items()}
    return str(request.rel_url.with_query(query))


async def _sent(request: web.Request, answer: Answer) -> web.StreamResponse:
    headers = {**answer.headers, "Content-Type": answer.content_type}
    if not answer.endless:
        return web.Response(status=answer.status, body=answer.raw, headers=headers)
    response = web.StreamResponse(status=answer.status, headers=headers)
    with suppress(ConnectionError):
        await response.prepare(request)
        while True:
            await response.write(answer.raw)
            await asyncio.sleep(0)  # a socket that takes everything must not hold up the others
    return response


async def _cut(request: web.Request, answer: Answer | None) -> web.StreamResponse:
    """Close the connection, after half of the answer where it has a body."""
    response = web.StreamResponse()
    if answer is not None and answer.body:
        body = answer.raw
        response = web.StreamResponse(
            status=answer.status, headers={"Content-Type": answer.content_type, "Content-Length": str(len(body))}
        )
        # The caller may have gone while its request was held.
        with suppress(ConnectionError):
            await response.prepare(request)
            await response.write(body[: len(body) // 2])
    request.protocol.force_close()
    return response
