from __future__ import annotations

import json
from typing import Any

from slack_bolt.app.async_app import AsyncApp

from bot.sandbox.slack import Actor, Workspace
from tests.sandbox.slack.parts import Caller, HandClock, Json, PlainBot, home, section


async def test_opening_home_lets_the_bot_fill_it(app: AsyncApp, ana: Actor) -> None:
    events: list[Json] = []

    @app.event("app_home_opened")
    async def opened(event: Json, client: Any) -> None:
        events.append(event)
        await client.views_publish(user_id=event["user"], view=home(section("Bem-vinda")))

    assert (await ana.open_home()).ok
    view = await ana.home("Bem-vinda")
    await ana.open_home()
    await ana.open_home("messages")
    assert [(event["tab"], event.get("view", {}).get("id")) for event in events] == [
        ("home", None),
        ("home", view.id),
        ("messages", None),
    ]
    assert events[0]["channel"] == "D0ANA00001"


async def test_an_event_comes_as_signed_json(plain_bot: PlainBot, workspace: Workspace) -> None:
    assert (await workspace.event({"type": "app_uninstalled"})).ok
    headers, body = plain_bot.requests[0]
    payload = json.loads(body)
    assert headers["content-type"] == "application/json"
    assert headers["x-slack-signature"].startswith("v0=")
    assert "x-slack-retry-num" not in headers
    assert payload["event"] == {"type": "app_uninstalled"}
    assert (payload["type"], payload["event_time"]) == ("event_callback", 1741597200)
    assert payload["authorizations"][0]["is_bot"] is True


async def test_a_failed_event_comes_again_until_it_is_taken(
    plain_bot: PlainBot, workspace: Workspace, clock: HandClock
) -> None:
    plain_bot.answers += [500, 500, ""]
    assert not (await workspace.event({"type": "app_uninstalled"})).ok
    await workspace.events.repeated()
    told = [(one.get("x-slack-retry-num"), one.get("x-slack-retry-reason")) for one, _ in plain_bot.requests]
    assert told == [(None, None), ("1", "http_error"), ("2", "http_error")]
    assert len({json.loads(body)["event_id"] for _, body in plain_bot.requests}) == 1
    assert clock.seconds == 60


async def test_an_event_is_given_up_after_three_repetitions(
    plain_bot: PlainBot, workspace: Workspace, clock: HandClock
) -> None:
    plain_bot.answers += [500] * 9
    await workspace.event({"type": "app_uninstalled"})
    await workspace.events.repeated()
    assert len(plain_bot.requests) == 4
    assert clock.seconds == 360


async def test_the_workspace_closes_while_a_repetition_is_due(workspace: Workspace) -> None:
    workspace.request_url = "http://127.0.0.1:9/"
    await workspace.event({"type": "app_uninstalled"})
    await workspace.aclose()
    await workspace.events.repeated()
    assert len(workspace.calls) == 1


async def test_the_address_is_checked_with_a_challenge(app: AsyncApp, workspace: Workspace) -> None:
    assert await workspace.events.verify_url("abc")


async def test_an_address_that_does_not_echo_is_refused(plain_bot: PlainBot, workspace: Workspace) -> None:
    plain_bot.answers += ["other", "abc", {"challenge": "abc"}, 500]
    assert [await workspace.events.verify_url("abc") for _ in range(4)] == [False, True, True, False]


async def test_home_belongs_to_its_person(call: Caller, ana: Actor, ben: Actor) -> None:
    await call("views.publish", user_id="U0BEN00001", view=home(section("For Ben")))
    assert "For Ben" in ben.screen()
    assert "For Ben" not in ana.screen()
