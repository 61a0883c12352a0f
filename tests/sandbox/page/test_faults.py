from __future__ import annotations

import pytest

from bot.sandbox.account import Account
from bot.sandbox.page import serve_page
from bot.sandbox.slack import Workspace
from tests.sandbox.page.parts import Window
from tests.sandbox.slack.parts import Caller


async def status(window: Window, account: Account, method: str = "GET") -> int:
    url, params = f"{account.url}/items.json", {"api_key": account.api_key}
    async with window.session.request(method, url, params=params, json={"item": {"name": "A"}}) as response:
        return response.status


@pytest.mark.parametrize(
    ("name", "method", "failure"), [("down", "GET", 503), ("limiting", "GET", 429), ("refusing", "POST", 422)]
)
async def test_a_fault_goes_on_and_off(window: Window, account: Account, name: str, method: str, failure: int) -> None:
    await window.done("faults", **{name: True})
    assert (await window.everything())["faults"][name] is True
    assert await status(window, account, method) == failure
    await window.done("faults", **{name: False})
    assert (await window.everything())["faults"][name] is False
    assert not any(getattr(account.faults.switches, switch) for switch in ("slow", "down", "refusing"))
    assert account.faults.switches.limit_per_minute is None


async def test_a_slow_account_is_slower_than_slack_waits(window: Window, account: Account) -> None:
    await window.done("faults", slow=True)
    shown = (await window.everything())["faults"]
    assert (shown["slow"], shown["slow_seconds"]) == (True, account.faults.switches.slow)
    assert account.faults.switches.slow > 3
    await window.done("faults", slow=False)
    assert await status(window, account) == 200


async def test_one_click_ends_them_all(window: Window, account: Account, workspace: Workspace) -> None:
    await window.done("faults", slow=True, down=True, limiting=True, refusing=True)
    workspace.faults.next("auth.test", error="internal_error")
    await window.done("faults/clear")
    shown = (await window.everything())["faults"]
    assert not any(shown[name] for name in ("slow", "down", "limiting", "refusing"))
    assert await status(window, account) == 200
    assert (await Caller(workspace, window.session)("auth.test"))["ok"] is True


async def test_a_fault_that_nobody_knows_is_refused(window: Window) -> None:
    assert (await window.post("faults", {"broken": True}))[0] == 400
    assert (await window.post("faults", {"down": "yes"}))[0] == 400


async def test_there_is_no_socket_to_cut_over_http(window: Window) -> None:
    assert (await window.everything())["faults"]["sockets"] is None
    assert "--mode socket" in await window.refused("faults/cut")


async def test_the_socket_is_cut_without_a_word(workspace: Workspace, account: Account, window: Window) -> None:
    async with serve_page(workspace, account, mode="socket", players=("Ben",)) as page:
        there = Window(page, window.session)
        assert await there.done("faults/cut") == {"ok": True, "cut": 0}
        reply = await Caller(workspace, window.session).reply("apps.connections.open", token=workspace.app_token)
        async with window.session.ws_connect(reply.json["url"]) as socket:
            await socket.receive_json()
            assert (await there.everything())["faults"]["sockets"] == 1
            assert await there.done("faults/cut") == {"ok": True, "cut": 1}
            assert (await socket.receive()).type.name in ("CLOSED", "CLOSE", "CLOSING", "ERROR")
