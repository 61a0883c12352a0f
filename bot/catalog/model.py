"""What the catalogue answers with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, Literal, TypeVar

from bot.invoicexpress.models import Client, Item

R = TypeVar("R", Item, Client)
T = TypeVar("T")

KindName = Literal["items", "clients"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far the copy of one kind of record can be relied on.

    Attributes:
        partial: the copy is not whole, because its first walk failed or is still under way.
        synced_at: when the walk that the copy rests on began; None before the first whole one.
        stale: the copy is older than one refresh: say its age.
    """

    partial: bool = False
    synced_at: datetime | None = None
    stale: bool = False


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
    """How many records a walk found to be new, changed and gone."""

    new: int = 0
    changed: int = 0
    gone: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.new + other.new, self.changed + other.changed, self.gone + other.gone)


@dataclass(frozen=True, slots=True)
class Changes:
    """What one whole walk changed in the copy."""

    items: Tally = field(default_factory=Tally)
    clients: Tally = field(default_factory=Tally)


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


@dataclass(frozen=True, slots=True)
class CatalogStatus:
    """The state of the copy.

    Attributes:
        complete: items and clients have both been walked to their end.
        synced_at: when the older of the walks that the copy rests on began; None before the first whole one.
        running: a walk is under way.
        items: how many items the copy holds.
        clients: how many clients the copy holds.
        on_disk: the copy survives a restart.
    """

    complete: bool
    synced_at: datetime | None
    running: bool
    items: int
    clients: int
    on_disk: bool
