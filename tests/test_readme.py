"""What the README says of commands, settings and scopes is what the code has."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest
import yaml

from bot.__main__ import _parser as parser_of_the_program
from bot.access import Policy
from bot.app import USAGES
from bot.config import PartialSettings
from bot.slack.scopes import SCOPES
from bot.slack.verbs import Usage, read_invocation

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
DEFAULTS_IN_WORDS = {"slack_api_url": "Slack's own", "history_days": "for ever"}


def section(title: str) -> str:
    """Return what stands under a heading."""
    return README.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def table(title: str) -> list[list[str]]:
    """Return the rows of the table under a heading, without its head."""
    rows = [line for line in section(title).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]


def code(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def subcommands() -> dict[str, argparse.ArgumentParser]:
    actions = parser_of_the_program()._actions
    [commands] = [action for action in actions if isinstance(action, argparse._SubParsersAction)]
    return dict(commands.choices)


def test_the_commands_of_the_program() -> None:
    rows = {code(name)[0].removeprefix("python -m bot "): said for name, said in table("Commands of the program")}
    assert set(rows) == set(subcommands())
    for name, said in rows.items():
        for option in re.findall(r"--[a-z-]+", said):
            assert option in subcommands()[name]._option_string_actions


def test_the_settings_and_their_defaults() -> None:
    told: dict[str, str] = {}
    for names, defaults, _ in table("Settings"):
        cells = defaults.split(", ") if defaults else [""] * len(code(names))
        told |= dict(zip(code(names), [cell.strip("`") for cell in cells], strict=True))
    assert set(told) == {name.upper() for name in PartialSettings.model_fields}
    for name, field in PartialSettings.model_fields.items():
        default = "" if field.default is None else field.default
        words = ", ".join(sorted(default)) if isinstance(default, frozenset) else f"{default}".removesuffix(".0")
        assert told[name.upper()] == DEFAULTS_IN_WORDS.get(name, words)


@pytest.mark.parametrize("usage", USAGES, ids=lambda usage: usage.id)
def test_the_slash_commands_and_their_verbs(usage: Usage) -> None:
    """Every verb stands there in both languages, and what stands there is understood."""
    told = [one for cell, _ in table("Commands in Slack") for one in code(cell)]
    typed = [one for one in told if one.partition(" ")[0] in usage.names.values()]
    assert set(usage.names.values()) <= {one.partition(" ")[0] for one in typed}
    understood = {read_invocation(one.partition(" ")[2], usage).verb for one in typed}
    assert understood >= {verb.id for verb in usage.verbs if verb.names}
    words = {word for one in told for word in one.split()}
    assert words >= {names[0] for verb in usage.verbs for names in verb.names.values()}


def test_the_scopes() -> None:
    assert {code(name)[0] for name, _ in table("Scopes, and why")} == SCOPES


def test_the_roles() -> None:
    assert "`members`, `admins` and `everyone`" in section("Settings")
    policy = Policy()
    assert [set(names) for names in (policy.viewers, policy.editors, policy.managers)] == [
        {"members"},
        {"admins"},
        {"admins"},
    ]


def test_the_command_for_the_tests_is_the_one_of_ci() -> None:
    [command] = re.findall(r"```sh\n(.+)\n```", section("Run the tests"))
    *set_up, run = command.split(" && ")
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert run in script
    assert set_up[0] in script


def test_the_manifest_is_told_how_to_change_for_http() -> None:
    [changes] = re.findall(r"```yaml\n(.+?)```", section("Set-up in Slack"), re.DOTALL)
    addresses = set(re.findall(r"https://\S+", changes))
    assert addresses == {"https://bot.example.com/slack/events"}
    given, manifest = yaml.safe_load(changes), yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
    for part in ("event_subscriptions", "interactivity"):
        assert part in given["settings"]
        assert part in manifest["settings"]
    assert "message_menu_options_url" in given["settings"]["interactivity"]


def test_what_it_links_to_is_there() -> None:
    links = set(re.findall(r"\]\(([^)]+)\)", README))
    headings = {heading.lower().replace(" ", "-") for heading in re.findall(r"^#+ ([\w -]+)$", README, re.MULTILINE)}
    assert links
    for link in links:
        is_inside = link.removeprefix("#") in headings if link.startswith("#") else (ROOT / link).is_file()
        assert link.startswith("https://") or is_inside, link


def test_the_picture_is_light() -> None:
    assert (ROOT / "tests" / "browser" / "page.png").stat().st_size < 200_000
