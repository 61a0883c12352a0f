"""No key, no token and no signing secret in anything logged at DEBUG or sent to Slack, while everything goes wrong."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
import structlog

from bot.access import Permission
from bot.app import ROUTES
from bot.errors import StartFailed
from bot.invoicexpress.client import Limits
from bot.sandbox.account import Account
from bot.slack.routing import Route, on_command
from bot.slack.turn import Turn
from tests.flows.items.shop import ITEMS, LARGE, TAXES, edit_form, item, open_shop, walked
from tests.flows.platform.clocks import HastyClock
from tests.flows.world import Mode, Place, World, standing_place
from tests.logs import caught_log

CORE = "S3kretC0re"
KEY = f"a/{CORE}+b=c&d%20e\"f'g<h>\\i;j,k#l?m"
"""A key in which every character that some coding changes stands beside something that none does."""

BRIEF = Limits(attempts=2, first_pause=0.001, longest_pause=0.002, failures=1000, read=0.05)


async def breaks(turn: Turn[Any]) -> None:
    """Fail with everything at hand in the traceback's frames."""
    raise ValueError(f"so it goes with {turn!r}")


BREAKING = Route(on_command("/broken"), Permission.LOOK_UP, breaks)


def stock(account: Account) -> None:
    account.stock(items=ITEMS, taxes=TAXES)


def codings(secret: str) -> set[str]:
    """Return a secret as it stands in text, in an address and in a quoted string."""
    plain = {secret, quote(secret), quote(secret, safe=""), quote_plus(secret)}
    return plain | {json.dumps(secret)[1:-1], repr(secret)[1:-1]}


def secrets_of(place: Place) -> set[str]:
    """Return what must not be seen, of tokens the part that tells them apart."""
    workspace = place.workspace
    tokens = {workspace.bot_token, workspace.app_token, workspace.signing_secret}
    whole = set().union(*(codings(secret) for secret in (*tokens, place.account.api_key)))
    return whole | {token.rpartition("-")[2] for token in tokens} | {CORE}


def assert_hidden(place: Place, text: str) -> None:
    assert [secret for secret in secrets_of(place) if secret.lower() in text.lower()] == []


@contextmanager
def plain_log() -> Iterator[Callable[[], str]]:
    """Log as a process that never called `configure_logging`: everything, unscrubbed."""
    root, stream = logging.getLogger(), io.StringIO()
    handlers, level, configured = root.handlers[:], root.level, structlog.get_config()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(name)s %(message)s"))
    root.handlers[:] = [handler]
    root.setLevel(logging.DEBUG)
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.NOTSET)
    renderer = structlog.processors.KeyValueRenderer()
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, structlog.processors.format_exc_info, renderer],
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    try:
        yield stream.getvalue
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        structlog.configure(**configured)


async def try_everything(world: World) -> None:
    """Look up, share, type, create, edit and delete, whatever comes of it."""
    ben, workspace = world.ben, world.workspace
    for line in ("/items 402321", "/items café", "/clients find", "/items edit 402321", "/items new Secret", "/broken"):
        await ben.command(line)
    await quiet(world)
    form = workspace.state.views.top(ben.id)
    if form is not None and form.callback_id == "items.new-form":
        await ben.fill({"Unit price": "9,99"}, form)
        await ben.submit()
        await quiet(world)
    for button in ("Share to channel", "Delete"):
        await ben.click(ben.messages("Item no. 402321.")[0], button)
    await quiet(world)
    while workspace.state.views.top(ben.id) is not None:
        await ben.close()


async def quiet(world: World) -> None:
    """Return when nothing has gone to and fro for a moment."""
    calls = -1
    while calls != (calls := len(world.workspace.calls) + len(world.account.requests)):  # noqa: ASYNC110 - silence is no event
        await asyncio.sleep(0.01)


async def answered(world: World, *answers: tuple[int, str]) -> None:
    """Try everything while the account answers everything so."""
    for status, body in answers:
        world.account.faults.answer(status, body)
        await try_everything(world)
        world.account.faults.clear()


async def refusals(world: World) -> None:
    refused = '{"errors": [{"error": "Nome não está disponível"}]}'
    await answered(world, (401, ""), (404, ""), (422, refused), (429, ""))


async def wrong_answers(world: World) -> None:
    await answered(world, (500, "<html>"), (530, ""), (302, ""), (200, "{"))


async def an_echo(world: World) -> None:
    """Let the service repeat the key, as a redirect would."""
    echo = quote(KEY, safe="")
    world.account.faults.answer(302, f'{{"at": "/items.json?api_key={echo}"}}', {"Location": f"/login?api_key={echo}"})
    await try_everything(world)
    world.account.faults.clear()


async def lost_answers(world: World) -> None:
    faults = world.account.faults
    faults.cut("before")
    await try_everything(world)
    faults.clear()
    faults.cut("half-way")
    await try_everything(world)
    faults.clear()
    async with faults.holding():
        await try_everything(world)
        await asyncio.sleep(0.06)


async def struck(world: World, *troubles: dict[str, Any]) -> None:
    """Try everything while every call to Slack ends so."""
    for trouble in troubles:
        world.workspace.faults.next("*", times=1000, **trouble)
        await try_everything(world)
        world.workspace.faults.clear()


async def slack_refuses(world: World) -> None:
    await struck(world, {"error": "invalid_auth"}, {"error": "missing_scope"}, {"error": "invalid_blocks"})


