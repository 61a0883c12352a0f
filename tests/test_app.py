"""The whole bot, built: its start, its stop, and what of its surroundings it leaves alone."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from slack_bolt.async_app import AsyncBoltRequest

from bot.app import create_app
from bot.clock import SystemClock
from bot.errors import StartFailed
from bot.sandbox.account import ItemRecord
from bot.sandbox.slack import Workspace
from tests.flows.world import Mode, living_world, standing_place
from tests.logs import caught_log
from tests.slack.canned import Canned, serve

OTHERS = {
    "SLACK_CLIENT_ID": "1234567890.1234567890",
    "SLACK_CLIENT_SECRET": "0123456789abcdef0123456789abcdef",
    "SLACK_BOT_TOKEN": "xoxb-of-another-app",
    "SLACK_SIGNING_SECRET": "ffffffffffffffffffffffffffffffff",
    "SLACK_VERIFICATION_TOKEN": "made-up",
    "HTTPS_PROXY": "http://127.0.0.1:9",
    "HTTP_PROXY": "http://127.0.0.1:9",
}
"""Variables that belong to somebody else, or that are not meant for this machine's own addresses."""
QUIET = {"slack_bolt", "slack_sdk"}


def authorised(workspace: Workspace) -> set[str]:
    """Return the outcomes of what the bot called: none is refused for its token."""
    return {str(call.error) for call in workspace.calls if call.direction == "from_bot"}


async def test_an_ordinary_start_warns_of_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with caught_log() as log:
        async with standing_place(tmp_path, samples=False) as place:
            monkeypatch.setenv("SLACK_BOT_TOKEN", place.workspace.bot_token)
            monkeypatch.setenv("SLACK_SIGNING_SECRET", place.workspace.signing_secret)
            async with place.with_bot() as world:
                await world.ben.command("/items help")
                await world.ben.sees("What you can type")
    assert [event for event in log.events() if event["level"] not in ("info", "debug")] == []
    assert [event for event in log.events() if event["logger"].partition(".")[0] in QUIET] == []


@pytest.mark.parametrize("mode", ["http", "socket"])
async def test_stray_variables_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: Mode) -> None:
    for name, value in OTHERS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    with caught_log() as log:
        async with living_world(tmp_path, mode=mode, samples=False) as world:
            await world.ben.command("/items help")
            await world.ben.sees("What you can type")
            await world.ben.command("/items new")
            await world.ben.modal("New item")
            await world.ben.open_home()
            await world.ben.home("InvoiceXpress in Slack")
            assert authorised(world.workspace) == {"None"}
    assert [event for event in log.events() if event["level"] not in ("info", "debug")] == []
    assert not (tmp_path / "home").exists(), "Bolt keeps no installation of its own"


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (Canned('{"ok": false, "error": "invalid_auth"}'), "Slack answered invalid_auth"),
        (Canned("<html>", content_type="text/html"), "what answered does not speak as Slack does"),
        (Canned("[]"), "what answered does not speak as Slack does"),
    ],
)
async def test_a_start_that_slack_refuses_says_what_to_do(tmp_path: Path, answer: Canned, sentence: str) -> None:
    async with standing_place(tmp_path, samples=False) as place, serve(answer) as server:
        settings = place.settings.model_copy(update={"slack_api_url": server.url})
        bot = create_app(settings)
        try:
            with pytest.raises(StartFailed, match=sentence) as failed:
                await bot.start()
            assert "check SLACK_BOT_TOKEN" in str(failed.value)
        finally:
            await bot.aclose()


async def test_it_can_be_closed_without_a_start(tmp_path: Path) -> None:
    async with standing_place(tmp_path, samples=False) as place:
        bot = create_app(place.settings, clock=SystemClock())
        assert not bot.state.started
        await bot.aclose()


async def test_a_request_before_the_start_is_over_is_not_answered(tmp_path: Path) -> None:
    async with standing_place(tmp_path, samples=False) as place, place.with_bot() as world:
        early = create_app(place.settings)
        body = b"command=%2Fitems&text=help&user_id=U0BEN00001&response_url=http%3A%2F%2Fx&trigger_id=1"
        signed = world.workspace.sign(body, content_type="application/x-www-form-urlencoded")
        with caught_log() as log:
            answer = await early.bolt.async_dispatch(AsyncBoltRequest(body=body.decode(), headers=dict(signed)))
        assert answer.status == 500
        assert "a request came before the start was over" in log.text
        await early.aclose()


async def test_both_services_have_answered_after_a_start(tmp_path: Path) -> None:
    async with living_world(tmp_path, samples=False) as world:
        await world.ben.command("/clients")
        await world.ben.sees("The account has no clients yet.")
        state = world.bot.state
        assert (state.started, state.records) == (True, "")
        assert all(service.last_answer and not service.down_since for service in state.services.values())
        assert world.bot.description == f"@invoicexpress in Oficina, for {world.account.url}"


async def test_what_is_written_beyond_the_time_to_finish_is_cut_off_and_found_out_at_the_next_start(
    tmp_path: Path,
) -> None:
    item = ItemRecord(id=1, name="Chá", unit_price=Decimal(2))
    async with standing_place(tmp_path, samples=False, stock=lambda account: account.stock(items=[item])) as place:
        ben = place.workspace.person("Ben")
        async with place.with_bot() as world, place.account.faults.holding("PUT") as hold:
            await ben.command("/items edit 1")
            await ben.modal(callback_id="items.form")
            await ben.fill({"Unit price": "3"})
            await ben.submit()
            await hold.arrived()
            with caught_log() as log:
                await world.bot.finish_writing(0.05)
            assert "work was cut off" in log.text
        async with place.with_bot():
            await ben.sees("Chá", channel="dm")


async def test_writes_are_told_to_the_audit_channel(tmp_path: Path) -> None:
    async with living_world(tmp_path, samples=False, audit_channel="C0GERAL001") as world:
        await world.ana.command("/items new", channel="dm")
        await world.ana.modal("Novo artigo")
        await world.ana.fill({"Nome": "Chá", "Preço unitário": "1,20"})
        await world.ana.submit()
        await world.ben.sees("Chá", channel="geral", ever=True)
