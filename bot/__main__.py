"""The commands of the program. Each loads what it needs, so that `--help` is quick.

A command ends with 0 when all is well, with 1 when it failed, and with 2 when the settings or the command line are
wrong, where trying again is no use.
"""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.config import Settings

FAILED: Final = 1
MISUSED: Final = 2
INTERRUPTED: Final = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the status to end with."""
    parsed = _parser().parse_args(arguments)
    try:
        status: int = parsed.command(parsed)
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception:  # noqa: BLE001 - the interpreter's own report would not pass through the log, which hides secrets
        import structlog

        structlog.get_logger("bot").critical("ended by an error that nobody expected", exc_info=True)
        return FAILED
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bot",
        description="InvoiceXpress for Slack. Settings are read from the environment and from the file .env.",
        epilog="Ends with 0 when all is well, 1 when a command failed, 2 when settings or arguments are wrong.",
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    run = commands.add_parser("run", help="run the bot until it is stopped")
    run.set_defaults(command=_run)
    check = commands.add_parser("check", help="check the settings, the tokens, the scopes and the InvoiceXpress key")
    check.set_defaults(command=_check)
    for command in (run, check):
        command.add_argument(
            "--mode", choices=("socket", "http"), help="Socket Mode when SLACK_APP_TOKEN is set, else http"
        )

    sandbox = commands.add_parser(
        "sandbox", help="try the bot with an InvoiceXpress account that lives on this machine; no setting is read"
    )
    sandbox.add_argument("--port", type=int, default=0, help="the port to listen on; a free one by default")
    sandbox.set_defaults(command=_sandbox)
    return parser


def _run(arguments: argparse.Namespace) -> int:
    from bot.config import SettingsError, load_settings
    from bot.errors import StartFailed
    from bot.lock import locked
    from bot.log import configure_logging

    try:
        settings = load_settings(mode=arguments.mode)
    except SettingsError as error:
        return _refused(error, MISUSED)
    configure_logging(settings.log_level, settings.log_format, settings.secrets)
    try:
        with locked(settings.data_dir):
            _serve(settings, arguments)
    except StartFailed as error:
        return _refused(error, FAILED)
    return 0


def _serve(settings: Settings, arguments: argparse.Namespace) -> None:
    import asyncio

    from bot.app import create_app
    from bot.runtime import run

    async def serve() -> None:
        await run(create_app(settings), settings, arguments.mode or settings.mode)

    asyncio.run(serve())


def _check(arguments: argparse.Namespace) -> int:
    import asyncio

    from bot.check import check
    from bot.config import read_settings
    from bot.log import configure_logging

    reading = read_settings(mode=arguments.mode)
    # The report says what matters; below this, the parts would repeat it in their own words.
    configure_logging("CRITICAL", "text", reading.settings.secrets)
    return asyncio.run(check(reading, os.environ, mode=arguments.mode))


def _sandbox(arguments: argparse.Namespace) -> int:
    from bot.sandbox.start import main as start

    return start(port=arguments.port)


def _refused(error: Exception, status: int) -> int:
    print(error, file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
