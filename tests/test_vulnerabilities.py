"""The check for known vulnerabilities fails where there are some, and only there."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.vulnerabilities import Report, read_report, verdict

SOUND = {"name": "httpx", "version": "0.28.1", "vulns": []}
WEAK = {
    "name": "aiohttp",
    "version": "3.0.0",
    "vulns": [
        {"id": "PYSEC-2021-76", "fix_versions": ["3.7.4"], "aliases": ["CVE-2021-21330"], "description": "…"},
        {"id": "GHSA-0", "fix_versions": [], "aliases": [], "description": "…"},
    ],
}
UNKNOWN = {"name": "stamina", "skip_reason": "Dependency not found on PyPI and could not be audited: stamina (26.1.0)"}


def told_of(*packages: dict[str, Any]) -> tuple[int, str] | None:
    return verdict("pypi", read_report(json.dumps({"dependencies": packages, "fixes": []})))


def test_what_is_sound_passes() -> None:
    assert told_of(SOUND) == (0, "No known vulnerabilities in 1 packages, by the data of pypi.")


def test_a_known_vulnerability_fails_whatever_else_is_unknown() -> None:
    told = told_of(SOUND, WEAK, UNKNOWN)
    assert told is not None
    status, said = told
    assert (status, said.splitlines()) == (
        1,
        [
            "Known vulnerabilities:",
            "aiohttp 3.0.0: PYSEC-2021-76, mended in 3.7.4",
            "aiohttp 3.0.0: GHSA-0, mended in no version yet",
        ],
    )


def test_what_could_not_be_checked_is_said() -> None:
    told = told_of(SOUND, UNKNOWN)
    assert told is not None
    assert told == (0, f"{(told_of(SOUND) or (0, ''))[1]} It does not tell of stamina.")


@pytest.mark.parametrize("text", ["", "Traceback", "[]", "{}", "null", '{"dependencies": []}'])
def test_a_service_that_cannot_be_reached_tells_nothing(text: str) -> None:
    assert verdict("osv", read_report(text)) is None


def test_a_service_that_knows_no_package_at_all_tells_nothing() -> None:
    """So a mirror answers that has the packages, but not the data."""
    assert told_of(UNKNOWN) is None
    assert read_report("") == Report()