async def slack_in_trouble(world: World) -> None:
    await struck(
        world, {"error": "internal_error", "status": 500}, {"error": "ratelimited", "retry_after": 3600}, {"cut": True}
    )


async def wrong_requests(world: World) -> None:
    """Send what nobody of Slack's would, where requests come in over HTTP."""
    workspace = world.workspace
    if workspace.request_url is None:
        return
    for body in (b"", b"{", b"payload=%7B%7D", b"command=%2Fitems", b"\xff"):
        signed = workspace.sign(body, content_type="application/x-www-form-urlencoded")
        await workspace.send(body, signed)
        await workspace.send(body, signed | {"X-Slack-Signature": "v0=0"})
        await workspace.send(body, {})


TROUBLES = (refusals, wrong_answers, lost_answers, slack_refuses, slack_in_trouble, wrong_requests)


async def provoke(place: Place, mode: Mode, trouble: Callable[[World], Awaitable[None]]) -> None:
    """Let everything of a kind go wrong."""
    async with place.with_bot(mode, clock=HastyClock(), limits=BRIEF, routes=(*ROUTES, BREAKING)) as world:
        await walked(world)
        await world.ben.command("/items 402321")
        await world.ben.sees("Item no. 402321.")
        await try_everything(world)
        await trouble(world)


@pytest.mark.parametrize("trouble", [*TROUBLES, an_echo])
@pytest.mark.parametrize("mode", ["http", "socket"])
async def test_with_our_log(tmp_path: Path, mode: Mode, trouble: Callable[[World], Awaitable[None]]) -> None:
    async with standing_place(tmp_path, samples=False, stock=stock, api_key=KEY) as place:
        workspace = place.workspace
        known = (workspace.bot_token, workspace.app_token, workspace.signing_secret, KEY)
        with caught_log("DEBUG", known) as log:
            await provoke(place, mode, trouble)
        assert "debug" not in {event["level"] for event in log.events() if not event["logger"].startswith("bot")}
        assert log.events("request broke"), "what was to be provoked was"
        assert_hidden(place, log.text)
        assert_hidden(place, workspace.everything_received())


@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize("mode", ["http", "socket"])
async def test_with_a_log_that_hides_nothing(
    tmp_path: Path, mode: Mode, trouble: Callable[[World], Awaitable[None]]
) -> None:
    async with standing_place(tmp_path, samples=False, stock=stock, api_key=KEY) as place:
        with plain_log() as text:
            await provoke(place, mode, trouble)
        assert "httpcore" in text()
        assert "slack_sdk" in text()
        assert "so it goes" in text()
        assert_hidden(place, text())


async def test_a_start_that_slack_refuses(tmp_path: Path) -> None:
    async with standing_place(tmp_path, samples=False, api_key=KEY) as place:
        place.workspace.faults.next("auth.test", error="invalid_auth")
        with plain_log() as text, pytest.raises(StartFailed) as refused:
            async with place.with_bot():
                pass
        assert_hidden(place, f"{refused.value!r} {text()}")


async def test_a_wrong_key_is_as_secret_as_the_right_one(tmp_path: Path) -> None:
    wrong = f"wrong-{CORE}"
    async with standing_place(tmp_path, samples=False, stock=stock, invoicexpress_api_key=wrong) as place:
        with plain_log() as text:
            async with place.with_bot(limits=BRIEF) as world:
                await world.ben.command("/items café")
                await world.ben.sees("InvoiceXpress refuses our key")
        assert_hidden(place, text())
        assert_hidden(place, place.workspace.everything_received())


async def test_the_search_would_find_them(tmp_path: Path) -> None:
    async with standing_place(tmp_path, samples=False, api_key=KEY) as place:
        workspace = place.workspace
        for secret in (KEY, quote(KEY, safe=""), workspace.bot_token, workspace.app_token, workspace.signing_secret):
            with pytest.raises(AssertionError):
                assert_hidden(place, f"GET /items.json?api_key={secret}")


@pytest.mark.parametrize("coding", [str, str.upper])
async def test_a_refusal_that_repeats_the_address_shows_no_key(tmp_path: Path, coding: Callable[[str], str]) -> None:
    async with open_shop(tmp_path, api_key="k3y-0f-the-account") as shop:
        said = f"Blocked /items/{LARGE}.json?x=1&k={coding(shop.account.api_key)} by rule 7"
        shop.account.faults.answer(403, json.dumps({"errors": [{"error": said}]}), method="PUT")
        await edit_form(shop, shop.ben, LARGE)
        await shop.ben.fill({"Unit price": "2"})
        await shop.ben.submit()
        form = await shop.ben.modal("InvoiceXpress refused this", "by rule 7")
        assert "***" in form.plain
        assert coding(shop.account.api_key) not in form.plain


async def test_what_the_account_holds_is_hidden_where_it_is_a_secret(tmp_path: Path) -> None:
    """At the one door to Slack: in lists, cards, options and the acknowledgements, whatever brought it there."""
    async with open_shop(
        tmp_path, [item(1, "Segredo k3y-0f-the-account"), item(2, "Outro")], api_key="k3y-0f-the-account"
    ) as shop:
        await shop.ben.command("/items")
        assert "k3y-0f" not in (await shop.ben.sees("Segredo ***")).plain
        await shop.ben.command("/items segredo")
        assert "k3y-0f" not in (await shop.ben.sees("Segredo ***", "Share to channel")).plain
        await shop.ben.command("/items find")
        view = await shop.ben.modal(callback_id="items.pick")
        assert "k3y-0f" not in str(await shop.ben.type_ahead("items.pick", "segredo", view))
