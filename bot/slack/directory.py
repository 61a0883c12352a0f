"""Who is asking, and in which language: Slack's `users.info`, kept for a while.

No payload carries a person's language or whether they are a guest, so each person costs one call now and then. It is
never made before Slack has been answered: what is `known` is known at once, and the rest is looked up afterwards.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, Final

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.access import Person
from bot.clock import Clock
from bot.errors import BotError
from bot.slack.failures import CALL_FAILURES, error_code, in_words

_KEEP_SECONDS: Final = 600.0
_KEEP_PEOPLE: Final = 5000
_NO_GROUP: Final = frozenset({"no_such_subteam", "missing_scope", "no_permission", "plan_upgrade_required"})
"""What Slack answers about a group that was deleted, or that the app may not see (Slack's page on the method)."""


class PersonUnknown(BotError):
    """Slack did not say who is asking, so nothing can be decided."""

    key = "error.person-unknown"


class Directory:
    """The people of the workspace.

    Args:
        client: Slack's Web API.
        clock: the time, for how long an answer is kept.
        groups: the user groups whose members count for something.
        most: how many people are kept.
    """

    def __init__(
        self,
        client: AsyncWebClient,
        clock: Clock,
        groups: frozenset[str] = frozenset(),
        *,
        most: int = _KEEP_PEOPLE,
    ) -> None:
        self._client = client
        self._clock = clock
        self._groups = groups
        self._most = most
        self._members: dict[str, tuple[float, frozenset[str]]] = {}
        self._people: OrderedDict[str, tuple[float, Person]] = OrderedDict()
        self._asking = asyncio.Lock()
        self._team = ""
        self._enterprise = ""
        self._log = structlog.get_logger(__name__)

    def belongs_to(self, team: str, enterprise: str = "") -> None:
        """Set the workspace and organisation, as `auth.test` gives them."""
        self._team, self._enterprise = team, enterprise

    def known(self, user: str) -> Person | None:
        """Return a person who was looked up lately, without any call."""
        kept = self._people.get(user)
        groups = [self._members.get(group) for group in self._groups]
        if kept is None or self._is_old(kept[0]) or any(group is None or self._is_old(group[0]) for group in groups):
            return None
        return self._with_groups(kept[1])

    async def person(self, user: str) -> Person:
        """Return a person, asking Slack where nobody did lately.

        Raises:
            PersonUnknown: where Slack does not answer, or knows nobody of that id.
        """
        known = self.known(user)
        if known is not None:
            return known
        try:
            answer = await self._client.users_info(user=user, include_locale=True)
            person = self._read(answer["user"])
            await self._ask_for_groups()
        except (*CALL_FAILURES, KeyError, TypeError) as error:
            self._log.warning("person not found", person=user, reason=in_words(error))
            raise PersonUnknown from error
        self._people[user] = (self._clock.monotonic(), person)
        self._people.move_to_end(user)
        if len(self._people) > self._most:
            self._people.popitem(last=False)
        return self._with_groups(person)

    def _with_groups(self, person: Person) -> Person:
        """Return a person with the groups that count for something."""
        if not self._groups:
            return person
        member_of = [group for group in self._groups if person.id in self._members[group][1]]
        return dataclasses.replace(person, groups=frozenset(member_of))

    async def _ask_for_groups(self) -> None:
        """Ask who belongs to the groups, once for everybody who waits: Slack allows some twenty such calls a minute."""
        async with self._asking:
            for group in self._groups:
                kept = self._members.get(group)
                if kept is None or self._is_old(kept[0]):
                    self._members[group] = (self._clock.monotonic(), await self._members_of(group))

    async def _members_of(self, group: str) -> frozenset[str]:
        """Return the members of a group; nobody where Slack says that there is no such group for us."""
        try:
            answer = await self._client.usergroups_users_list(usergroup=group)
        except SlackApiError as error:
            if error_code(error) not in _NO_GROUP:
                raise
            self._log.error("a user group of the settings counts for nobody", group=group, reason=in_words(error))
            return frozenset()
        return frozenset(answer["users"])

    def _is_old(self, asked: float) -> bool:
        return self._clock.monotonic() - asked > _KEEP_SECONDS

    def _read(self, user: Mapping[str, Any]) -> Person:
        """Read the user object (Slack's page "User object")."""
        outside = any(user.get(flag) for flag in ("is_restricted", "is_ultra_restricted", "is_stranger", "is_bot"))
        return Person(
            id=user["id"],
            locale=user.get("locale") or "",
            zone=user.get("tz") or "",
            is_admin=bool(user.get("is_admin") or user.get("is_owner")),
            is_member=not (outside or user.get("deleted")) and self._is_ours(user),
        )

    def _is_ours(self, user: Mapping[str, Any]) -> bool:
        organisation = (user.get("enterprise_user") or {}).get("enterprise_id") or ""
        same_organisation = bool(self._enterprise) and organisation == self._enterprise
        return same_organisation or user.get("team_id") == self._team
