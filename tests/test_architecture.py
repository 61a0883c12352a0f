"""The house: arrows go down only, pure parts stay pure, and each outside library has its one place."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

BOT = Path(__file__).parent.parent / "bot"

LEVELS = (
    {"errors", "clock", "signature", "interpreter", "log_limits", "proxy", "scrubber", "turnstile"},
    {"invoicexpress"},
    {"i18n", "recurring", "store", "setting_shapes", "env_file", "finding", "lock", "log"},
    {"access", "catalog"},
    {"config", "health", "history"},
    {"services"},
    {"slack"},
    {"items", "clients", "home"},
    {"audit", "connections", "intake", "pulse", "recovery", "surroundings"},
    {"app", "listener", "named", "web", "slack_http", "socketmode"},
    {"runtime", "check", "maintenance"},
    {"__main__"},
)
"""From the ground up: a part may use what stands on a lower level, or itself."""

LEVEL_OF = {part: level for level, parts in enumerate(LEVELS) for part in parts}
CONFIG_READERS = {"__main__", "app", "check", "maintenance", "named", "runtime", "surroundings"}
SANDBOX_MAY_USE = {"clock"}
PURE = (
    "access",
    "catalog/entries",
    "catalog/folding",
    "catalog/ranking",
    "errors",
    "health",
    "home",
    "i18n",
    "invoicexpress/models",
    "invoicexpress/pacing",
    "invoicexpress/wire",
    "invoicexpress/answers",
    "invoicexpress/refusal",
    "items/command",
    "items/entry",
    "items/fields",
    "items/form",
    "items/outcomes",
    "items/price",
    "items/trail",
    "items/views",
    "scrubber",
    "clients/command",
    "clients/views",
    "setting_shapes",
    "signature",
    "slack/blocks",
    "slack/finder",
    "slack/lists",
    "slack/payloads",
    "slack/sharing",
    "slack/state",
    "slack/text",
    "slack/verbs",
)
IMPURE = {"httpx", "aiohttp", "slack_bolt", "slack_sdk", "structlog", "logging", "time", "asyncio", "sqlite3", "os"}
HOMES = {
    "httpx": {"invoicexpress/client", "invoicexpress/transport"},
    "sqlite3": {"store", "catalog", "history", "maintenance"},
    "slack_sdk.web": {
        "app",
        "slack/calling",
        "slack/replies",
        "slack/directory",
        "slack/names",
        "slack/listening",
        "slack/failures",
        "check",
        "named",
        "pulse",
        "socketmode",
    },
}
"""Where a library may be named: modules, or whole packages."""


def modules() -> Iterator[tuple[str, Path]]:
    """Yield each module of the bot but the sandbox: its name with slashes, and its file."""
    for path in sorted(BOT.rglob("*.py")):
        name = path.relative_to(BOT).with_suffix("").as_posix().removesuffix("/__init__")
        if name != "__init__" and not name.startswith("sandbox"):
            yield name, path


def imports(path: Path) -> set[str]:
    """Return the dotted names that a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def parts_used(path: Path) -> set[str]:
    """Return the parts of the bot that a file imports, by their first name."""
    return {name.split(".")[1] for name in imports(path) if name.startswith("bot.")} - {"__version__"}


MODULES = dict(modules())


@pytest.mark.parametrize("module", MODULES)
def test_arrows_go_down(module: str) -> None:
    part = module.split("/", maxsplit=1)[0]
    level = LEVEL_OF[part]
    upward = {used for used in parts_used(MODULES[module]) - {part, "sandbox"} if LEVEL_OF[used] >= level}
    assert not upward, f"{module} reaches up or sideways to {upward}"


@pytest.mark.parametrize("module", MODULES)
def test_only_the_command_reaches_the_sandbox(module: str) -> None:
    assert "sandbox" not in parts_used(MODULES[module]) or module == "__main__"


@pytest.mark.parametrize("path", sorted((BOT / "sandbox").rglob("*.py")), ids=lambda path: path.stem)
def test_the_sandbox_knows_the_bot_only_over_http(path: Path) -> None:
    assert parts_used(path) <= SANDBOX_MAY_USE | {"sandbox"}


@pytest.mark.parametrize("module", MODULES)
def test_settings_are_read_in_few_places(module: str) -> None:
    assert "config" not in parts_used(MODULES[module]) or module in CONFIG_READERS | {"config"}


@pytest.mark.parametrize("module", PURE)
def test_pure_parts_are_pure(module: str) -> None:
    roots = {name.split(".")[0] for name in imports(MODULES[module])}
    assert not roots & IMPURE


@pytest.mark.parametrize("library", HOMES)
def test_a_library_is_named_in_its_home_only(library: str) -> None:
    homes = HOMES[library]
    strangers = {
        module
        for module, path in MODULES.items()
        if any(name == library or name.startswith(f"{library}.") for name in imports(path))
        and module not in homes
        and module.split("/")[0] not in homes
    }
    assert not strangers


def test_files_stay_short() -> None:
    lengths = {path.relative_to(BOT): len(path.read_text(encoding="utf-8").splitlines()) for path in BOT.rglob("*.py")}
    assert {path: lines for path, lines in lengths.items() if lines > 300} == {}
