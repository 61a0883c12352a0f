"""What the history tells of single writes, and what it says where one can't be read."""

from __future__ import annotations

import structlog

from bot.history import records
from bot.history.disk import Disk, NotReadable, RecordUnreadable
from bot.history.model import Entry
from bot.history.reading import Kept, Unreadable
from bot.invoicexpress.models import Item


class Lookups:
    """Reads the records.

    Args:
        disk: the file that they are in.
    """

    def __init__(self, disk: Disk) -> None:
        self.disk = disk
        self._known: set[object] = set()
        self._log = structlog.get_logger(__name__)

    async def find(self, reference: str) -> Entry | None:
        """Return a write by its reference.

        Raises:
            RecordUnreadable: it is there and can't be read.
        """
        return self._readable(await self.kept(reference))

    async def kept(self, reference: str) -> Kept | None:
        """Return a write by its reference, or what stands in its place."""
        return self.noticed(await self.disk.read(lambda connection: records.find(connection, reference)))

    async def last_of_item(self, item_id: int) -> Entry | None:
        """Return the last write to an item that succeeded; None where there is none, or where it can't be read."""
        try:
            return self._readable(await self.disk.read(lambda connection: records.last_of_item(connection, item_id)))
        except NotReadable:
            return None

    async def creation_of(self, item_id: int) -> Kept | None:
        """Return the write that is known to have created an item."""
        return self.noticed(await self.disk.read(lambda connection: records.creation_of(connection, item_id)))

    async def first_seen(self, entry: Entry) -> Item | None:
        """Return an item of the name that a write gave it, as it was when we first wrote to it after that."""
        later = await self.disk.read(lambda connection: records.first_seen(connection, entry.name, entry.reference))
        return later.before if later else None

    async def last_create(self, name: str, person: str) -> Entry | None:
        """Return the last write by which somebody meant to create an item of a name.

        Raises:
            RecordUnreadable: it is there and can't be read.
        """
        return self._readable(await self.disk.read(lambda connection: records.last_create(connection, name, person)))

    async def newest(
        self, text: str = "", *, person: str = "", limit: int, offset: int = 0
    ) -> tuple[tuple[Kept, ...], int]:
        """Return writes, the newest first, and how many there are in all; see `records.newest`."""
        entries, total = await self.disk.read(
            lambda connection: records.newest(connection, text, person, limit, offset)
        )
        for entry in entries:
            self.noticed(entry)
        return entries, total

    def notice(self, mark: object, **what: object) -> None:
        """Log once of a row that it can't be read; what it holds could be anything, and is left out."""
        if mark not in self._known:
            self._known.add(mark)
            self._log.error("a record can't be read", **what)

    def noticed(self, found: Kept | None) -> Kept | None:
        """Return what was found, and see to it that the log says where it can't be read."""
        if isinstance(found, Unreadable):
            self.notice(found.number, number=found.number, column=found.column)
        return found

    def _readable(self, found: Kept | None) -> Entry | None:
        if isinstance(self.noticed(found), Unreadable):
            raise RecordUnreadable
        return found if isinstance(found, Entry) else None
