"""The log: one handler on standard error for everything that speaks in the process, and no secret in any of it.

Every line, ours or a library's, traceback or not, passes through one formatter that bounds its length and whose last
step hides the secrets that the process knows and whatever has the shape of one. `structlog.get_logger(__name__)` gives
a logger; values go in by keyword; what `structlog.contextvars.bind_contextvars` binds (the reference id) stands in
every line of its task.
"""

from __future__ import annotations

import contextlib
import json
import logging
import re
import sys
from typing import TYPE_CHECKING, Any, Final, Literal, TextIO

import stamina.instrumentation
import structlog
from structlog.stdlib import ProcessorFormatter

from bot.log_limits import LibraryRation, bounded
from bot.scrubber import Scrubber

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import SecretStr
    from structlog.typing import EventDict, Processor, WrappedLogger

OURS: Final = "bot"
"""The logger above all of ours."""
_SELDOM: Final = ("httpx", "httpcore")
"""Below WARNING these write a line for each request, with its address: the name that a person looked for."""
_MARGIN: Final = "    | "

_NEEDS_QUOTES = re.compile(r"[\s\"'=\\]")


def configure_logging(
    level: str, log_format: Literal["text", "json"], secrets: Iterable[SecretStr] = (), stream: TextIO | None = None
) -> None:
    """Send every logger of the process through one handler; a later call replaces an earlier one.

    Args:
        level: DEBUG, INFO, WARNING, ERROR or CRITICAL.
        log_format: `text` for people, `json` for one object a line.
        secrets: what must never appear, in whatever coding.
        stream: where lines go; None is standard error.
    """
    handler = _Handler(sys.stderr if stream is None else stream)
    handler.setFormatter(_Formatter(Scrubber(secrets), json_lines=log_format == "json"))
    handler.addFilter(LibraryRation(OURS, logging.WARNING))
    lowest = logging.getLevelNamesMapping()[level]
    root = logging.getLogger()
    root.handlers[:] = [handler]
    # What libraries say at DEBUG are the bodies that they send and receive, customers and all.
    root.setLevel(max(lowest, logging.INFO))
    logging.getLogger(OURS).setLevel(lowest)
    for name in _SELDOM:
        logging.getLogger(name).setLevel(max(lowest, logging.WARNING))
    # stamina's own hook would log each retry a second time, with a pause that is not ours.
    stamina.instrumentation.set_on_retry_hooks([])
    structlog.configure(
        processors=[*_shared_processors(), ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(lowest),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def _shared_processors() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


class _Formatter(ProcessorFormatter):
    """One formatter for records of structlog and of the standard library, with the scrubbing last."""

    def __init__(self, scrub: Scrubber, *, json_lines: bool) -> None:
        renderer: Processor = structlog.processors.JSONRenderer() if json_lines else _as_text
        super().__init__(
            foreign_pre_chain=_shared_processors(),
            processors=[
                ProcessorFormatter.remove_processors_meta,
                structlog.processors.StackInfoRenderer(),
                structlog.processors.format_exc_info,
                self._bound,
                renderer,
            ],
        )
        self._scrub = scrub

    def format(self, record: logging.LogRecord) -> str:
        return self._scrub(super().format(record))

    def _bound(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        bounded(event, self._scrub)
        return event


class _Handler(logging.StreamHandler[TextIO]):
    """Writes to a stream, and keeps quiet about the arguments of a line that could not be formatted."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the standard library's name
        """Say where a line was lost; the library's own report would show its arguments, unscrubbed."""
        with contextlib.suppress(OSError, ValueError):  # the stream is gone: nothing is left to say it on
            self.stream.write(f"a log line was lost at {record.pathname}:{record.lineno}\n")


def _as_text(logger: WrappedLogger, method: str, event: EventDict) -> str:
    """Render one event as a line, and its traceback as indented lines that cannot pass for events."""
    event = dict(event)
    long_parts = [str(event.pop(name)) for name in ("stack", "exception") if name in event]
    head = f"{event.pop('timestamp')} {event.pop('level').upper():<8} {event.pop('logger')}: "
    line = head + _printable(str(event.pop("event", "")))
    line += "".join(f" {_printable(str(name))}={_value(value)}" for name, value in event.items())
    return "\n".join([line, *(_MARGIN + _printable(part) for text in long_parts for part in text.split("\n"))])


def _value(value: Any) -> str:
    text = value if isinstance(value, str) else repr(value)
    bare = text and not _NEEDS_QUOTES.search(text)
    return _printable(text if bare or not isinstance(value, str) else json.dumps(text, ensure_ascii=False))


def _printable(text: str) -> str:
    """Return the text with every character that could move, hide or turn what follows written as its escape."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)
