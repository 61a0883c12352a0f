from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.sandbox.manifest import COMMANDS, EVENTS_PATH, SCOPES
from bot.web import EVENTS_PATH as WHERE_THE_BOT_LISTENS


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    text = (Path(__file__).parents[2] / "manifest.yml").read_text(encoding="utf-8")
    content: dict[str, Any] = yaml.safe_load(text)
    return content


def test_the_commands_are_the_manifests(manifest: dict[str, Any]) -> None:
    listed = [(one["command"], one["description"], one["usage_hint"]) for one in manifest["features"]["slash_commands"]]
    assert [(command.name, command.description, command.hint) for command in COMMANDS] == listed


def test_the_scopes_are_the_manifests(manifest: dict[str, Any]) -> None:
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == SCOPES


def test_the_address_is_the_bots() -> None:
    assert EVENTS_PATH == WHERE_THE_BOT_LISTENS
