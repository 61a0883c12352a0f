"""The commands that look after the data directory: sync, purge, history, backup, restore."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal, TextIO

from bot.catalog import Catalog, Changes, Outcome, Progress, remove_copy
from bot.clock import SystemClock
from bot.config import CATALOG, RECORDS, Reading
from bot.errors import Problem, SettingsError, StartFailed
from bot.history.backup import back_up
from bot.history.export import Sheet, Span, write_csv, write_json_lines
from bot.history.inspection import create, inspect, refuse_lost
from bot.history.records import everything, people, prepare
from bot.history.restore import NotRestorable
from bot.history.restore import begin_anew as new_records
from bot.history.restore import restore as restored
from bot.i18n import Words
from bot.invoicexpress.client import InvoiceXpress
from bot.invoicexpress.errors import AccountError
from bot.lock import locked
from bot.store import to_read

_NEEDED: Final = {"INVOICEXPRESS_ACCOUNT", "INVOICEXPRESS_API_KEY", "INVOICEXPRESS_URL"}
_ABOUT_SLACK: Final = "SLACK_"
_NAMES_SECONDS: Final = 20.0


def require(reading: Reading, *, account: bool) -> None:
    """Go on only with what these commands need: nothing of Slack, the account only where it is asked.

    Raises:
        SettingsError: with the problems that concern them.
    """
    problems = tuple(problem for problem in reading.problems if _concerns(problem, account=account))
    if problems:
        raise SettingsError(problems)


def _concerns(problem: Problem, *, account: bool) -> bool:
    if problem.variable.startswith(_ABOUT_SLACK):
        return False
    return account or problem.variable not in _NEEDED


def purge(data_dir: Path) -> str:
    """Remove the local copy of the account, and return a sentence.

    Raises:
        StartFailed: a bot is using it, or the file is not ours to remove.
    """
    if not data_dir.exists():
        return f"There is no local copy in {data_dir}."
    with locked(data_dir):
        try:
            removed = remove_copy(data_dir / CATALOG)
        except OSError as error:
            raise StartFailed(f"{data_dir / CATALOG} cannot be removed: {error.strerror}.") from None
    return f"The local copy in {data_dir} is removed." if removed else f"There is no local copy in {data_dir}."


def backup(data_dir: Path) -> str:
    """Copy the history, also while a bot is writing to it, and return a sentence.

    Raises:
        StartFailed: there is none, or it can't be copied.
    """
    try:
        return f"The history is copied to {back_up(data_dir / RECORDS)}."
    except FileNotFoundError:
        raise StartFailed(f"There is no history in {data_dir} yet.") from None
    except (OSError, sqlite3.Error) as error:
        raise StartFailed(f"The history in {data_dir} cannot be copied: {_reason(error)}.") from None


def restore(data_dir: Path, source: Path) -> str:
    """Put a copy in the place of the history, and return what was done; what was there before is kept.

    Raises:
        StartFailed: a bot is using the directory, or the copy can't take that place, and nothing was changed.
    """
    path = data_dir / RECORDS
    with locked(data_dir):
        try:
            done = restored(source, path, datetime.now(UTC))
        except NotRestorable as error:
            raise StartFailed(f"Nothing was changed: {source} can't be restored, because {error}.") from None
        except (OSError, sqlite3.Error) as error:
            raise StartFailed(f"{source} can't be restored: {_reason(error)}. {_left(path)}") from None
    told = [f"The history is the one of {source}. Changes in it: {done.writes}."]
    if done.unreadable:
        told.append(f"Of these, can't be read: {done.unreadable}.")
    if done.by_hand:
        told.append("It was not copied by `python -m bot backup`: what was written just before may be missing.")
    return " ".join([*told, *_kept(done.kept)])


def begin_anew(data_dir: Path) -> str:
    """Begin a new history, and return what was done; what was there before is kept.

    Raises:
        StartFailed: a bot is using the directory, or it can't be written to.
    """
    path = data_dir / RECORDS
    with locked(data_dir):
        try:
            kept = new_records(path, datetime.now(UTC))
        except (OSError, sqlite3.Error) as error:
            raise StartFailed(f"No new history can be begun: {_reason(error)}. {_left(path)}") from None
    return " ".join(["A new history is begun.", *_kept(kept)])


def _kept(kept: Path | None) -> list[str]:
    return [f"The one before is kept as {kept}."] if kept else []


def _left(path: Path) -> str:
    if os.path.lexists(path):
        return "The history is as it was."
    return f"The history from before lies in {path.parent / 'backups'}: run this again when that is mended."


def export_history(
    data_dir: Path, form: Literal["jsonl", "csv"], file: TextIO, span: Span | None = None, sheet: Sheet | None = None
) -> None:
    """Write the history, the oldest first, also while a bot is writing to it.

    Args:
        data_dir: where it is.
        form: as what it is written.
        file: where to.
        span: which part of it; all by default.
        sheet: how a table is written.

    Raises:
        StartFailed: there is none, or it can't be read.
    """
    with _records(data_dir) as connection:
        entries = (span or Span()).of(everything(connection))
        if form == "csv":
            write_csv(entries, file, sheet)
        else:
            write_json_lines(entries, file)


def print_history(reading: Reading, form: Literal["jsonl", "csv"], span: Span) -> None:
    """Write the history to standard output, in UTF-8 wherever that leads, until its reader has enough.

    Raises:
        StartFailed: there is none, or it can't be read.
    """
    data_dir = reading.settings.data_dir
    sheet = Sheet(names=_names(reading, data_dir)) if form == "csv" else None
    try:
        with open(sys.stdout.fileno(), "w", encoding="utf-8", newline="", closefd=False) as file:
            export_history(data_dir, form, file, span, sheet)
    except BrokenPipeError:
        print_no_more()


@contextmanager
def _records(data_dir: Path) -> Iterator[sqlite3.Connection]:
    """Yield the history to be read. Raises StartFailed where that can't be done."""
    path = data_dir / RECORDS
    if not path.exists():
        raise StartFailed(f"There is no history in {data_dir} yet.")
    try:
        inspect(path)
        with closing(sqlite3.connect(to_read(path), uri=True)) as connection:
            prepare(connection)
            yield connection
    except BrokenPipeError:
        raise
    except (OSError, sqlite3.Error) as error:
        raise StartFailed(f"The history in {data_dir} cannot be read: {_reason(error)}.") from None


