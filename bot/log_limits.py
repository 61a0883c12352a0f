"""How long a line of the log may be, and how often one may be repeated.

What a stranger or a library chooses must not fill a disk: a refused megabyte is not worth a megabyte of log.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import logging
    from collections.abc import Callable, Hashable, MutableMapping

LINE: Final = 8000
"""Characters of an event with all that belongs to it, its traceback among them."""
EVENT: Final = 1500
VALUE: Final = 500
_TRACE_LINE: Final = 300
_TRACE_LEAST: Final = 2000
_TOO_LONG: Final = "<a number that is too long>"
_TRACES: Final = ("exception", "stack")

_FREELY: Final = 5
"""So many equal lines are written before they are counted instead."""
_PAUSE: Final = 60.0
_KINDS: Final = 500
_START: Final = 20
"""Characters at the start of a library's message that tell what it is about; what follows is a stranger's."""


def clip(text: str, most: int, scrub: Callable[[str], str]) -> str:
    """Return the text, without its middle where it is longer than so many characters.

    Args:
        text: what is to be logged.
        most: how many characters may stay.
        scrub: hides secrets; before the cut, because half a secret is no longer known as one.
    """
    if len(text) <= most:
        return text
    text = scrub(text)
    if len(text) <= most:
        return text
    note = f" … {len(text) - most} characters left out … "
    kept = max(most - len(note), 2)
    return text[: kept // 3] + note + text[-(kept - kept // 3) :]


def bounded(event: MutableMapping[str, Any], scrub: Callable[[str], str]) -> None:
    """Shorten in place what is too long in an event."""
    used = 0
    for name, value in event.items():
        if name in _TRACES or isinstance(value, bool | None):
            continue
        text = value if isinstance(value, str) else _said(value)
        short = clip(text, EVENT if name == "event" else VALUE, scrub)
        used += len(name) + len(short)
        if short is not text or text is _TOO_LONG:
            event[name] = short
    room = max(LINE - used, _TRACE_LEAST)
    traces = [name for name in _TRACES if name in event]
    for name in traces:
        lines = (clip(line, _TRACE_LINE, scrub) for line in str(event[name]).split("\n"))
        event[name] = clip("\n".join(lines), room // len(traces), scrub)


def _said(value: object) -> str:
    try:
        return repr(value)
    except ValueError:  # a number of more digits than Python writes
        return _TOO_LONG


@dataclass(slots=True)
class _Kind:
    times: int = 0
    written: float = 0.0
    seen: float = 0.0


class Ration:
    """Counts equal lines, and says which of them to write: some at first, then the 10th, the 100th …, and one a minute.

    Args:
        now: a clock.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._kinds: dict[Hashable, _Kind] = {}

    def admits(self, kind: Hashable) -> int:
        """Return how often this kind was seen, the present time included; 0 where it is not to be written."""
        now = self._now()
        found = self._kinds.get(kind)
        if found is None or now - found.seen > _PAUSE:
            self._forget(now)
            found = self._kinds[kind] = _Kind()
        found.seen = now
        found.times += 1
        if found.times > _FREELY and not _is_round(found.times) and now - found.written < _PAUSE:
            return 0
        found.written = now
        return found.times

    def _forget(self, now: float) -> None:
        """Make room: what was not seen lately, else everything."""
        if len(self._kinds) >= _KINDS:
            self._kinds = {kind: found for kind, found in self._kinds.items() if now - found.seen <= _PAUSE}
        if len(self._kinds) >= _KINDS:
            self._kinds.clear()


class LibraryRation:
    """A filter: libraries repeat a warning only as `Ration` lets them. Our own lines pass.

    Args:
        ours: the name of the logger above all of ours.
        least: the level from which lines are counted.
    """

    def __init__(self, ours: str, least: int) -> None:
        self._ours = ours
        self._least = least
        self._ration = Ration()

    def __call__(self, record: logging.LogRecord) -> bool:
        """Tell whether to write a line; how often it was seen stands in it then."""
        if record.levelno < self._least or record.name.split(".")[0] == self._ours:
            return True
        times = self._ration.admits((record.name, record.pathname, record.lineno, str(record.msg)[:_START]))
        if times > 1:
            record.msg, record.args = f"{record.getMessage()} (seen {times} times)", None
        return times > 0


def _is_round(times: int) -> bool:
    return str(times).rstrip("0") == "1"
