"""The commands of the program. Each loads what it needs, so that `--help` is quick.

A command ends with 0 when all is well, with 1 when it failed, and with 2 when the settings or the command line are
wrong, where trying again is no use.
"""

from __future__ import annotations

import argparse
import os
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from bot import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.config import Reading, Settings

FAILED: Final = 1
MISUSED: Final = 2
INTERRUPTED: Final = 130
LAST_PORT: Final = 65535


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the status to end with."""
    parsed = _parser().parse_args(arguments)
    try:
        status: int = parsed.command(parsed)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # as in `check | head`: nobody can be told how it ended
        from bot.maintenance import print_no_more

        print_no_more()
        return FAILED
    except Exception:  # noqa: BLE001 - the interpreter's own report would not pass through the log, which hides secrets
        import structlog

        if not structlog.is_configured():  # left alone, it would show every variable on the way, and so the secrets
            from bot.log import configure_logging

            configure_logging("ERROR", "text")
        structlog.get_logger("bot").critical("ended by an error that nobody expected", exc_info=True)
        return FAILED
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bot",
        description="InvoiceXpress for Slack. Settings are read from the environment and from the file .env.",
        epilog="Ends with 0 when all is well, 1 when a command failed, 2 when settings or arguments are wrong.",
    )
    parser.add_argument("--version", action="version", version=f"InvoiceXpress for Slack {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    run = commands.add_parser("run", help="run the bot until it is stopped")
    run.set_defaults(command=_run)
    check = commands.add_parser("check", help="check the settings, the tokens, the scopes and the InvoiceXpress key")
    check.set_defaults(command=_check)
    for command in (run, check):
        command.add_argument(
            "--mode", choices=("socket", "http"), help="Socket Mode when SLACK_APP_TOKEN is set, else http"
        )

    commands.add_parser("sync", help="read the whole account into the local copy").set_defaults(command=_sync)
    commands.add_parser("purge", help="remove the local copy, and nothing else").set_defaults(command=_purge)
    history = commands.add_parser("history", help="print the history of changes as JSON lines")
    history.add_argument("--csv", action="store_true", help="as CSV instead, for a spreadsheet in Portuguese")
    history.add_argument("--since", type=_since, metavar="DAY", help="only from this day on, such as 2026-01-31")
    history.add_argument("--until", type=_until, metavar="DAY", help="only up to the end of this day")
    history.set_defaults(command=_history)
    commands.add_parser("backup", help="copy the history of changes").set_defaults(command=_backup)
    restore = commands.add_parser("restore", help="put a copy in the place of the history, which is kept")
    what = restore.add_mutually_exclusive_group(required=True)
    what.add_argument("file", type=Path, nargs="?", metavar="FILE", help="the copy")
    what.add_argument("--new", action="store_true", help="begin a new history instead")
    restore.set_defaults(command=_restore)

    sandbox = commands.add_parser(
        "sandbox", help="try the bot with an InvoiceXpress account that lives on this machine; no setting is read"
    )
    sandbox.add_argument("--port", type=_port, default=3000, help="the page's port, 3000 by default; 0 is any free one")
    sandbox.add_argument("--fresh", action="store_true", help="forget the data of earlier times")
    sandbox.add_argument(
        "--mode", choices=("http", "socket"), default="http", help="how Slack reaches the bot; http by default"
    )
    sandbox.add_argument("--no-browser", action="store_true", help="only print the page's address")
    sandbox.set_defaults(command=_sandbox)
    return parser


def _since(text: str) -> datetime:
    """Read the first moment of a day of this machine, or a moment, from the command line."""
    return _moment(text)


def _until(text: str) -> datetime:
    """Read the end of a day of this machine, or a moment, from the command line."""
    return _moment(text, timedelta(days=1) if len(text) == len("2026-01-31") else timedelta())


def _moment(text: str, later: timedelta = timedelta()) -> datetime:
    try:
        return (datetime.fromisoformat(text) + later).astimezone()
    except (ValueError, OverflowError, OSError):  # the last two for years that no clock shows
        raise argparse.ArgumentTypeError("it must be a day such as 2026-01-31, or 2026-01-31T18:00") from None


def _port(text: str) -> int:
    """Read a port from the command line."""
    if not text.isdecimal() or len(text) > 5 or int(text) > LAST_PORT:  # noqa: PLR2004 - digits of a port
        raise argparse.ArgumentTypeError(f"it must be a number from 0 to {LAST_PORT}")
    return int(text)


def _run(arguments: argparse.Namespace) -> int:
    import structlog

    from bot.config import read_settings
    from bot.errors import SettingsError, StartFailed
    from bot.log import configure_logging
    from bot.surroundings import warnings

    reading = read_settings(mode=arguments.mode)
    try:
        settings = reading.complete()
    except SettingsError as error:
        return _refused(error, MISUSED)
    configure_logging(settings.log_level, settings.log_format, settings.secrets)
    for warning in warnings(reading, os.environ):
        structlog.get_logger("bot").warning(warning)
    try:
        return _serve(settings, arguments)
    except StartFailed as error:
        return _refused(error, FAILED)


def _serve(settings: Settings, arguments: argparse.Namespace) -> int:
    import asyncio
    import signal

    from bot.app import create_app
    from bot.runtime import run

    async def serve() -> int:
        await run(create_app(settings), settings, arguments.mode or settings.mode)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # one more finds nothing left to stop
        return 0

    return asyncio.run(serve())


def _check(arguments: argparse.Namespace) -> int:
    import asyncio

    from bot.check import check
    from bot.config import read_settings
    from bot.log import configure_logging

    reading = read_settings(mode=arguments.mode)
    # The report says what matters; below this, the parts would repeat it in their own words.
    configure_logging("CRITICAL", "text", reading.settings.secrets)
    return asyncio.run(check(reading, os.environ, mode=arguments.mode))


def _sync(arguments: argparse.Namespace) -> int:
    import asyncio

    from bot import maintenance

    return _maintain(lambda reading: print(asyncio.run(maintenance.sync(reading))), account=True)


def _purge(arguments: argparse.Namespace) -> int:
    from bot import maintenance

    return _maintain(lambda reading: print(maintenance.purge(reading.settings.data_dir)))


def _history(arguments: argparse.Namespace) -> int:
    from bot import maintenance
    from bot.history.export import Span

    form: Literal["csv", "jsonl"] = "csv" if arguments.csv else "jsonl"
    span = Span(arguments.since, arguments.until)
    return _maintain(lambda reading: maintenance.print_history(reading, form, span))


def _backup(arguments: argparse.Namespace) -> int:
    from bot import maintenance

    return _maintain(lambda reading: print(maintenance.backup(reading.settings.data_dir)))


def _restore(arguments: argparse.Namespace) -> int:
    from bot import maintenance

    def work(reading: Reading) -> None:
        data_dir = reading.settings.data_dir
        print(maintenance.begin_anew(data_dir) if arguments.new else maintenance.restore(data_dir, arguments.file))

    return _maintain(work)


def _maintain(work: Callable[[Reading], None], *, account: bool = False) -> int:
    """Read the settings that looking after the data needs, and do it."""
    from bot.config import read_settings
    from bot.errors import SettingsError, StartFailed
    from bot.log import configure_logging
    from bot.maintenance import require

    reading = read_settings()
    configure_logging("ERROR", "text", reading.settings.secrets)
    try:
        require(reading, account=account)
        work(reading)
    except SettingsError as error:
        return _refused(error, MISUSED)
    except StartFailed as error:
        return _refused(error, FAILED)
    return 0


def _sandbox(arguments: argparse.Namespace) -> int:
    from bot.sandbox.start import Options
    from bot.sandbox.start import main as start

    return start(
        Options(port=arguments.port, fresh=arguments.fresh, mode=arguments.mode, browser=not arguments.no_browser)
    )


def _refused(error: Exception, status: int) -> int:
    print(error, file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
