"""`python -m bot check`: one line for each thing that a start needs, and what to do about those that are not right.

Every check runs, whatever the others found, as long as it has the settings that it needs. No line shows a secret.
"""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING, Final

from bot.errors import BotError, StartFailed
from bot.finding import Finding, Verdict
from bot.invoicexpress.client import InvoiceXpress, Limits
from bot.invoicexpress.errors import AccountUnknown, CredentialsRejected, RateLimited, Unavailable
from bot.lock import prepare
from bot.named import named
from bot.proxy import proxy_for
from bot.slack.calling import web_client
from bot.slack.failures import CALL_FAILURES, error_code, in_words
from bot.slack.scopes import SCOPES
from bot.surroundings import STRAY, misspelt, too_open

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping

    from slack_sdk.web.async_slack_response import AsyncSlackResponse

    from bot.config import Mode, PartialSettings, Reading

_QUICK: Final = Limits(attempts=1, patience=10.0, connect=5.0, read=10.0, answer=10.0)
_ADDRESS: Final = "INVOICEXPRESS_ACCOUNT, or INVOICEXPRESS_URL if it is set"
_SCOPES: Final = "Slack scopes"


async def check(
    reading: Reading, environ: Mapping[str, str], *, mode: Mode | None = None, tell: Callable[[str], None] = print
) -> int:
    """Check everything and tell it, line by line.

    Args:
        reading: the settings, as far as they are sound.
        environ: the process's environment, for what reaches around the settings.
        mode: the mode that is asked for; None takes the settings' own.
        tell: told each line.

    Returns:
        1 when anything failed, else 0: the status that the command ends with.
    """
    failed = False
    async for finding in findings(reading, environ, mode or reading.settings.mode):
        failed = failed or finding.verdict is Verdict.FAILED
        tell(str(finding))
    return int(failed)


async def findings(reading: Reading, environ: Mapping[str, str], mode: Mode) -> AsyncIterator[Finding]:
    """Yield what each check found, in the order in which it is best put right."""
    settings = reading.settings
    for finding in (*_env_file(reading), *_settings(reading, environ)):
        yield finding
    yield _data_directory(settings)
    for finding in _surroundings(settings, environ):
        yield finding
    yield _signing_secret(reading, mode)
    for finding in await _bot_token(settings):
        yield finding
    yield await _app_token(reading, mode)
    yield await _account(settings)


def _env_file(reading: Reading) -> Iterator[Finding]:
    file = reading.env_file
    if file is None:
        return
    path = file.path.absolute()
    said = f"{path} is read." if file.is_there else f"there is no {path}: settings come from the environment alone."
    yield Finding(Verdict.OK, "settings file", said)


def _settings(reading: Reading, environ: Mapping[str, str]) -> Iterator[Finding]:
    for problem in reading.problems:
        yield Finding(Verdict.FAILED, "settings", problem.sentence)
    for sentence in (*misspelt(reading, environ), *too_open(reading)):
        yield Finding(Verdict.WARNING, "settings", sentence)
    if not reading.problems:
        yield Finding(Verdict.OK, "settings", "everything that is needed is there.")


def _data_directory(settings: PartialSettings) -> Finding:
    about = "data directory"
    try:
        prepare(settings.data_dir)
        with tempfile.TemporaryFile(dir=settings.data_dir):
            pass
    except StartFailed as error:
        return Finding(Verdict.FAILED, about, str(error))
    except OSError as error:
        said = f"DATA_DIR: {settings.data_dir} cannot be written to: {error.strerror}."
        return Finding(Verdict.FAILED, about, said)
    return Finding(Verdict.OK, about, f"{settings.data_dir.absolute()} can be written to.")


def _surroundings(settings: PartialSettings, environ: Mapping[str, str]) -> Iterator[Finding]:
    stray = [name for name in STRAY if environ.get(name)]
    if stray:
        said = (
            f"{' and '.join(stray)} must be unset: with both of them, the library that speaks to Slack takes this for "
            "an app that many workspaces install, and drops SLACK_BOT_TOKEN."
        )
        yield Finding(Verdict.WARNING, "environment", said)
    services = {"Slack": settings.slack_api_url, "InvoiceXpress": settings.base_url}
    through = [name for name, address in services.items() if address and proxy_for(address)]
    if through:
        said = f"HTTPS_PROXY: what is sent to {' and to '.join(through)} goes through this proxy."
        yield Finding(Verdict.WARNING, "environment", said)


def _signing_secret(reading: Reading, mode: Mode) -> Finding:
    about = "signing secret"
    if reading.settings.slack_signing_secret is not None:
        return Finding(
            Verdict.OK, about, "it has the right shape; whether it is this app's shows when Slack sends something."
        )
    return _without("SLACK_SIGNING_SECRET", about, reading, needed=mode == "http")


