"""A bot that is told to stop while somebody's change is under way: the whole process, by the signal that hosts send."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from bot.config import Settings
from bot.sandbox.account import Account
from bot.web import EVENTS_PATH
from tests.flows.items.shop import ITEMS, LARGE, TAXES
from tests.flows.world import standing_place
from tests.test_main import Program, until

LISTENING = "listening on "


def stock(account: Account) -> None:
    account.stock(items=ITEMS, taxes=TAXES)


def environ_of(settings: Settings) -> Mapping[str, str]:
    """Return settings as a host passes them to a process."""
    secrets = {
        "SLACK_BOT_TOKEN": settings.slack_bot_token,
        "SLACK_SIGNING_SECRET": settings.slack_signing_secret,
        "SLACK_APP_TOKEN": settings.slack_app_token,
        "INVOICEXPRESS_API_KEY": settings.invoicexpress_api_key,
    }
    return {
        **{name: secret.get_secret_value() for name, secret in secrets.items() if secret},
        "SLACK_API_URL": settings.slack_api_url,
        "INVOICEXPRESS_URL": settings.base_url,
        "EDITORS": "members",
        "PORT": "0",
    }


@pytest.mark.parametrize("mode", ["http", "socket"])
async def test_sigterm_finishes_what_runs_takes_no_more_and_ends_with_0(tmp_path: Path, mode: str) -> None:
    async with standing_place(tmp_path, samples=False, stock=stock) as place:
        ben, account = place.workspace.person("Ben"), place.account
        environ = environ_of(place.settings)
        async with Program(tmp_path).started("-m", "bot", "run", "--mode", mode, environ=environ) as process:
            said = await until(process.stderr, LISTENING)
            if mode == "http":
                place.workspace.request_url = said.rpartition(LISTENING)[2].strip() + EVENTS_PATH
            await ben.command(f"/items edit {LARGE}")
            await ben.modal(callback_id="items.form")
            await ben.fill({"Unit price": "101,5"})
            async with account.faults.holding("PUT") as hold:
                await ben.submit()
                await hold.arrived()
                process.send_signal(signal.SIGTERM)
                await until(process.stderr, "stopping")
                refused = await ben.command("/items")
                assert account.item(LARGE).unit_price == Decimal(100)
            _, rest = await process.communicate()
            status = await process.wait()
        assert status == 0
        assert not refused.ok
        assert account.item(LARGE).unit_price == Decimal("101.5")
        await ben.modal("Large was saved.", "€100.00 → €101.50")
        assert "Traceback" not in said + rest.decode()
