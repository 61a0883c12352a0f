"""The copy as a whole: built anew when it is unusable, and answering on when the disk fails."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

import structlog

from bot.catalog.damage import MISREAD, is_damage, reason
from bot.catalog.model import Tally
from bot.catalog.place import KINDS, Place, keep_taxes, kept_taxes, set_whole
from bot.store import Closed, transaction

if TYPE_CHECKING:
    from bot.catalog.kinds import Kind
    from bot.catalog.model import KindName, R
    from bot.catalog.search import Found
    from bot.invoicexpress.models import Tax

T = TypeVar("T")

_KEPT_ANSWERS = 64  # of a hundred records each: some six megabytes
_GLANCE_SECONDS = 0.02  # among a million records nearly every search is shorter


def remove_copy(path: Path) -> bool:
    """Remove a copy and the files that SQLite keeps beside it, and nothing else; return whether there was one.

    Raises:
        OSError: a file is not ours to remove.
    """
    there = path.exists()
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    return there


class Copy:
    """The records of both kinds and the taxes, each in its place.

    What SQLite cannot do is logged and survived. A file that is broken, of another version or of another account is
    removed and built anew, and so is one that SQLite takes for sound and that holds what cannot be read. When the disk
    fails later (full, read-only, locked), the copy goes on in memory, with all that the file held, until the process
    ends; only what fails in memory too is raised, as `sqlite3.Error`.

    Args:
        path: the file, or None for memory.
        clients_on_disk: keep clients in the file too, rather than in memory.
        owner: what account it is a copy of.
        busy_seconds: how long to wait for another process that holds the file.
        glance_seconds: how long the event loop itself searches before a thread does.

    Attributes:
        whole: when the last whole walk of each kind began; None before the first.
        counts: how many records of each kind there are.
        unreadable: how many records of each kind the last walk could not read.
        losses: how often records were lost with a broken file; whoever was filling the copy must begin again.
    """

    def __init__(
        self,
        path: Path | None,
        *,
        clients_on_disk: bool,
        owner: str,
        busy_seconds: float = 1.0,
        glance_seconds: float = _GLANCE_SECONDS,
    ) -> None:
        self._path = path
        self._stamp = f"{owner} {clients_on_disk}"
        self._busy_seconds = busy_seconds
        self._glance_seconds = glance_seconds
        self._apart = not clients_on_disk
        self._ends = False
        self._places: dict[KindName, Place] = {}
        self._rescuing = asyncio.Lock()
        self._log = structlog.get_logger(__name__)
        self.whole: dict[KindName, datetime | None] = {kind.name: None for kind in KINDS}
        self.counts: dict[KindName, int] = {kind.name: 0 for kind in KINDS}
        self.unreadable: dict[KindName, int] = {kind.name: 0 for kind in KINDS}
        self.losses = 0
        self._editions: dict[KindName, int] = {kind.name: 0 for kind in KINDS}
        self._found: dict[KindName, dict[tuple[str, int, int], object]] = {kind.name: {} for kind in KINDS}

    @property
    def on_disk(self) -> bool:
        """Whether the copy survives a restart, clients aside where they are kept in memory."""
        return "items" in self._places and self._places["items"].is_on_disk

    async def open(self) -> None:
        """Open the copy. It always opens, if need be empty and in memory."""
        place = await self._open_main()
        apart = await Place.in_memory() if self._apart else place
        self._places = {"items": place, "clients": apart}
        self._take_stock(place)
        self._take_stock(apart)

    async def aclose(self) -> None:
        """Close every connection. Whoever comes later is told that it is closed, by `Closed`."""
        async with self._rescuing:
            places, self._places = set(self._places.values()), {}
            for place in places:
                await place.aclose()

    async def end_writing(self) -> None:
        """Change nothing any more, and leave the file to another process; what there is can still be read."""
        self._ends = True
        async with self._rescuing:
            for place in {place for place in self._places.values() if place.is_on_disk}:
                await place.writer.hand_over()

    def batch(self, kind: Kind[R]) -> int:
        """Return how many records of a kind should be put at once."""
        return self._places[kind.name].batch

    async def find(self, kind: Kind[R], text: str, limit: int, offset: int) -> tuple[tuple[R, ...], Found]:
        """Return a part of the records that match a text, and how many match.

        What was found lately is kept until something changes: people type the same beginnings over and over.
        """
        key, edition = (text, limit, offset), self._editions[kind.name]
        kept = self._found[kind.name].get(key)
        if kept is not None:
            return cast("tuple[tuple[R, ...], Found]", kept)

        answer = await self._in_place(kind, lambda place: place.find(kind, text, limit, offset))
        if edition == self._editions[kind.name]:
            answers = self._found[kind.name]
            answers[key] = answer
            if len(answers) > _KEPT_ANSWERS:
                del answers[next(iter(answers))]
        return answer

    def _changed(self, kind: Kind[R], *, by: int) -> None:
        """Forget what was found before so many records changed."""
        if by:
            self._editions[kind.name] += 1
            self._found[kind.name].clear()

    async def page(self, kind: Kind[R], limit: int, offset: int) -> tuple[R, ...]:
        """Return a part of all records, by folded name, then id."""
        return await self._read(kind, lambda place, connection: place.shelf(kind).page(connection, limit, offset))

    async def get(self, kind: Kind[R], record_id: int) -> R | None:
        """Return a record, or None."""
        return await self._read(kind, lambda place, connection: place.shelf(kind).get(connection, record_id))

    async def missing(self, kind: Kind[R], seen: set[int]) -> list[int]:
        """Return the ids of the records that are not among those seen, in order."""
        return await self._read(
            kind,
            lambda place, connection: sorted(each for each in place.shelf(kind).ids(connection) if each not in seen),
        )

    async def put(self, kind: Kind[R], records: Sequence[R]) -> Tally:
        """Store records, all or none; return how many are new and changed."""
        tally = await self._write(kind, lambda place, connection: place.shelf(kind).put(connection, records), Tally())
        self.counts[kind.name] += tally.new
        self._changed(kind, by=tally.new + tally.changed)
        return tally

    async def drop(self, kind: Kind[R], record_ids: Iterable[int]) -> int:
        """Remove records; return how many there were."""
        gone = await self._write(kind, lambda place, connection: place.shelf(kind).drop(connection, record_ids), 0)
        self.counts[kind.name] -= gone
        self._changed(kind, by=gone)
        return gone

    async def tidy(self, kind: Kind[R]) -> None:
        """Merge the index into one piece, a little at a time."""
        more = await self._write(kind, lambda place, connection: place.shelf(kind).tidy(connection, begin=True), False)
        while more:
            more = await self._write(kind, lambda at, connection: at.shelf(kind).tidy(connection, begin=False), False)

    async def set_whole(self, kind: Kind[R], began: datetime, unreadable: int = 0) -> None:
        """Keep that a walk of a kind, begun then, came to its end, and how many records it could not read."""
        await self._write(kind, lambda _, connection: set_whole(connection, kind.name, began, unreadable), None)
        self.whole[kind.name], self.unreadable[kind.name] = began, unreadable

    async def taxes(self) -> tuple[datetime, tuple[Tax, ...]] | None:
        """Return the taxes and when they were read, or None if they never were."""
        return await self._read(KINDS[0], lambda _, connection: kept_taxes(connection))

    async def keep_taxes(self, read_at: datetime, taxes: tuple[Tax, ...]) -> None:
        """Keep the taxes."""
        await self._write(KINDS[0], lambda _, connection: keep_taxes(connection, read_at, taxes), None)

    async def _read(self, kind: Kind[R], work: Callable[[Place, sqlite3.Connection], T]) -> T:
        return await self._in_place(kind, lambda place: place.reader.run(partial(work, place)))

    async def _write(self, kind: Kind[R], work: Callable[[Place, sqlite3.Connection], T], otherwise: T) -> T:
        """Do work that writes; where the file was left to another process, return what stands for having done none."""
        if self._ends:
            return otherwise
        return await self._in_place(kind, lambda place: place.writer.run(partial(_in_transaction, work, place)))

    async def _in_place(self, kind: Kind[R], work: Callable[[Place], Awaitable[T]]) -> T:
        """Do what is to be done in the place of a kind, or if that fails, in another.

        There are not many others: the last is an empty one in memory, and what fails there is raised.
        """
        place = await self._place(kind)
        while True:
            try:
                return await _done(work, place)
            except sqlite3.Error as error:
                place = await self._rescue(kind, place, error)

    async def _place(self, kind: Kind[R]) -> Place:
        if self._rescuing.locked():
            async with self._rescuing:
                pass
        if not self._places:
            raise Closed("the copy is not open")
        return self._places[kind.name]

    async def _open_main(self) -> Place:
        if self._path is None:
            return await Place.in_memory()
        try:
            return await self._open_file(self._path)
        except (sqlite3.Error, OSError) as error:
            self._log.warning("catalog.in_memory", reason=reason(error))
            return await Place.in_memory()

    async def _open_file(self, path: Path) -> Place:
        """Open the file, or a new one in its stead where it is of no use."""
        try:
            return await self._at(path)
        except sqlite3.Error as error:
            if not is_damage(error):
                raise
            self._log.warning("catalog.built_anew", reason=reason(error))
            remove_copy(path)
            return await self._at(path)

    async def _at(self, path: Path) -> Place:
        return await Place.on_disk(
            path, self._stamp, busy_seconds=self._busy_seconds, glance_seconds=self._glance_seconds
        )

    async def _rescue(self, kind: Kind[R], place: Place, error: sqlite3.Error) -> Place:
        """Find another place for what was in one that failed; return the one where the kind is now.

        Raises:
            sqlite3.Error: the error, if nothing could be better in another place, or the copy is closed.
        """
        async with self._rescuing:
            held = self._places.get(kind.name)
            if held is not None and held is not place:
                return held
            if self._path is None or held is None or not place.from_file or self._ends:
                raise error
            self._log.warning("catalog.rescued", reason=reason(error))
            await place.aclose()  # after what was under way, so that all of it comes along
            # In memory there is no disk to blame: it fails at what it took over from the file.
            refuge = await self._refuge(self._path, broken=is_damage(error) or not place.is_on_disk)
            self._places = {name: refuge if held is place else held for name, held in self._places.items()}
            self._take_stock(refuge)
            return refuge

    async def _refuge(self, path: Path, *, broken: bool) -> Place:
        if not broken:
            try:
                return await Place.in_memory(path)
            except sqlite3.Error as error:
                self._log.warning("catalog.lost", reason=reason(error))
        self.losses += 1
        for kind in KINDS:
            self._changed(kind, by=1)
        with contextlib.suppress(OSError):
            remove_copy(path)
        # A second loss would have to be the disk's own fault.
        return await self._open_main() if self.losses == 1 else await Place.in_memory()

    def _take_stock(self, place: Place) -> None:
        for name, held in self._places.items():
            if held is place:
                self.whole[name], self.counts[name], self.unreadable[name] = place.stock[name]


async def _done(work: Callable[[Place], Awaitable[T]], place: Place) -> T:
    try:
        return await work(place)
    except MISREAD:
        await place.check()  # which raises another error if this one is the file's doing, and not our own
        raise


def _in_transaction(work: Callable[[Place, sqlite3.Connection], T], place: Place, connection: sqlite3.Connection) -> T:
    with transaction(connection):
        return work(place, connection)