def _names(reading: Reading, data_dir: Path) -> dict[str, str]:
    """Ask Slack what the people in the history are called, where it can be asked; what it does not tell is left out."""
    token = reading.settings.slack_bot_token
    if token is None:
        return {}
    from bot.slack.calling import web_client  # noqa: PLC0415 - Slack's library is loaded for names only
    from bot.slack.names import names_of  # noqa: PLC0415 - as above
    from bot.slack.retries import retry_handlers  # noqa: PLC0415 - as above

    with _records(data_dir) as connection:
        ids = people(connection)
    client = web_client(reading.settings.slack_api_url, token.get_secret_value(), retry_handlers(SystemClock()))
    names, reason = asyncio.run(names_of(client, ids, seconds=_NAMES_SECONDS))
    if reason:
        print(f"Slack did not tell what everybody is called ({reason}): ids stand for the others.", file=sys.stderr)  # noqa: T201 - beside the table
    return names


def print_no_more() -> None:
    """Print into nothing, because whoever read has gone: what Python still holds would fail once more at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _reason(error: OSError | sqlite3.Error) -> str:
    return ((error.strerror if isinstance(error, OSError) else "") or str(error)).removesuffix(".")


async def sync(reading: Reading) -> str:
    """Read the whole account into the local copy, with a progress bar, and return what became of each kind.

    Raises:
        StartFailed: a bot is using the data directory, or a kind could not be read; the others were.
    """
    settings = reading.settings
    if settings.base_url is None or settings.invoicexpress_api_key is None:
        raise SettingsError(reading.problems)
    account = InvoiceXpress(
        settings.base_url,
        settings.invoicexpress_api_key,
        requests_per_minute=settings.invoicexpress_requests_per_minute,
    )
    catalog = Catalog(
        account,
        path=settings.catalog_path,
        clients_on_disk=settings.catalog_clients == "disk",
        refresh_minutes=settings.catalog_refresh_minutes,
        clock=SystemClock(),
    )
    with locked(settings.data_dir):
        _begin(settings.data_dir)
        await catalog.open()
        try:
            changes = await _walked(catalog)
            if not catalog.status.on_disk:
                raise StartFailed(f"The account was read, but {settings.catalog_path} cannot be written to.")
            if changes.failures:
                raise StartFailed(f"The local copy is not up to date ({_told(changes)}).")
            return f"The local copy is up to date ({_told(changes)})."
        finally:
            await catalog.aclose()
            await account.aclose()


def _begin(data_dir: Path) -> None:
    """Create the history where there is nothing yet: beside a copy of the account, a missing one counts as lost."""
    path = data_dir / RECORDS
    if os.path.lexists(path):
        return
    with suppress(OSError, sqlite3.Error):  # a history that was lost, or a full disk, is said by what needs it
        refuse_lost(path, data_dir / CATALOG)
        create(path)


async def _walked(catalog: Catalog) -> Changes:
    from rich.console import Console  # noqa: PLC0415 - the terminal's library is loaded for the terminal only
    from rich.progress import Progress as Bars  # noqa: PLC0415 - as above

    with Bars(console=Console(file=sys.stderr)) as bars:
        shown = {kind: bars.add_task(kind, total=None) for kind in catalog.status.kinds}

        async def progress(state: Progress) -> None:
            what = f"{state.kind}, checking what is gone" if state.checking else state.kind
            bars.update(shown[state.kind], description=what, completed=state.done, total=state.expected)

        changes = await catalog.refresh(progress)
        # What the lists said of their length may have been wrong: what is held now is all there is.
        for kind, status in catalog.status.kinds.items():
            if not status.failure:
                bars.update(shown[kind], description=kind, completed=status.records or 1, total=status.records or 1)
        return changes


def _told(changes: Changes) -> str:
    parts = [f"items: {_outcome(changes.items)}", f"clients: {_outcome(changes.clients)}"]
    if changes.taxes is not None:
        parts.append(f"taxes: {_outcome(changes.taxes)}")
    return "; ".join(parts)


def _outcome(outcome: Outcome) -> str:
    if isinstance(outcome, AccountError):
        return f"not read: {Words('en').text(outcome.key, **outcome.values).rstrip('.')}"
    told = f"{outcome.new} new, {outcome.changed} changed, {outcome.gone} gone"
    return f"{told}, {outcome.unreadable} unreadable" if outcome.unreadable else told
