from __future__ import annotations

import asyncio

import aiohttp

from bot.sandbox.account import Account
from bot.sandbox.page import serve_page
from bot.sandbox.slack import Actor, Workspace
from tests.sandbox.page.parts import Window
from tests.sandbox.slack.parts import PlainBot, actions, button, home, modal, section, typed

GERAL = "C0GERAL001"


async def test_at_first_a_page_gets_everything(window: Window, ben: Actor, ana: Actor) -> None:
    ana.says("Bom dia")
    async with window.news() as news:
        kind, shown = await news.next()
    assert kind == "everything"
    assert (shown["me"], shown["players"], shown["workspace"]) == (ben.id, [ben.id, ana.id], "Oficina")
    assert [(one["name"], one["bot_is_member"], one["people"]) for one in shown["channels"]] == [
        ("geral", True, 4),
        ("vendas", False, 4),
        (ben.id, True, 1),
    ]
    assert [one["text"] for one in shown["messages"]] == ["Bom dia"]
    assert [one["name"] for one in shown["commands"]] == ["/items", "/artigos", "/clients", "/clientes"]
    assert {one["name"]: one["locale"] for one in shown["people"]}["Ana"] == "pt-BR"
    assert shown["groups"] == [{"id": "S0FATURAS1", "handle": "faturas"}]
    assert (shown["views"], shown["home"], shown["exchanges"]) == ([], None, [])


async def test_each_person_has_a_page_of_their_own(window: Window, ana: Actor, ben: Actor) -> None:
    assert (await window.everything(ana.id))["me"] == ana.id
    assert (await window.everything("U0GIL00001"))["me"] == ben.id  # nobody whom one can be here


async def test_messages_come_as_they_are_posted_changed_and_removed(
    window: Window, workspace: Workspace, ben: Actor
) -> None:
    async with window.news(ben.id) as news:
        await news.next()
        message = ben.says("Um")
        posted = await news.until("messages")
        workspace.state.edit(message, text="Dois", blocks=None)
        edited = await news.until("messages")
        workspace.state.remove(message)
        assert await news.until("removed") == [message.ts]
    assert (posted[message.ts]["text"], posted[message.ts]["edited"]) == ("Um", False)
    assert (edited[message.ts]["text"], edited[message.ts]["edited"]) == ("Dois", True)


async def test_what_only_one_person_can_see_reaches_nobody_else(
    window: Window, workspace: Workspace, bot: PlainBot, ben: Actor, ana: Actor
) -> None:
    async with window.news(ana.id) as of_ana, window.news(ben.id) as of_ben:
        await of_ana.next()
        await of_ben.next()
        bot.answers = ["For Ben"]
        await ben.command("/items")
        await asyncio.sleep(0.01)  # so that Ana's page hears of the view by itself
        workspace.state.views.open(ben.id, modal(typed("name")))
        await asyncio.sleep(0.01)
        workspace.state.post(workspace.state.direct_messages("U0SAM00001").id, ben.id, text="For Sam")
        ana.says("For all")
        seen_by_ben = await of_ben.until("messages")
        seen_by_ana = [await of_ana.next() for _ in range(3)]
    assert {one["text"] for one in seen_by_ben.values()} == {"For Ben"}
    news = [sorted(content) for _, content in seen_by_ana]
    assert news == [["exchanges"], ["exchanges"], ["messages"]]
    assert {one["text"] for one in seen_by_ana[2][1]["messages"].values()} == {"For all"}


async def test_views_and_home_come_as_they_change(window: Window, workspace: Workspace, ben: Actor) -> None:
    views = workspace.state.views
    async with window.news(ben.id) as news:
        await news.next()
        view = views.open(ben.id, modal(typed("name", initial_value="Galão")))
        shown = await news.until("views")
        views.close(view)
        assert await news.until("views") == []
        views.publish(ben.id, home(section("Welcome")))
        assert (await news.until("home"))["blocks"][0]["text"]["text"] == "Welcome"
    assert (shown[0]["title"]["text"], shown[0]["busy"], shown[0]["errors"]) == ("Form", False, {})
    assert shown[0]["values"]["name"]["name"]["value"] == "Galão"


async def test_what_slack_says_beside_a_click_goes_when_the_next_one_succeeds(
    window: Window, bot: PlainBot, ben: Actor, ana: Actor
) -> None:
    bot.answers = [{"text": "One", "response_type": "in_channel", "blocks": [actions(button("Open", "open"))]}, 500, ""]
    await ben.command("/items")
    message = await ben.sees("Open")
    async with window.news(ben.id) as news, window.news(ana.id) as of_ana:
        await news.next()
        assert (await of_ana.next())[1]["messages"][0]["trouble"] is None
        await ben.click(message, "Open")
        failed = await news.until("messages")
        await ben.click(message, "Open")
        fine = await news.until("messages")
    assert failed[message.ts]["trouble"] == "This app responded with Status Code 500."
    assert fine[message.ts]["trouble"] is None


async def test_exchanges_and_faults_come_as_they_change(
    window: Window, account: Account, bot: PlainBot, ben: Actor
) -> None:
    async with window.news(ben.id) as news:
        await news.next()
        await ben.command("/items café")
        (began,) = await news.until("exchanges")
        (ended,) = await news.until("exchanges")
        async with window.session.get(f"{account.url}/taxes.json") as response:
            assert response.status == 401
        (asked,) = await news.until("exchanges")
        await window.done("faults", down=True)
        assert (await news.until("faults"))["down"] is True
        await window.done("exchanges/clear")
        assert await news.until("cleared") is True
    assert (began["from"], began["to"], began["name"], began["ms"]) == ("slack", "bot", "/items café", None)
    assert (ended["id"], ended["status"]) == (began["id"], 200)
    assert (asked["to"], asked["status"]) == ("invoicexpress", 401)
    assert (await window.everything())["exchanges"] == []


async def test_a_change_that_concerns_no_page_is_passed_over(window: Window, workspace: Workspace, ben: Actor) -> None:
    async with window.news(ben.id) as news:
        await news.next()
        workspace.feed.publish("weather", "7")
        await asyncio.sleep(0.01)
        ben.says("Olá")
        _, content = await news.next()
    assert list(content) == ["messages"]


async def test_a_page_that_went_away_is_forgotten(window: Window, ben: Actor) -> None:
    async with window.news() as news:
        await news.next()
        news.response.close()
    for number in range(10):  # the first ones still fit into the broken connection
        ben.says(str(number))
        await asyncio.sleep(0.005)
    assert len((await window.everything())["messages"]) == 10


async def test_the_end_does_not_wait_for_open_pages(workspace: Workspace, account: Account) -> None:
    async with aiohttp.ClientSession() as session:
        async with serve_page(workspace, account, mode="http", players=("Ben",)) as page:
            response = await session.get(f"{page.url}api/news")
            await response.content.readline()
        rest = await response.content.read()
    assert b"event: everything" in rest
