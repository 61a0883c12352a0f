"""Where a walk takes place: an account, a workspace, and a bot's process that can be killed and started again."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from decimal import Decimal
from pathlib import Path
from typing import Final, TypeVar

from bot.history import Entry, Kept, Promise, records
from bot.i18n import Words, language_of, zone_of
from bot.sandbox.account import Account, ItemRecord, TaxRecord, serve_account
from bot.sandbox.slack import Actor, Workspace, serve_workspace
from tests.faults.process import BotProcess

T = TypeVar("T")

_PATIENCE: Final = 10.0
_RATES: Final = {"IVA23": 23, "IVA13": 13, "IVA6": 6}
TAXES: Final = tuple(_RATES)
UNITS: Final = ("hour", "day", "month", "unit", "service", "other")
BEGINNING_ITEMS: Final = 8


def name_of(number: int) -> str:
    """Return the name of the item that an operation creates; those of the beginning have negative numbers."""
    return f"Artigo de partida {-number}" if number < 0 else f"Artigo {number:05}"


class Scene:
    """Everything that a walk looks at.

    Args:
        account: the account.
        workspace: Slack.
        directory: the bot's.
    """

    def __init__(self, account: Account, workspace: Workspace, directory: Path) -> None:
        self.account = account
        self.workspace = workspace
        self._directory = directory
        self._data = directory / "data"
        self.bot = BotProcess(self._settings(), directory, 0)

    def _settings(self) -> dict[str, str]:
        return {
            "SLACK_BOT_TOKEN": self.workspace.bot_token,
            "SLACK_SIGNING_SECRET": self.workspace.signing_secret,
            "SLACK_API_URL": self.workspace.url,
            "INVOICEXPRESS_URL": self.account.url,
            "INVOICEXPRESS_API_KEY": self.account.api_key,
            "INVOICEXPRESS_REQUESTS_PER_MINUTE": "60000",
            "CATALOG_REFRESH_MINUTES": "1440",
            "EDITORS": "members",
            "MANAGERS": "members",
            "DATA_DIR": str(self._data),
            "PORT": "0",
            "LOG_FORMAT": "json",
        }

    async def start_bot(self) -> None:
        """Start the bot, half a minute later than it was."""
        self.bot = BotProcess(self._settings(), self._directory, self.bot.seconds + 30)
        self.workspace.request_url = await self.bot.start()

    async def wait_until(self, what: str, happened: Callable[[], object]) -> None:
        """Wait for something in the account or in Slack that announces itself to nobody."""
        try:
            async with asyncio.timeout(_PATIENCE):
                while not happened():  # noqa: ASYNC110 - it announces itself to nobody
                    await asyncio.sleep(0.005)
        except TimeoutError:
            raise AssertionError(f"waited in vain until {what}") from None

    def person(self, name: str) -> Actor:
        """Return somebody to act as."""
        return self.workspace.person(name)

    def words(self, name: str) -> Words:
        """Return the words that the bot has for somebody."""
        person = self.person(name).person
        return Words(language_of(person.locale, "en"), zone_of(person.tz))

    def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Read the history as another process does."""
        uri = f"{(self._data / 'records.db').as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, timeout=_PATIENCE)) as connection:
            return work(connection)

    def promises(self) -> dict[str, Promise]:
        """Return what is still to be told, by its reference."""
        return {promise.reference: promise for promise in self.read(records.promises)}

    def entry(self, reference: str) -> Entry | None:
        """Return a write from the history."""
        found = self.read(lambda connection: records.find(connection, reference))
        return as_entry(found) if found else None

    def history(self) -> list[Entry]:
        """Return every write, the oldest first."""
        return self.read(lambda connection: [as_entry(found) for found in records.everything(connection)])

    def clear_faults(self) -> None:
        """Let everything go well from now on."""
        self.account.faults.clear()
        self.workspace.faults.clear()


def _stock(account: Account) -> None:
    taxes = [
        TaxRecord(id=number, name=name, value=Decimal(rate), default=number == 1)
        for number, (name, rate) in enumerate(_RATES.items(), start=1)
    ]
    items = [
        ItemRecord(
            id=400_000 + number,
            name=name_of(-number),
            unit_price=Decimal(number) + Decimal("0.3902"),
            description=f"Do início\n{number}",
            unit=UNITS[number % len(UNITS)],
            tax=TAXES[number % len(TAXES)],
            tax_value=Decimal(_RATES[TAXES[number % len(TAXES)]]),
        )
        for number in range(1, BEGINNING_ITEMS + 1)
    ]
    account.stock(items=items, taxes=taxes)


@asynccontextmanager
async def set_scene(directory: Path) -> AsyncIterator[Scene]:
    """Start everything, and stop it at the end."""
    async with serve_account(samples=False) as account, serve_workspace() as workspace:
        _stock(account)
        scene = Scene(account, workspace, directory)
        await scene.start_bot()
        try:
            yield scene
        finally:
            scene.clear_faults()
            await scene.bot.kill()


def as_entry(found: Kept) -> Entry:
    """Return a write that can be read, as all can that were written here."""
    assert isinstance(found, Entry)
    return found
