"""What the process logs, caught as it would be written."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from pydantic import SecretStr

from bot.log import configure_logging

Event = dict[str, Any]


class Log:
    """The lines so far."""

    def __init__(self, stream: io.StringIO) -> None:
        self._stream = stream

    @property
    def text(self) -> str:
        """Everything, as it was written."""
        return self._stream.getvalue()

    def events(self, name: str = "") -> list[Event]:
        """Return the events so far, or those of one name; each with its values."""
        lines: list[Event] = [json.loads(line) for line in self.text.splitlines()]
        return [line for line in lines if name in ("", line["event"])]

    def the(self, name: str) -> Event:
        """Return the only event of a name."""
        (event,) = self.events(name)
        return event


@contextmanager
def caught_log(level: str = "INFO", secrets: Iterable[str] = ()) -> Iterator[Log]:
    """Catch the log within the block, and put logging back afterwards."""
    root = logging.getLogger()
    handlers, before, configured = root.handlers[:], root.level, structlog.get_config()
    stream = io.StringIO()
    configure_logging(level, "json", [SecretStr(secret) for secret in secrets], stream)
    try:
        yield Log(stream)
    finally:
        root.handlers[:] = handlers
        root.setLevel(before)
        for name in ("bot", "httpx", "httpcore"):
            logging.getLogger(name).setLevel(logging.NOTSET)
        structlog.configure(**configured)
