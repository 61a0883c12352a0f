"""The manifest asks for what the code uses, and for nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.app import ROUTES, USAGES
from bot.i18n import LANGUAGES, Language
from bot.slack.routing import Trigger
from bot.slack.scopes import SCOPES

MANIFEST: dict[str, Any] = yaml.safe_load((Path(__file__).parent.parent / "manifest.yml").read_text(encoding="utf-8"))
COMMANDS = {command["command"]: command for command in MANIFEST["features"]["slash_commands"]}


def triggers(kind: str) -> set[str]:
    return {trigger.id for route in ROUTES for trigger in route.triggers if trigger.kind == kind}


def test_the_commands_are_those_of_the_routes() -> None:
    assert set(COMMANDS) == triggers("command")


def test_every_command_has_its_help() -> None:
    assert set(COMMANDS) == {name for usage in USAGES for name in usage.names.values()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_hint_names_the_verbs_of_its_language(language: Language) -> None:
    for usage in USAGES:
        hint = COMMANDS[usage.names[language]]["usage_hint"]
        for verb in usage.verbs:
            assert not verb.names or verb.names[language][0] in hint


def test_the_scopes_are_those_that_are_used() -> None:
    assert set(MANIFEST["oauth_config"]["scopes"]["bot"]) == SCOPES


def test_the_events_are_those_of_the_routes() -> None:
    assert set(MANIFEST["settings"]["event_subscriptions"]["bot_events"]) == triggers("event")


def test_interactivity_and_home_are_on_because_routes_need_them() -> None:
    assert triggers("action")
    assert MANIFEST["settings"]["interactivity"]["is_enabled"]
    assert Trigger("event", "app_home_opened") in {trigger for route in ROUTES for trigger in route.triggers}
    assert MANIFEST["features"]["app_home"]["home_tab_enabled"]
