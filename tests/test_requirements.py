"""What is installed is what was compiled: each version pinned, each file known by its hash, no place to get it from."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = ("requirements.txt", "tests/requirements.txt")


def pinned(file: str) -> dict[str, int]:
    """Return how many hashes each requirement has, by name and version."""
    lines = (ROOT / file).read_text(encoding="utf-8").replace("\\\n", "").splitlines()
    requirements = [line.split() for line in lines if line and not line.startswith("#")]
    for _, *hashes in requirements:
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", one) for one in hashes)
    return {name: len(hashes) for name, *hashes in requirements}


@pytest.mark.parametrize("file", FILES)
def test_every_version_is_pinned_with_its_hashes(file: str) -> None:
    found = pinned(file)
    assert len(found) > 30
    assert all(re.fullmatch(r"[a-z0-9-]+(?:\[[a-z]+\])?==[\w.]+", name) for name in found)
    assert [name for name, hashes in found.items() if not hashes] == []


@pytest.mark.parametrize("file", FILES)
def test_no_place_is_named_to_get_them_from(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*(-i|-f|--(?:extra-)?index-url|--find-links|--trusted-host)\b", text, re.MULTILINE)


def test_the_tests_run_with_what_is_installed_for_the_bot() -> None:
    bot, tests = ({re.sub(r"\[.*\]", "", name) for name in pinned(file)} for file in FILES)
    assert bot <= tests


def test_what_the_project_asks_for_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for file, asked in (
        (FILES[0], project["dependencies"]),
        (FILES[1], project["dependencies"] + project["optional-dependencies"]["test"]),
    ):
        names = {re.split(r"[<>=\[]", one)[0] for one in asked}
        assert names <= {re.split(r"\[|==", name)[0] for name in pinned(file)}


def test_whoever_installs_checks_the_hashes() -> None:
    for path in ("README.md", ".ci/run"):
        commands = re.findall(r"pip install [^\n&]*requirements\.txt", (ROOT / path).read_text(encoding="utf-8"))
        assert commands
        assert all("--require-hashes" in command for command in commands)
