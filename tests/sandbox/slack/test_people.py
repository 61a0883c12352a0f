from __future__ import annotations

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import CannotDo, Person, Workspace
from tests.sandbox.slack.parts import Caller


async def test_the_sdk_reads_a_persons_language_and_rights(workspace: Workspace) -> None:
    client = AsyncWebClient(token=workspace.bot_token, base_url=workspace.url)
    user = (await client.users_info(user="U0ANA00001", include_locale=True))["user"]
    assert (user["locale"], user["is_admin"], user["is_restricted"]) == ("pt-BR", True, False)
    assert user["team_id"] == "T0SANDBOX01"
    assert user["profile"]["display_name"] == "Ana"


async def test_the_language_comes_only_when_asked_for(call: Caller) -> None:
    assert "locale" not in (await call("users.info", user="U0ANA00001"))["user"]


async def test_a_guest_is_restricted(call: Caller) -> None:
    assert (await call("users.info", user="U0GIL00001"))["user"]["is_restricted"] is True


async def test_people_of_partners_are_strangers_unless_they_share_a_channel(call: Caller) -> None:
    eva = (await call("users.info", user="U0EVA00001"))["user"]
    sam = (await call("users.info", user="U0SAM00001"))["user"]
    assert eva["team_id"] == sam["team_id"] == "T0PARTNER01"
    assert (eva["is_stranger"], sam["is_stranger"]) == (False, True)
    assert "is_admin" not in eva


async def test_unknown_people(call: Caller) -> None:
    assert (await call("users.info", user="U0NOBODY01"))["error"] == "user_not_found"
    assert (await call("users.info"))["error"] == "user_not_found"


async def test_the_list_of_people_leaves_strangers_out(call: Caller) -> None:
    names = [user["name"] for user in (await call("users.list"))["members"]]
    assert names == ["ana", "ben", "gil", "eva", "invoicexpress"]


async def test_a_user_groups_members(call: Caller) -> None:
    assert (await call("usergroups.users.list", usergroup="S0FATURAS1"))["users"] == ["U0BEN00001"]
    assert (await call("usergroups.users.list", usergroup="S0NONE"))["error"] == "no_such_subteam"


async def test_channels_as_the_bot_sees_them(call: Caller, workspace: Workspace) -> None:
    workspace.add_channel("segredo", ["Ana"], is_private=True)
    shared = workspace.add_channel("chefia", ["Ana", "invoicexpress"], is_private=True)
    known = {channel["name"]: channel["is_member"] for channel in (await call("conversations.list"))["channels"]}
    assert known == {"geral": True, "vendas": False, "chefia": True}
    info = (await call("conversations.info", channel=shared.id))["channel"]
    assert (info["is_private"], info["is_group"], info["num_members"]) == (True, True, 2)


async def test_a_private_channel_without_the_bot_cannot_be_found(call: Caller, workspace: Workspace) -> None:
    hidden = workspace.add_channel("segredo", ["Ana"], is_private=True)
    assert (await call("conversations.info", channel=hidden.id))["error"] == "channel_not_found"
    assert (await call("conversations.members", channel="C0NOWHERE1"))["error"] == "channel_not_found"


async def test_members_come_page_by_page(call: Caller) -> None:
    first = await call("conversations.members", channel="C0VENDAS01", limit=3)
    assert first["members"] == ["U0ANA00001", "U0BEN00001", "U0GIL00001"]
    cursor = first["response_metadata"]["next_cursor"]
    second = await call("conversations.members", channel="C0VENDAS01", limit=3, cursor=cursor)
    assert second["members"] == ["U0SAM00001"]
    assert second["response_metadata"]["next_cursor"] == ""


async def test_a_direct_message_is_opened_once(call: Caller) -> None:
    first = await call("conversations.open", users="U0BEN00001")
    assert first["channel"]["id"] == (await call("conversations.open", users="U0BEN00001"))["channel"]["id"]
    info = (await call("conversations.info", channel=first["channel"]["id"]))["channel"]
    assert (info["is_im"], info["user"]) == (True, "U0BEN00001")
    assert (await call("conversations.open", users="U0NOBODY01"))["error"] == "user_not_found"


async def test_people_can_change_and_join(call: Caller, workspace: Workspace) -> None:
    workspace.state.change_person("Ben", locale="fr-FR", deleted=True)
    ben = (await call("users.info", user="U0BEN00001", include_locale="true"))["user"]
    assert (ben["locale"], ben["deleted"]) == ("fr-FR", True)
    rui = workspace.add_person(Person(id="U0RUI00001", name="Rui", real_name="Rui Reis"), channels=["#vendas"])
    assert rui.person.name == "Rui"
    assert rui is workspace.person("U0RUI00001")
    assert "U0RUI00001" in workspace.state.channel("vendas").members


async def test_nobody_and_nowhere_are_named_with_what_there_is(workspace: Workspace) -> None:
    with pytest.raises(CannotDo, match=r"nobody is called 'Zé'; there are .*'Ana'"):
        workspace.person("Zé")
    with pytest.raises(CannotDo, match=r"no channel 'nowhere'; there are .*'geral'"):
        workspace.state.channel("nowhere")
