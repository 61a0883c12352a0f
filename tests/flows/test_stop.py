"""A bot that is told to stop while somebody's change is under way: the whole process, by the signal that hosts send."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from decimal import Decimal
from pathlib import Path

import aiohttp
import pytest

from bot.config import Settings
from bot.sandbox.account import Account
from bot.web import EVENTS_PATH
from tests.flows.items.shop import ITEMS, LARGE, MEDIUM, TAXES
from tests.flows.world import Place, standing_place
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


@asynccontextmanager
async def stopping_place(data_dir: Path) -> AsyncIterator[tuple[Place, Program, Mapping[str, str]]]:
    """Start the services, with a place for the bot's processes and their settings."""
    async with standing_place(data_dir / "data", samples=False, stock=stock) as place:
        data = {"DATA_DIR": str(data_dir / "data")}
        yield place, Program(data_dir), {**environ_of(place.settings), **data}


async def saving(place: Place, price: str = "101,5") -> None:
    """Change an item's price, as Ben."""
    ben = place.workspace.person("Ben")
    await ben.command(f"/items edit {LARGE}")
    await ben.modal(callback_id="items.form")
    await ben.fill({"Unit price": price})
    await ben.submit()


@pytest.mark.parametrize("mode", ["http", "socket"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
async def test_a_stop_finishes_what_is_written_answers_on_meanwhile_and_ends_with_0(
    tmp_path: Path, mode: str, number: signal.Signals
) -> None:
    async with stopping_place(tmp_path) as (place, program, environ):
        ben, ana, account = place.workspace.person("Ben"), place.workspace.person("Ana"), place.account
        async with program.started("-m", "bot", "run", "--mode", mode, environ=environ) as process:
            said = await until(process.stderr, LISTENING)
            address = said.rpartition(LISTENING)[2].strip()
            place.workspace.request_url = address + EVENTS_PATH if mode == "http" else None
            await ana.command("/items edit " + str(MEDIUM))
            await ana.modal(callback_id="items.form")
            await ana.fill({"Nome": "Médio"})
            async with account.faults.holding("PUT") as hold:
                await saving(place)
                await hold.arrived()
                process.send_signal(number)
                await until(process.stderr, "stopping")
                process.send_signal(number)
                assert await readiness(address) == (503, ["stopping"])
                await ben.command("/items medium")
                await ben.sees("Medium", "€24.39")
                await ana.submit()
                await ana.modal("O bot está a ser reiniciado e nada foi feito.", "Médio")
                await ana.command("/artigos atualizar")
                await ana.sees("O bot está a ser reiniciado e nada foi feito.")
                assert account.item(LARGE).unit_price == Decimal(100)
            _, rest = await process.communicate()
            status = await process.wait()
        assert status == 0
        assert account.item(LARGE).unit_price == Decimal("101.5")
        assert account.item(MEDIUM).name == "Medium"
        await ben.modal("Large was saved.", "€100.00 → €101.50")
        assert "Traceback" not in said + rest.decode()


async def readiness(address: str) -> tuple[int, list[str]]:
    async with aiohttp.ClientSession() as session, session.get(f"{address}/readyz") as answer:
        return answer.status, (await answer.json())["reasons"]


async def test_the_next_process_waits_for_a_slow_write_and_its_outcome_stands_once(tmp_path: Path) -> None:
    async with stopping_place(tmp_path) as (place, program, environ):
        ben, account, workspace = place.workspace.person("Ben"), place.account, place.workspace
        async with (
            program.started("-m", "bot", "run", "--mode", "http", environ=environ) as first,
            AsyncExitStack() as stack,
        ):
            said = await until(first.stderr, LISTENING)
            workspace.request_url = said.rpartition(LISTENING)[2].strip() + EVENTS_PATH
            after = program.started("-m", "bot", "run", "--mode", "http", environ=environ)
            second = await stack.enter_async_context(after)
            await until(second.stderr, "waiting up to 120 s for it to end")
            async with account.faults.holding("PUT") as hold:
                await saving(place)
                await hold.arrived()
                first.send_signal(signal.SIGTERM)
                await until(first.stderr, "stopping")
                await ben.command("/items medium")
                await ben.sees("Medium")
            said = await until(second.stderr, LISTENING)
            workspace.request_url = said.rpartition(LISTENING)[2].strip() + EVENTS_PATH
            _, rest = await first.communicate()
            assert (first.returncode, "Traceback" in rest.decode()) == (0, False)
            await ben.modal("Large was saved.", "€100.00 → €101.50")
            await saving(place, "102")
            await ben.modal("Large was saved.", "€101.50 → €102.00")
            second.send_signal(signal.SIGTERM)
            _, rest = await second.communicate()
            assert (second.returncode, "Traceback" in said + rest.decode()) == (0, False)
        assert [write.what for write in account.writes] == ["update", "update"]
        status, out, _ = await program.run("history", environ=environ)
        assert (status, len(out.splitlines())) == (0, 2)


async def test_the_next_process_does_not_wait_for_a_slow_look_up(tmp_path: Path) -> None:
    async with stopping_place(tmp_path) as (place, program, environ):
        ben, account, workspace = place.workspace.person("Ben"), place.account, place.workspace
        async with program.started("-m", "bot", "run", "--mode", "http", environ=environ) as old:
            said = await until(old.stderr, LISTENING)
            workspace.request_url = said.rpartition(LISTENING)[2].strip() + EVENTS_PATH
            async with account.faults.holding("GET", path=f"/items/{LARGE}.json") as hold:
                opening = asyncio.create_task(ben.command(f"/items edit {LARGE}"))
                await hold.arrived()
                old.send_signal(signal.SIGTERM)
                async with program.started("-m", "bot", "run", "--mode", "http", environ=environ) as new:
                    said = await until(new.stderr, LISTENING)
                    workspace.request_url = said.rpartition(LISTENING)[2].strip() + EVENTS_PATH
                    assert old.returncode is None
                    await ben.command("/items medium")
                    await ben.sees("Medium")
                    hold.release()
                    await opening
                    form = await ben.modal("Edit item", callback_id="items.form")
                    assert "Large" in form.plain
                    _, rest = await old.communicate()
                    assert await old.wait() == 0
                    assert "Traceback" not in rest.decode()
                    await ben.fill({"Unit price": "103"})
                    await ben.submit()
                    await ben.modal("Large was saved.", "€100.00 → €103.00")
