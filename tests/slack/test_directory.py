"""Who is asking: what Slack's user objects mean, and what is kept of them."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from bot.access import Person
from bot.slack.directory import Directory, PersonUnknown
from tests.clocks import ShiftedClock
from tests.logs import caught_log
from tests.slack.canned import Canned, client_of, serve

TEAM, ENTERPRISE = "T1", "E1"
PLAIN = {"id": "U1", "team_id": TEAM, "locale": "pt-BR", "tz": "Europe/Lisbon"}


def user(**more: Any) -> Canned:
    return Canned(json.dumps({"ok": True, "user": PLAIN | more}))


async def person(answer: Canned, enterprise: str = "", groups: frozenset[str] = frozenset()) -> Person:
    async with serve(answer) as server, client_of(server) as client:
        directory = Directory(client, ShiftedClock(), groups)
        directory.belongs_to(TEAM, enterprise)
        return await directory.person("U1")


@pytest.mark.parametrize(
    ("more", "is_member"),
    [
        ({}, True),
        ({"is_restricted": True}, False),
        ({"is_ultra_restricted": True}, False),
        ({"is_stranger": True}, False),
        ({"is_bot": True}, False),
        ({"deleted": True}, False),
        ({"team_id": "T2"}, False),
        ({"team_id": None}, False),
        ({"enterprise_user": None}, True),
    ],
    ids=str,
)
async def test_members_are_full_and_ours(more: dict[str, Any], is_member: bool) -> None:  # noqa: FBT001 - a column
    assert (await person(user(**more))).is_member is is_member


@pytest.mark.parametrize(
    ("organisation", "is_member"), [("E1", True), ("E2", False), ("", False)], ids=["ours", "another", "none"]
)
async def test_people_of_our_organisation_are_members(organisation: str, is_member: bool) -> None:  # noqa: FBT001 - a column
    answer = user(team_id="T2", enterprise_user={"enterprise_id": organisation})
    assert (await person(answer, ENTERPRISE)).is_member is is_member
    assert not (await person(answer)).is_member, "without an organisation there is no other team of ours"


@pytest.mark.parametrize("flag", ["is_admin", "is_owner"])
async def test_admins_and_owners(flag: str) -> None:
    assert (await person(user(**{flag: True}))).is_admin
    assert not (await person(user())).is_admin


async def test_what_else_is_kept() -> None:
    assert await person(user()) == Person("U1", "pt-BR", "Europe/Lisbon", is_member=True)
    assert await person(user(locale=None, tz=None)) == Person("U1", is_member=True)


GROUP_ANSWERS = (user(), Canned('{"ok": true, "users": ["U1", "U2"]}'))


async def test_groups_are_asked_for_and_kept() -> None:
    clock = ShiftedClock()
    async with serve(*GROUP_ANSWERS) as server, client_of(server) as client:
        directory = Directory(client, clock, frozenset({"S1"}))
        directory.belongs_to(TEAM)
        assert (await directory.person("U1")).groups == {"S1"}
        server.answers = [user(id="U3")]
        assert (await directory.person("U3")).groups == frozenset()
        assert [path for path, _ in server.asked] == ["/users.info", "/usergroups.users.list", "/users.info"]
        clock.shift(601)
        server.answers = list(GROUP_ANSWERS)
        await directory.person("U1")
        assert [path for path, _ in server.asked][3:] == ["/users.info", "/usergroups.users.list"]


@pytest.mark.parametrize(
    "answer", ['{"ok": true}', '{"ok": false, "error": "internal_error"}', '{"ok": true, "users": 7}']
)
async def test_without_the_groups_nobody_is_known(answer: str) -> None:
    async with serve(user(), Canned(answer)) as server, client_of(server) as client:
        directory = Directory(client, ShiftedClock(), frozenset({"S1"}))
        with caught_log() as log, pytest.raises(PersonUnknown):
            await directory.person("U1")
        assert directory.known("U1") is None
        assert log.the("person not found")["reason"].startswith(("Slack answered internal_error", "what answered"))


@pytest.mark.parametrize("error", ["missing_scope", "no_such_subteam", "plan_upgrade_required"])
async def test_a_group_that_is_none_for_us_counts_for_nobody(error: str) -> None:
    answers = (user(), Canned(json.dumps({"ok": False, "error": error})))
    async with serve(*answers) as server, client_of(server) as client:
        directory = Directory(client, ShiftedClock(), frozenset({"S1"}))
        directory.belongs_to(TEAM)
        with caught_log() as log:
            told = await directory.person("U1")
        assert (told.is_member, told.groups) == (True, frozenset())
        assert directory.known("U1") == told
        said = log.the("a user group of the settings counts for nobody")
        assert (said["group"], said["reason"]) == ("S1", f"Slack answered {error}")


async def test_a_group_is_asked_for_once_for_everybody_who_waits() -> None:
    async with serve(*[user(id=f"U{number}") for number in range(8)], GROUP_ANSWERS[1]) as server:
        async with client_of(server) as client:
            directory = Directory(client, ShiftedClock(), frozenset({"S1"}))
            await asyncio.gather(*(directory.person(f"U{number}") for number in range(8)))
        assert [path for path, _ in server.asked].count("/usergroups.users.list") == 1


async def test_whoever_left_a_group_is_known_to_have_within_ten_minutes() -> None:
    """However late in the life of the group's answer they were looked up themselves."""
    clock = ShiftedClock()
    async with serve(*GROUP_ANSWERS) as server, client_of(server) as client:
        directory = Directory(client, clock, frozenset({"S1"}))
        directory.belongs_to(TEAM)
        await directory.person("U1")
        clock.shift(599)
        server.answers = [user(id="U2"), Canned('{"ok": true, "users": []}')]
        told = directory.known("U1")
        assert told is not None
        assert told.groups == {"S1"}
        assert (await directory.person("U2")).groups == {"S1"}
        clock.shift(2)
        assert directory.known("U2") is None


@pytest.mark.parametrize(
    "body", ['{"ok": true}', '{"ok": true, "user": {}}', '{"ok": true, "user": []}', "null", "[]", "{", '{"ok": false}']
)
async def test_an_answer_that_tells_of_nobody(body: str) -> None:
    with pytest.raises(PersonUnknown):
        await person(Canned(body))


async def test_people_are_known_for_ten_minutes() -> None:
    clock = ShiftedClock()
    async with serve(user()) as server, client_of(server) as client:
        directory = Directory(client, clock)
        assert directory.known("U1") is None
        told = await directory.person("U1")
        clock.shift(599)
        assert directory.known("U1") == told
        assert await directory.person("U1") == told
        assert len(server.asked) == 1
        clock.shift(2)
        assert directory.known("U1") is None
        await directory.person("U1")
        assert len(server.asked) == 2


async def test_only_so_many_people_are_kept() -> None:
    async with serve(user()) as server, client_of(server) as client:
        directory = Directory(client, ShiftedClock(), most=2)
        for number in (1, 2, 3):
            await directory.person(f"U{number}")
        assert [directory.known(f"U{number}") is not None for number in (1, 2, 3)] == [False, True, True]
