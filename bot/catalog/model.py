"""What the catalogue answers with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Generic, Literal, TypeAlias, TypeVar

from bot.invoicexpress.errors import AccountError
from bot.invoicexpress.models import Client, Item

R = TypeVar("R", Item, Client)
T = TypeVar("T")

KindName = Literal["items", "clients"]

_NEARLY_ALL: Final = 0.99


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a walk is.

    Attributes:
        kind: what is being read.
        done: records read so far, or checked, of this kind.
        expected: how many there will probably be; None when nothing tells.
        checking: the pages are read; what they did not show is being checked by its id.
    """

    kind: KindName
    done: int
    expected: int | None = None
    checking: bool = False

    @property
    def share(self) -> float | None:
        """The part that is read, below 1 for as long as the walk goes on; None when nothing tells."""
        return min(self.done / self.expected, _NEARLY_ALL) if self.expected else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far the copy of one kind of record can be relied on.

    Attributes:
        partial: the copy is not whole, because its first walk failed or is still under way.
        synced_at: when the walk that the copy rests on began; None before the first whole one.
        stale: the copy is older than one refresh: say its age.
        reading: how far the first walk is; None where none is under way.
        unreadable: how many records the last walk could not read.
    """

    partial: bool = False
    synced_at: datetime | None = None
    stale: bool = False
    reading: Progress | None = None
    unreadable: int = 0

    @property
    def has_gaps(self) -> bool:
        """Whether the account may hold what the copy lacks."""
        return self.partial or self.unreadable > 0


@dataclass(frozen=True, slots=True)
class Hits(Standing, Generic[T]):
    """A part of what was found, or of everything, in its order, and how far it can be relied on.

    Attributes:
        records: the part that was asked for.
        total: how many there are altogether; there are more than that unless `total_is_exact`.
    """

    records: tuple[T, ...]
    total: int
    total_is_exact: bool = True


@dataclass(frozen=True, slots=True)
class Tally:
    """How many records a walk found to be new, changed and gone, and how many it could not read."""

    new: int = 0
    changed: int = 0
    gone: int = 0
    unreadable: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.new + other.new,
            self.changed + other.changed,
            self.gone + other.gone,
            self.unreadable + other.unreadable,
        )


Outcome: TypeAlias = Tally | AccountError
"""What a walk of one kind changed, or how it failed."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What became of each kind when the whole account was walked, and of the taxes.

    Attributes:
        items: what became of the items.
        clients: what became of the clients.
        taxes: how reading the taxes failed; None where they were read.
    """

    items: Outcome = Tally()
    clients: Outcome = Tally()
    taxes: AccountError | None = None

    @property
    def failures(self) -> tuple[AccountError, ...]:
        """How those parts failed that did."""
        return tuple(part for part in (self.items, self.clients, self.taxes) if isinstance(part, AccountError))


@dataclass(frozen=True, slots=True)
class KindStatus:
    """The state of the copy of one kind.

    Attributes:
        records: how many records the copy holds.
        unreadable: how many records the last walk could not read.
        synced_at: when the walk that the copy rests on began; None before the first whole one.
        running: how far the walk is that is under way; None where there is none.
        failure: how the last walk failed, in one word; empty where it did not.
    """

    records: int
    unreadable: int
    synced_at: datetime | None
    running: Progress | None
    failure: str


@dataclass(frozen=True, slots=True)
class CatalogStatus:
    """The state of the copy.

    Attributes:
        kinds: the state of each kind.
        taxes_at: when the taxes of the copy were read; None where it has none.
        taxes_failure: how the last read of the taxes failed, in one word; empty where it did not.
        on_disk: the copy survives a restart.
    """

    kinds: Mapping[KindName, KindStatus]
    taxes_at: datetime | None
    taxes_failure: str
    on_disk: bool

    @property
    def complete(self) -> bool:
        """Whether every kind has been walked to its end."""
        return all(kind.synced_at is not None for kind in self.kinds.values())

    @property
    def running(self) -> bool:
        """Whether a walk is under way."""
        return any(kind.running is not None for kind in self.kinds.values())