def _without(variable: str, about: str, reading: Reading, *, needed: bool) -> Finding:
    if needed or any(problem.variable == variable for problem in reading.problems):
        return Finding(Verdict.NOT_CHECKED, about, f"{variable} comes first.")
    return Finding(Verdict.OK, about, "there is none, and this mode needs none.")


async def _bot_token(settings: PartialSettings) -> list[Finding]:
    about = "Slack token"
    scopes = Finding(Verdict.NOT_CHECKED, _SCOPES, "SLACK_BOT_TOKEN comes first.")
    if settings.slack_bot_token is None:
        return [Finding(Verdict.NOT_CHECKED, about, "SLACK_BOT_TOKEN comes first."), scopes]
    client = web_client(settings.slack_api_url, settings.slack_bot_token.get_secret_value(), [])
    try:
        answer = await client.auth_test()
    except CALL_FAILURES as error:
        return [Finding(Verdict.FAILED, about, _refusal(error, "SLACK_BOT_TOKEN")), scopes]
    who = f"it is @{answer.get('user')} in the workspace {answer.get('team')}."
    return [Finding(Verdict.OK, about, who), _scopes(answer), *[finding async for finding in named(client, settings)]]


def _scopes(answer: AsyncSlackResponse) -> Finding:
    given = next((value for name, value in answer.headers.items() if name.lower() == "x-oauth-scopes"), None)
    if given is None:
        return Finding(Verdict.WARNING, _SCOPES, "Slack did not say which scopes the token has.")
    has = {scope.strip() for scope in given.split(",")} - {""}
    if SCOPES - has:
        missing = ", ".join(sorted(SCOPES - has))
        said = f"{missing} missing: add to the app what manifest.yml asks for, and install it to the workspace again."
        return Finding(Verdict.FAILED, _SCOPES, said)
    if has - SCOPES:
        said = f"{', '.join(sorted(has - SCOPES))} given, but not used: the app can do without."
        return Finding(Verdict.WARNING, _SCOPES, said)
    return Finding(Verdict.OK, _SCOPES, f"{', '.join(sorted(has))}.")


async def _app_token(reading: Reading, mode: Mode) -> Finding:
    about, settings = "Slack app token", reading.settings
    if settings.slack_app_token is None:
        return _without("SLACK_APP_TOKEN", about, reading, needed=mode == "socket")
    token = settings.slack_app_token.get_secret_value()
    try:
        await web_client(settings.slack_api_url, token, []).apps_connections_open(app_token=token)
    except CALL_FAILURES as error:
        return Finding(Verdict.FAILED, about, _refusal(error, "SLACK_APP_TOKEN"))
    return Finding(Verdict.OK, about, "Socket Mode can be opened.")


def _refusal(error: Exception, variable: str) -> str:
    if error_code(error) is None:
        return f"{in_words(error)}: check the network, and SLACK_API_URL if it is set."
    return f"{in_words(error)}: {variable} is wrong, revoked, or of another app; copy it again."


async def _account(settings: PartialSettings) -> Finding:
    about = "InvoiceXpress"
    if settings.base_url is None or settings.invoicexpress_api_key is None:
        return Finding(Verdict.NOT_CHECKED, about, "INVOICEXPRESS_ACCOUNT and INVOICEXPRESS_API_KEY come first.")
    account = InvoiceXpress(settings.base_url, settings.invoicexpress_api_key, limits=_QUICK)
    try:
        taxes = await account.list_taxes()
    except BotError as error:
        return Finding(Verdict.FAILED, about, _account_refusal(error, settings.base_url))
    finally:
        await account.aclose()
    return Finding(Verdict.OK, about, f"{settings.base_url} accepts the key, and has {len(taxes)} taxes.")


def _account_refusal(error: BotError, address: str) -> str:
    match error:
        case CredentialsRejected():
            return (
                f"{address} answered 401, for one of two things that it does not tell apart: there is no account of "
                "this name (see INVOICEXPRESS_ACCOUNT), or the key is not the account's (see INVOICEXPRESS_API_KEY)."
            )
        case AccountUnknown():
            return f"{address} answered 530: there is no account of this name; see INVOICEXPRESS_ACCOUNT."
        case RateLimited():
            return f"{address} answered 429, too many requests; try again in a minute."
        case Unavailable():
            return f"{address} cannot be reached, or fails; check the network, and {_ADDRESS}."
        case _:
            return f"what answered at {address} does not speak as InvoiceXpress does; check {_ADDRESS}."
