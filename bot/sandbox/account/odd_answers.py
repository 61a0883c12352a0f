"""Oddities of whole answers: lists that are none, bytes that are no text, and an account that is not to be had."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any, Final

from .alterations import of_bytes, of_json
from .answers import Answer, html, succeeded
from .chances import SERVER_ERROR
from .effects import Effect, Instead, Otherwise, Slow
from .oddity import Oddity, Setting, answering, changing
from .quirks import PastEnd

_LIST: Final = "/items.json"
_LATE: Final = 0.9
"""Seconds of a slow page of a list; 975 ms was seen once."""
_BOM: Final = b"\xef\xbb\xbf"


def _past_end(past_end: PastEnd) -> Callable[[Setting], Effect]:
    return lambda _: Otherwise(lambda state: replace(state, quirks=replace(state.quirks, past_end=past_end)))


def _repeating(_: Setting) -> Effect:
    return Otherwise(lambda state: replace(state, quirks=replace(state.quirks, repeat_last_page=True)))


def _numbered(answer: Any) -> Any:
    """Return lists as objects whose keys are numbers, as PHP writes an array that has lost an entry."""
    return {
        name: {str(index): one for index, one in enumerate(value)} if isinstance(value, list) else value
        for name, value in answer.items()
    }


def _packed_twice(answer: Answer) -> Answer:
    packed = gzip.compress(gzip.compress(answer.raw))
    return replace(answer, body=packed, headers={**answer.headers, "Content-Encoding": "gzip, gzip"})


@cache
def _bomb() -> Answer:
    """Return a gigabyte of blanks, packed twice."""
    packed = gzip.compress(gzip.compress(b" " * 2**24) * 64)
    return Answer(200, packed, headers={"Content-Encoding": "gzip, gzip"})


_LISTS: Final = (
    Oddity(id="list-fails", does="The list of items fails with 500.", path=_LIST, make=answering(SERVER_ERROR)),
    Oddity(id="list-null", does="The list of items is null.", path=_LIST, make=answering(succeeded(None))),
    Oddity(
        id="list-null-inside",
        does="The list of items is null inside its object.",
        path=_LIST,
        make=answering(succeeded({"items": None})),
    ),
    Oddity(
        id="list-numbered",
        does="The list of items is an object whose keys are numbers.",
        path=_LIST,
        after=True,
        make=changing(of_json(_numbered)),
    ),
    Oddity(
        id="list-many-empty",
        does="A page of the list holds 100,000 empty records.",
        path=_LIST,
        make=lambda _: Instead(succeeded({"items": [{}] * 100_000})),
    ),
    Oddity(
        id="past-end-not-found",
        does="A page past the last one of a list is not found.",
        path="*",
        make=_past_end("not-found"),
    ),
    Oddity(id="past-end-null", does="A page past the last one of a list is null.", path="*", make=_past_end("null")),
    Oddity(
        id="past-end-null-inside",
        does="A page past the last one of a list is null inside its object.",
        path="*",
        make=_past_end("null-list"),
    ),
    Oddity(
        id="past-end-empty-object",
        does="A page past the last one of a list is an empty object.",
        path="*",
        make=_past_end("empty-object"),
    ),
    Oddity(
        id="past-end-blank",
        does="A page past the last one of a list is no text at all.",
        path="*",
        make=_past_end("blank"),
    ),
    Oddity(
        id="past-end-repeats",
        does="A page past the last one of a list is the last one again.",
        path="*",
        make=_repeating,
    ),
    Oddity(
        id="list-slow",
        does="Each page of the items takes most of a second.",
        path=_LIST,
        make=lambda setting: Slow(_LATE, setting.clock),
    ),
)
_BYTES: Final = (
    Oddity(
        id="raw-tab",
        does="Names hold a tabulator as it is, which JSON forbids.",
        path="*",
        after=True,
        make=changing(of_bytes(lambda body: re.sub(rb'("name": "[^" ]+) ', rb"\1\t", body))),
    ),
    Oddity(
        id="latin-1",
        does="Texts are encoded as Latin-1 and said to be UTF-8.",
        path="*",
        after=True,
        make=changing(of_bytes(lambda body: body.decode().encode("latin-1", "replace"))),
    ),
    Oddity(
        id="bom",
        does="Answers begin with a byte order mark.",
        path="*",
        after=True,
        make=changing(of_bytes(lambda body: _BOM + body)),
    ),
    Oddity(
        id="packed-twice",
        does="Answers are packed twice, though nobody asked for it.",
        path="*",
        after=True,
        make=changing(_packed_twice),
    ),
    Oddity(
        id="packed-bomb",
        does="An answer of a few kilobytes unpacks to a gigabyte.",
        path="*",
        once=True,
        make=lambda _: Instead(_bomb()),
    ),
    Oddity(
        id="endless",
        does="An answer never ends.",
        path="*",
        once=True,
        make=answering(Answer(200, json.dumps("x" * 60_000), endless=True)),
    ),
)
_ACCOUNTS: Final = (
    Oddity(
        id="account-unknown",
        does="The service says that there is no account of this name.",
        method="*",
        path="*",
        make=answering(html(530, "Origin DNS error")),
    ),
)
ANSWERS: Final = (*_LISTS, *_BYTES, *_ACCOUNTS)
