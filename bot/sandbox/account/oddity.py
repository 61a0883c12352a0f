"""What an oddity of the account is, and the ways in which one is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bot.clock import Clock

from .alterations import Change, Record, of_records
from .answers import Answer
from .effects import Altered, Effect, Instead

CHANGES: Final = "[PD][UE]*"
"""The methods PUT and DELETE, as a pattern."""
STORES: Final = "P*"
"""The methods POST and PUT."""
ITEM: Final = "/items/*"
ITEMS: Final = "/items*"


@dataclass(frozen=True, slots=True)
class Setting:
    """What an oddity must know to be made.

    Attributes:
        api_key: the account's key.
        clock: the account's clock.
        only: of the oddities of records: which records have it; None for all.
    """

    api_key: str
    clock: Clock
    only: Callable[[Record], bool] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Oddity:
    """One way to be odd.

    Attributes:
        id: its name.
        does: what it does, in a sentence.
        method: the requests that it strikes, as a pattern.
        path: their paths, as a pattern.
        once: whether it strikes one request alone, where nothing else is asked for.
        after: whether it acts when the request has been carried out.
        make: makes the effect.
    """

    id: str
    does: str
    method: str = "GET"
    path: str = ITEMS
    once: bool = False
    after: bool = False
    make: Callable[[Setting], Effect]


def answering(answer: Answer) -> Callable[[Setting], Effect]:
    """Return what makes the effect of an answer that is always the same."""
    return lambda _: Instead(answer)


def changing(change: Change) -> Callable[[Setting], Effect]:
    """Return what makes the effect of a change of every answer."""
    return lambda _: Altered(change)


def each_record(change: Callable[[Record], object]) -> Callable[[Setting], Effect]:
    """Return what makes the effect of a change of each record, or of those that are meant."""
    return lambda setting: Altered(of_records(change, setting.only))
