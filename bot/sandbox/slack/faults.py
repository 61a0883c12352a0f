"""Faults on order: the next call of a method fails, is late, or loses its connection."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass


@dataclass(slots=True, kw_only=True)
class Fault:
    """What happens to a call.

    Attributes:
        method: a Web API method, `response_url`, or `*` for any.
        error: the code that it answers; None lets the call through after the delay.
        status: the HTTP status that goes with the error.
        retry_after: seconds; makes it an HTTP 429 with this header.
        delay: seconds to wait first, on the workspace's clock.
        hold: waits until this is set.
        cut: closes the connection without an answer.
        done: with `cut`, the call is carried out all the same before its answer is lost.
        times: how many calls it hits.
    """

    method: str
    error: str | None = None
    status: int = 200
    retry_after: int | None = None
    delay: float = 0.0
    hold: asyncio.Event | None = None
    cut: bool = False
    done: bool = False
    times: int = 1


class Faults:
    """The faults that are still to come."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def next(
        self,
        method: str,
        *,
        error: str | None = None,
        status: int = 200,
        retry_after: int | None = None,
        delay: float = 0.0,
        hold: asyncio.Event | None = None,
        cut: bool = False,
        done: bool = False,
        times: int = 1,
    ) -> Fault:
        """Order a fault for the next call of a method; see `Fault` for the arguments."""
        fault = Fault(
            method=method,
            error=error,
            status=status,
            retry_after=retry_after,
            delay=delay,
            hold=hold,
            cut=cut,
            done=done,
            times=times,
        )
        self._waiting.append(fault)
        return fault

    def clear(self) -> None:
        """Forget every fault that has not struck yet."""
        self._waiting.clear()

    def take(self, method: str) -> Fault | None:
        """Return the fault that hits this call, and use it up."""
        for fault in self._waiting:
            if fault.method in (method, "*"):
                fault.times -= 1
                if fault.times == 0:
                    self._waiting.remove(fault)
                return fault
        return None
